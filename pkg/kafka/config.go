package kafka

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// SASL mechanisms, spelled as in Kafka's protocol.
const (
	MechanismPlain       = "PLAIN"
	MechanismScramSHA256 = "SCRAM-SHA-256"
	MechanismScramSHA512 = "SCRAM-SHA-512"
)

const (
	defaultClientID       = "topicgate"
	defaultDialTimeout    = 10 * time.Second
	defaultRequestTimeout = 15 * time.Second
)

// ErrConfig marks errors about a [Config]: nothing was asked of any broker, and nothing helps but another Config.
var ErrConfig = errors.New("kafka connection settings")

// Config says how to reach a cluster.
type Config struct {
	// Bootstrap are addresses as host:port; any one that answers will do.
	Bootstrap []string
	// TLS encrypts the connections; nil = plain text. [TLSConfig] makes it from PEM.
	TLS *tls.Config
	// SASL logs in; nil = no login beside what a client certificate says.
	SASL *SASL
	// ClientID shows in the brokers' logs and quotas; empty = topicgate.
	ClientID string
	// DialTimeout bounds one connection attempt; zero = 10 s.
	DialTimeout time.Duration
	// RequestTimeout bounds one try of a request, twice: at the broker, and again on the way; zero = 15 s.
	RequestTimeout time.Duration
}

// SASL is a login. It prints without its password.
type SASL struct {
	// Mechanism is one of the Mechanism constants.
	Mechanism string
	Username  string
	Password  string `json:"-"`
}

// String is the login without the password, so that no format verb shows it.
func (s SASL) String() string { return s.Mechanism + " as " + s.Username }

// GoString is String: %#v would show the fields.
func (s SASL) GoString() string { return s.String() }

// Validate says everything that is wrong with c, without connecting; its error is an [ErrConfig].
func (c Config) Validate() error {
	var problems []error
	if len(c.Bootstrap) == 0 {
		problems = append(problems, errors.New("no bootstrap address"))
	}
	for _, address := range c.Bootstrap {
		if problem := addressProblem(address); problem != "" {
			problems = append(problems, fmt.Errorf("bootstrap address %q: %s", address, problem))
		}
	}
	if c.SASL != nil {
		if _, err := c.SASL.mechanism(); err != nil {
			problems = append(problems, err)
		}
	}
	if c.DialTimeout < 0 || c.RequestTimeout < 0 {
		problems = append(problems, errors.New("a timeout is negative"))
	}
	if len(problems) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrConfig, errors.Join(problems...))
}

// addressProblem says what is wrong with a bootstrap address; empty = nothing.
func addressProblem(address string) string {
	if strings.Contains(address, "://") {
		return "has a scheme; write host:port, whether TLS is used is said elsewhere"
	}
	if strings.Contains(address, ",") {
		return "holds a comma; write one address an entry"
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "is not host:port (an IPv6 address goes in brackets)"
	}
	if host == "" {
		return "has no host"
	}
	if strings.ContainsAny(host, " \t\r\n/@") {
		return "has a character that no host name holds"
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return "has no port between 1 and 65535"
	}
	return ""
}

func (s SASL) mechanism() (sasl.Mechanism, error) {
	if s.Username == "" {
		return nil, errors.New("SASL without a username")
	}
	if s.Password == "" {
		return nil, errors.New("SASL without a password")
	}
	switch s.Mechanism {
	case MechanismPlain:
		return plain.Auth{User: s.Username, Pass: s.Password}.AsMechanism(), nil
	case MechanismScramSHA256:
		return scram.Auth{User: s.Username, Pass: s.Password}.AsSha256Mechanism(), nil
	case MechanismScramSHA512:
		return scram.Auth{User: s.Username, Pass: s.Password}.AsSha512Mechanism(), nil
	default:
		return nil, fmt.Errorf("SASL mechanism %q is none of %s, %s, %s",
			s.Mechanism, MechanismPlain, MechanismScramSHA256, MechanismScramSHA512)
	}
}

func (c Config) withDefaults() Config {
	if c.ClientID == "" {
		c.ClientID = defaultClientID
	}
	if c.DialTimeout == 0 {
		c.DialTimeout = defaultDialTimeout
	}
	if c.RequestTimeout == 0 {
		c.RequestTimeout = defaultRequestTimeout
	}
	return c
}
