package kafka

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"syscall"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/topicgate/topicgate/pkg/topic"
)

// errAnswer is a defect of ours or of the client library.
var errAnswer = errors.New("an answer of another kind")

// Classify says in the words of pkg/topic what an error of this package means. Its message is fit for a status: it
// never holds addresses, names of hosts or secrets. A nil error has no class; it gives the zero Failure.
func Classify(err error) topic.Failure {
	if err == nil {
		return topic.Failure{}
	}
	if errors.Is(err, ErrConfig) {
		return failure(topic.SpecInvalid, err.Error())
	}
	if errors.Is(err, ErrNotRedpanda) {
		return failure(topic.KafkaRefused, ErrNotRedpanda.Error())
	}
	if ke, ok := errors.AsType[*kerr.Error](err); ok {
		return *classifyCode(ke.Code, "")
	}
	if message := loginProblem(err); message != "" {
		return failure(topic.CredentialsInvalid, message)
	}
	return classifyTransport(err)
}

func failure(reason topic.Reason, message string) topic.Failure {
	return topic.Failure{Reason: reason, Message: message}
}

// loginProblem says what is wrong with certificates; empty when it is not about them.
func loginProblem(err error) string {
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "the brokers' certificate is not signed by the given authorities"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "the brokers' certificate is for another host name than the address"
	}
	if _, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		return "the brokers' certificate is expired, not yet valid or not for servers"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "the brokers' certificate cannot be verified"
	}
	if _, ok := errors.AsType[tls.AlertError](err); ok || strings.Contains(err.Error(), "remote error: tls:") {
		return "the brokers refused the TLS handshake: they want a client certificate, or another one"
	}
	return ""
}

func classifyTransport(err error) topic.Failure {
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return failure(topic.KafkaUnreachable, "the brokers do not speak TLS at this address")
	}
	if _, ok := errors.AsType[*kgo.ErrFirstReadEOF](err); ok {
		return failure(topic.KafkaUnreachable, "the brokers hung up at once: they are restarting, or want TLS or another login at this address")
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return failure(topic.KafkaUnreachable, "the name of a broker cannot be looked up")
	}
	if unsupported(err) {
		return failure(topic.KafkaRefused, "the brokers are too old for this request")
	}
	switch {
	case errors.Is(err, kgo.ErrClientClosed), errors.Is(err, context.Canceled):
		return failure(topic.Pending, "stopped before Kafka answered")
	case errors.Is(err, syscall.ECONNREFUSED):
		return failure(topic.KafkaUnreachable, "the brokers refuse connections")
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return failure(topic.KafkaUnreachable, "no broker answered in time")
	default:
		return failure(topic.KafkaUnreachable, "no broker answered")
	}
}

func isTimeout(err error) bool {
	ne, ok := errors.AsType[net.Error](err)
	return ok && ne.Timeout()
}

// unsupported says that the brokers do not know a request. The client library has no exported error for its own
// finding, so that one is known by its text; a test holds it.
func unsupported(err error) bool {
	return errors.Is(err, kerr.UnsupportedVersion) || strings.Contains(err.Error(), "broker is too old")
}
