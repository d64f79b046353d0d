package kafka

import (
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/topicgate/topicgate/pkg/topic"
)

const (
	lookingAgain = "; looking again"
	// mayHaveHappened ends every message about a change whose fate Kafka left open.
	mayHaveHappened = "the change may have happened" + lookingAgain
)

// maxMessage bounds what is taken over from Kafka: statuses and events have limits of their own.
const maxMessage = 512

// classifyCode turns one of Kafka's error codes into our words, with Kafka's own text where that is known to hold
// nothing but what the caller sent. Nil for success.
func classifyCode(code int16, text string) *topic.Failure {
	f := topic.Failure{}
	switch code {
	case 0:
		return nil
	case kerr.TopicAuthorizationFailed.Code, kerr.ClusterAuthorizationFailed.Code, kerr.GroupAuthorizationFailed.Code:
		f = failure(topic.KafkaUnauthorized, unauthorized(code))
	case kerr.SaslAuthenticationFailed.Code:
		f = failure(topic.CredentialsInvalid, "the brokers refused the login: unknown user or wrong password")
	case kerr.UnsupportedSaslMechanism.Code, kerr.IllegalSaslState.Code:
		f = failure(topic.CredentialsInvalid, "the brokers do not offer this SASL mechanism")
	case kerr.ThrottlingQuotaExceeded.Code:
		f = failure(topic.Throttled, "Kafka's quota for changes is used up")
	case kerr.ReassignmentInProgress.Code:
		f = failure(topic.ReassignmentInProgress, "replicas of the topic are being moved")
	case kerr.TopicDeletionDisabled.Code:
		f = failure(topic.KafkaRefused, "the brokers do not delete topics: delete.topic.enable is false")
	case kerr.UnknownServerError.Code, kerr.RequestTimedOut.Code, kerr.NetworkException.Code:
		f = failure(topic.Pending, "Kafka did not say what became of it: "+mayHaveHappened)
	default:
		f = classifyOther(code, text)
	}
	return &f
}

// classifyOther tells what passes by itself from what somebody has to mend.
func classifyOther(code int16, text string) topic.Failure {
	known := kerr.TypedErrorForCode(code)
	if known.Retriable {
		return failure(topic.Pending, "Kafka is not ready for it ("+known.Message+")"+lookingAgain)
	}
	if text == "" {
		text = known.Description
	}
	return failure(topic.KafkaRefused, known.Message+": "+oneLine(text))
}

func unauthorized(code int16) string {
	switch code {
	case kerr.ClusterAuthorizationFailed.Code:
		return "the syncer's principal lacks a right on the cluster"
	case kerr.GroupAuthorizationFailed.Code:
		return "the syncer's principal lacks a right on a consumer group"
	default:
		return "the syncer's principal lacks a right on the topic"
	}
}

// oneLine makes Kafka's text fit for a status.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxMessage {
		text = strings.ToValidUTF8(text[:maxMessage], "") + " …"
	}
	return text
}

func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
