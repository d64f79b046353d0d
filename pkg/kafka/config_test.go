package kafka_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/topic"
)

func TestSettingsThatCannotWork(t *testing.T) {
	login := func(mechanism, user, password string) *kafka.SASL {
		return &kafka.SASL{Mechanism: mechanism, Username: user, Password: password}
	}
	for name, c := range map[string]struct {
		config  kafka.Config
		problem string
	}{
		"no address":            {kafka.Config{}, "no bootstrap address"},
		"no port":               {kafka.Config{Bootstrap: []string{"kafka"}}, `"kafka": is not host:port`},
		"no host":               {kafka.Config{Bootstrap: []string{":9092"}}, `":9092": has no host`},
		"a URL":                 {kafka.Config{Bootstrap: []string{"https://kafka:9092"}}, "has a scheme"},
		"a list in one entry":   {kafka.Config{Bootstrap: []string{"a:1,b:2"}}, "holds a comma"},
		"a port too high":       {kafka.Config{Bootstrap: []string{"kafka:65536"}}, "no port between 1 and 65535"},
		"a port by name":        {kafka.Config{Bootstrap: []string{"kafka:http"}}, "no port between 1 and 65535"},
		"a bare IPv6 address":   {kafka.Config{Bootstrap: []string{"::1:9092"}}, "an IPv6 address goes in brackets"},
		"a space":               {kafka.Config{Bootstrap: []string{"kaf ka:9092"}}, "no host name holds"},
		"an unknown mechanism":  {kafka.Config{Bootstrap: []string{"a:1"}, SASL: login("GSSAPI", "u", "p")}, `"GSSAPI" is none of PLAIN`},
		"a login with no user":  {kafka.Config{Bootstrap: []string{"a:1"}, SASL: login("PLAIN", "", "p")}, "without a username"},
		"an empty password":     {kafka.Config{Bootstrap: []string{"a:1"}, SASL: login("PLAIN", "u", "")}, "without a password"},
		"a negative timeout":    {kafka.Config{Bootstrap: []string{"a:1"}, DialTimeout: -time.Second}, "timeout is negative"},
		"everything is listed":  {kafka.Config{Bootstrap: []string{"a", "b"}}, `"b": is not host:port`},
		"the first wrong entry": {kafka.Config{Bootstrap: []string{"a", "b"}}, `"a": is not host:port`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := kafka.New(c.config)
			require.ErrorIs(t, err, kafka.ErrConfig)
			require.ErrorContains(t, err, c.problem)
			assert.Equal(t, topic.SpecInvalid, kafka.Classify(err).Reason)
		})
	}
	require.NoError(t, kafka.Config{Bootstrap: []string{"kafka-0.example:9093", "[::1]:9092", "10.0.0.1:1"}}.Validate())
}

func TestAPasswordIsNeverPrinted(t *testing.T) {
	login := kafka.SASL{Mechanism: "PLAIN", Username: "u", Password: "hunter2"}
	config := kafka.Config{Bootstrap: []string{"bad"}, SASL: &login}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		assert.NotContains(t, fmt.Sprintf(verb, login), "hunter2")
		assert.NotContains(t, fmt.Sprintf(verb, &login), "hunter2")
		assert.NotContains(t, fmt.Sprintf(verb, config), "hunter2")
	}
	text, err := json.Marshal(login)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "hunter2")
	assert.NotContains(t, config.Validate().Error(), "hunter2")
}

func TestTLSMaterialThatCannotWork(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	cert, key := ca.issue(t, "syncer")
	otherCert, _ := other.issue(t, "syncer")
	broken := []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
	brokenKey := []byte("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n")
	for name, c := range map[string]struct {
		ca, cert, key []byte
		problem       string
	}{
		"a CA bundle of something else":       {[]byte("hello"), nil, nil, "the CA bundle holds no PEM certificate"},
		"a CA bundle of a key":                {key, nil, nil, "the CA bundle holds a private key"},
		"the second authority is broken":      {append(append([]byte{}, ca.pem...), broken...), nil, nil, "certificate 2 of the CA bundle"},
		"a certificate without a key":         {nil, cert, nil, "a client certificate without its key"},
		"a key without a certificate":         {nil, nil, key, "a client key without its certificate"},
		"certificate and key changed places":  {nil, key, cert, "the client certificate holds no PEM certificate"},
		"a key that is none":                  {nil, cert, []byte("secret"), "the client key holds no PEM private key"},
		"a key that cannot be read":           {nil, cert, brokenKey, "cannot be used together"},
		"a key that belongs to another":       {nil, otherCert, key, "cannot be used together"},
		"an encrypted key":                    {nil, cert, []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nc2VjcmV0\n-----END ENCRYPTED PRIVATE KEY-----\n"), "the client key is encrypted"},
		"a certificate that cannot be parsed": {nil, broken, key, "cannot be used together"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := kafka.TLSConfig(c.ca, c.cert, c.key)
			require.ErrorIs(t, err, kafka.ErrConfig)
			require.ErrorContains(t, err, c.problem)
			assert.NotContains(t, err.Error(), "c2VjcmV0")
			assert.NotContains(t, err.Error(), "secret")
		})
	}
	config, err := kafka.TLSConfig(append(append([]byte{}, ca.pem...), other.pem...), cert, key)
	require.NoError(t, err)
	assert.Len(t, config.Certificates, 1)
	config, err = kafka.TLSConfig(nil, nil, nil)
	require.NoError(t, err)
	assert.Nil(t, config.RootCAs, "the system's authorities")
}

func TestClassifyNothing(t *testing.T) {
	assert.Zero(t, kafka.Classify(nil))
}
