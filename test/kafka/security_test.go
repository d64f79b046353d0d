package kafkatest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

func TestUsersLogInAndACLsBindThem(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.ForTest(t, kafkatest.Options{
		ScramUsers: []kafkatest.User{{Name: "admin", Password: "admin-secret"}, {Name: "alice", Password: `p"w=\ secret`}},
		PlainUsers: []kafkatest.User{{Name: "bob", Password: `bob"s=\ secret`}},
		ACLs:       true,
		SuperUsers: []string{"User:admin"},
	})
	admin := scram.Auth{User: "admin", Pass: "admin-secret"}
	alice := scram.Auth{User: "alice", Pass: `p"w=\ secret`}
	for name, bootstrap := range map[string][]string{"straight": cluster.Bootstrap(), "counted": cluster.Counted()} {
		for mechanism, login := range map[string]sasl.Mechanism{
			"SCRAM-SHA-256": alice.AsSha256Mechanism(), "SCRAM-SHA-512": alice.AsSha512Mechanism(),
			"PLAIN": plain.Auth{User: "bob", Pass: `bob"s=\ secret`}.AsMechanism(),
		} {
			_, err := client(t, bootstrap, kgo.SASL(login)).ListTopics(t.Context())
			require.NoError(t, err, "%s %s", name, mechanism)
		}
		wrong := scram.Auth{User: "alice", Pass: "guess"}.AsSha256Mechanism()
		_, err := client(t, bootstrap, kgo.SASL(wrong)).ListTopics(t.Context())
		require.Error(t, err, name)
	}

	_, err := client(t, cluster.Counted(), kgo.SASL(admin.AsSha512Mechanism())).CreateTopics(t.Context(), 1, 1, nil, "hers", "hidden")
	require.NoError(t, err)
	acl := kadm.NewACLs().Allow("User:alice").AllowHosts().Topics("hers").Operations(kadm.OpDescribe, kadm.OpDescribeConfigs).ResourcePatternType(kadm.ACLPatternLiteral)
	results, err := client(t, cluster.Internal()).CreateACLs(t.Context(), acl)
	require.NoError(t, err)
	require.NoError(t, results[0].Err)
	waitForTopic(t, cluster.Bootstrap(), "hers", kgo.SASL(alice.AsSha256Mechanism()))
	assert.NotContains(t, kafkatest.Topics(t, cluster.Bootstrap(), kgo.SASL(alice.AsSha256Mechanism())), "hidden")
	assert.Contains(t, kafkatest.Topics(t, cluster.Internal()), "hidden")
	refused, err := client(t, cluster.Bootstrap(), kgo.SASL(alice.AsSha256Mechanism())).CreateTopics(t.Context(), 1, 1, nil, "new")
	require.NoError(t, err)
	require.Error(t, refused["new"].Err)
}

func TestMutualTLS(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	serverCert, serverKey := ca.issue(t, "broker")
	cluster := kafkatest.ForTest(t, kafkatest.Options{
		TLS:        &kafkatest.TLS{Cert: serverCert, Key: serverKey, ClientCA: ca.pem},
		ACLs:       true,
		SuperUsers: []string{"User:CN=syncer"},
	})
	pair, err := tls.X509KeyPair(ca.issue(t, "syncer"))
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(ca.pem))
	for name, bootstrap := range map[string][]string{"straight": cluster.Bootstrap(), "counted": cluster.Counted()} {
		withCert := kgo.DialTLSConfig(&tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12})
		_, err := client(t, bootstrap, withCert).CreateTopic(t.Context(), 1, 1, nil, name)
		require.NoError(t, err, name)
		withoutCert := kgo.DialTLSConfig(&tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12})
		_, err = client(t, bootstrap, withoutCert).ListTopics(t.Context())
		require.Error(t, err, name)
	}
	assert.Equal(t, []string{"CreateTopics 1"}, shortly(cluster.Mutations()))
}

type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := certificate("ca")
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return authority{cert: cert, key: key, pem: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}
}

func (a authority) issue(t *testing.T, name string) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.CreateCertificate(rand.Reader, certificate(name), a.cert, private.Public(), a.key)
	require.NoError(t, err)
	encoded, err := x509.MarshalECPrivateKey(private)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: encoded})
}

func certificate(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
}
