package kafka_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
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

	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/topic"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

func TestWhatAPrincipalMayNotSee(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"4.4.0", "3.9.2"} {
		t.Run(version, func(t *testing.T) { rights(t, version) })
	}
}

// rights tells one story: three principals look at the same topics.
func rights(t *testing.T, version string) {
	var users []kafkatest.User
	for _, name := range []string{"syncer", "tenant", "auditor"} {
		users = append(users, kafkatest.User{Name: name, Password: name + "-secret"})
	}
	cluster := kafkatest.ForTest(t, kafkatest.Options{Version: version, ScramUsers: users, ACLs: true})
	boss := admin(t, cluster)
	grant := func(acl *kadm.ACLBuilder) {
		results, err := boss.CreateACLs(t.Context(), acl)
		require.NoError(t, err)
		for _, result := range results {
			require.NoError(t, result.Err)
		}
	}
	literal := kadm.ACLPatternLiteral
	grant(kadm.NewACLs().Allow("User:syncer").AllowHosts().Topics("*").ResourcePatternType(literal).Operations(
		kadm.OpCreate, kadm.OpDelete, kadm.OpAlter, kadm.OpAlterConfigs, kadm.OpDescribe, kadm.OpDescribeConfigs))
	grant(kadm.NewACLs().Allow("User:syncer").AllowHosts().Clusters().ResourcePatternType(literal).Operations(kadm.OpDescribe, kadm.OpDescribeConfigs))
	grant(kadm.NewACLs().Allow("User:auditor").AllowHosts().Clusters().ResourcePatternType(literal).Operations(kadm.OpDescribeConfigs))
	grant(kadm.NewACLs().Allow("User:tenant", "User:auditor").AllowHosts().Topics("mine-").
		ResourcePatternType(kadm.ACLPatternPrefixed).Operations(kadm.OpDescribe))

	login := func(user string, mechanism string) *kafka.Client {
		return dial(t, kafka.Config{
			Bootstrap: cluster.Bootstrap(),
			SASL:      &kafka.SASL{Mechanism: mechanism, Username: user, Password: user + "-secret"},
		})
	}
	syncer := login("syncer", kafka.MechanismScramSHA256)
	tenant := login("tenant", kafka.MechanismScramSHA512)
	auditor := login("auditor", kafka.MechanismScramSHA256)

	require.Eventually(t, func() bool { // ACLs show as late as topics do
		keys, _, err := syncer.TopicConfigs(context.WithoutCancel(t.Context()))
		return err == nil && len(keys) > 0
	}, soon, pause)
	made := done(t, syncer.Create(t.Context(), []topic.Creation{
		{Name: "mine-a", Partitions: 1, Replicas: 1, Config: map[string]string{"flush.ms": "9"}},
		{Name: "hers", Partitions: 1, Replicas: 1},
	}))
	seen(t, syncer, "hers", func(o topic.Observed) bool { return o.ConfigKnown && o.Leaderless == 0 })

	t.Run("the syncer's minimum of rights sees all", func(t *testing.T) {
		snap := observe(t, syncer)
		assert.True(t, snap.Complete, snap.Incomplete)
		assert.Len(t, snap.Topics, 2)
		got, err := syncer.DescribeCluster(t.Context())
		require.NoError(t, err)
		assert.NotNil(t, got.Brokers[0].AutoCreate)
		assert.Equal(t, topic.Usage{Known: true}, syncer.Usage(t.Context(), []topic.Observed{snap.Topics["hers"]})["hers"])
	})
	t.Run("a tenant's look is incomplete, and says so", func(t *testing.T) {
		snap := observe(t, tenant)
		assert.False(t, snap.Complete)
		assert.Contains(t, snap.Incomplete, "may not describe every topic")
		require.Contains(t, snap.Topics, "mine-a")
		assert.False(t, snap.Topics["mine-a"].ConfigKnown)
		snap = observe(t, tenant, "hers", "mine-a", "mine-none", "no such")
		assert.Equal(t, map[string]string{"hers": "the syncer's principal lacks a right on the topic"}, withoutIllegal(snap.Unknown))
		assert.Contains(t, snap.Absent, "mine-none")
		got, err := tenant.DescribeCluster(t.Context())
		require.NoError(t, err)
		assert.Nil(t, got.Brokers[0].AutoCreate)
		keys, _, err := tenant.TopicConfigs(t.Context())
		require.NoError(t, err)
		assert.Nil(t, keys)
		assert.False(t, tenant.Usage(t.Context(), []topic.Observed{snap.Topics["mine-a"]})["mine-a"].Known)
	})
	t.Run("who may list topics knows the names of those it may not describe", func(t *testing.T) {
		snap := observe(t, auditor)
		assert.False(t, snap.Complete)
		assert.NotEmpty(t, snap.Incomplete)
		assert.Equal(t, version != "3.9.2", snap.Unknown["hers"] != "")
	})
	t.Run("what a tenant may not do", func(t *testing.T) {
		outcomes := tenant.Create(t.Context(), []topic.Creation{{Name: "new", Partitions: 1, Replicas: 1}})
		outcomes = append(outcomes, tenant.Grow(t.Context(), []topic.Growth{{Name: "mine-a", Partitions: 2}})...)
		outcomes = append(outcomes, tenant.Alter(t.Context(), []topic.ConfigChange{{Name: "mine-a", Reset: []string{"flush.ms"}}})...)
		outcomes = append(outcomes, tenant.Delete(t.Context(), []topic.Removal{{Name: "mine-a", ID: made[0].ID}})...)
		require.Len(t, outcomes, 4)
		for _, outcome := range outcomes {
			assert.Equal(t, &topic.Failure{
				Reason: topic.KafkaUnauthorized, Message: "the syncer's principal lacks a right on the topic",
			}, outcome.Failure)
		}
	})
	t.Run("an ACL that denies one topic", func(t *testing.T) {
		grant(kadm.NewACLs().Deny("User:syncer").DenyHosts().Topics("hers").ResourcePatternType(literal).Operations(kadm.OpDescribe))
		require.Eventually(t, func() bool {
			snap, err := syncer.Observe(context.WithoutCancel(t.Context()), nil)
			return err == nil && !snap.Complete && snap.Incomplete != "" && snap.Topics["hers"].Name == ""
		}, soon, pause)
	})
	t.Run("logins that fail", func(t *testing.T) { badLogins(t, cluster) })
}

// withoutIllegal drops what Kafka refuses for its name before it looks at rights, or the other way round.
func withoutIllegal(unknown map[string]string) map[string]string {
	delete(unknown, "no such")
	return unknown
}

func badLogins(t *testing.T, cluster *kafkatest.Cluster) {
	for name, c := range map[string]struct {
		login  *kafka.SASL
		reason topic.Reason
	}{
		"a wrong password":               {&kafka.SASL{Mechanism: kafka.MechanismScramSHA256, Username: "tenant", Password: "guess-it"}, topic.CredentialsInvalid},
		"a user that nobody knows":       {&kafka.SASL{Mechanism: kafka.MechanismScramSHA512, Username: "nobody", Password: "guess-it"}, topic.CredentialsInvalid},
		"a mechanism that is not on":     {&kafka.SASL{Mechanism: kafka.MechanismPlain, Username: "tenant", Password: "guess-it"}, topic.CredentialsInvalid},
		"no login where one is expected": {nil, topic.KafkaUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			client := dial(t, kafka.Config{Bootstrap: cluster.Bootstrap(), SASL: c.login, RequestTimeout: 5 * time.Second})
			_, err := client.Observe(t.Context(), nil)
			require.Error(t, err)
			assert.NotContains(t, err.Error(), "guess-it")
			f := kafka.Classify(err)
			assert.Equal(t, c.reason, f.Reason, "%s: %v", f.Message, err)
			outcome := client.Create(t.Context(), []topic.Creation{{Name: "x", Partitions: 1, Replicas: 1}})[0]
			require.NotNil(t, outcome.Failure)
			assert.Equal(t, c.reason, outcome.Failure.Reason, outcome.Failure.Message)
		})
	}
}

func TestCertificatesLogIn(t *testing.T) {
	t.Parallel()
	ca, other := newAuthority(t), newAuthority(t)
	serverCert, serverKey := ca.issue(t, "broker")
	cluster := kafkatest.ForTest(t, kafkatest.Options{
		TLS:        &kafkatest.TLS{Cert: serverCert, Key: serverKey, ClientCA: ca.pem},
		ACLs:       true,
		SuperUsers: []string{"User:CN=syncer"},
	})
	cert, key := ca.issue(t, "syncer")
	config, err := kafka.TLSConfig(ca.pem, cert, key)
	require.NoError(t, err)
	client := dial(t, kafka.Config{Bootstrap: cluster.Bootstrap(), TLS: config})
	done(t, client.Create(t.Context(), []topic.Creation{{Name: "a", Partitions: 1, Replicas: 1}}))
	snap := observe(t, client)
	assert.True(t, snap.Complete, snap.Incomplete)

	strangerCert, strangerKey := other.issue(t, "syncer")
	for name, c := range map[string]struct {
		ca, cert, key []byte
		reason        topic.Reason
		message       string
	}{
		"no client certificate":           {ca.pem, nil, nil, topic.CredentialsInvalid, "the brokers refused the TLS handshake: they want a client certificate, or another one"},
		"a certificate of somebody else":  {ca.pem, strangerCert, strangerKey, topic.CredentialsInvalid, "the brokers refused the TLS handshake: they want a client certificate, or another one"},
		"an authority that did not sign":  {other.pem, cert, key, topic.CredentialsInvalid, "the brokers' certificate is not signed by the given authorities"},
		"the system's authorities do not": {nil, cert, key, topic.CredentialsInvalid, "the brokers' certificate is not signed by the given authorities"},
	} {
		t.Run(name, func(t *testing.T) {
			config, err := kafka.TLSConfig(c.ca, c.cert, c.key)
			require.NoError(t, err)
			_, err = dial(t, kafka.Config{Bootstrap: cluster.Bootstrap(), TLS: config, RequestTimeout: 5 * time.Second}).Observe(t.Context(), nil)
			require.Error(t, err)
			assert.Equal(t, topic.Failure{Reason: c.reason, Message: c.message}, kafka.Classify(err), "%v", err)
		})
	}
	t.Run("plain text where TLS is spoken", func(t *testing.T) {
		_, err := dial(t, kafka.Config{Bootstrap: cluster.Bootstrap(), RequestTimeout: 3 * time.Second}).Observe(t.Context(), nil)
		require.Error(t, err)
		assert.Equal(t, topic.KafkaUnreachable, kafka.Classify(err).Reason, "%v", err)
	})
	t.Run("TLS where plain text is spoken", func(t *testing.T) {
		_, err := dial(t, kafka.Config{Bootstrap: cluster.Internal(), TLS: config, RequestTimeout: 3 * time.Second}).Observe(t.Context(), nil)
		require.Error(t, err)
		assert.Equal(t, topic.KafkaUnreachable, kafka.Classify(err).Reason, "%v", err)
		t.Log(kafka.Classify(err).Message)
	})
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
	template := template(t, "ca")
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
	der, err := x509.CreateCertificate(rand.Reader, template(t, name), a.cert, private.Public(), a.key)
	require.NoError(t, err)
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})
}

func template(t *testing.T, name string) *x509.Certificate {
	t.Helper()
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	require.NoError(t, err)
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2120, 1, 1, 0, 0, 0, 0, time.UTC),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
}
