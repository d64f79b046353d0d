package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

// pair is a certificate and its key.
type pair struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func (p pair) certPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.certificate.Raw})
}

func (p pair) keyPEM(t *testing.T) []byte {
	t.Helper()
	encoded, err := x509.MarshalPKCS8PrivateKey(p.key)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})
}

// issue makes a certificate; a nil issuer makes an authority.
func issue(t *testing.T, name string, issuer *pair) pair {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		IsCA:        issuer == nil, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	parent := pair{template, key}
	if issuer != nil {
		parent = *issuer
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, parent.certificate, &key.PublicKey, parent.key)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(raw)
	require.NoError(t, err)
	return pair{certificate, key}
}

func secretYAML(name string, data map[string][]byte) string {
	text := fmt.Sprintf("---\napiVersion: v1\nkind: Secret\nmetadata: {name: %s, namespace: topicgate-syncer}\ndata:\n", name)
	for key, value := range data {
		text += fmt.Sprintf("  %s: %s\n", key, base64.StdEncoding.EncodeToString(value))
	}
	return text
}

func TestASASLPasswordIsReadFromASecretAndReloadedWhenItChanges(t *testing.T) {
	for _, mechanism := range []string{"SCRAM-SHA-512", "PLAIN"} {
		t.Run(mechanism, func(t *testing.T) {
			users := []kafkatest.User{{Name: "syncer", Password: "right-secret"}}
			options := kafkatest.Options{ScramUsers: users}
			if mechanism == "PLAIN" {
				options = kafkatest.Options{PlainUsers: users}
			}
			w := newWorld(t, options)
			w.namespace("team")
			w.apply(secretYAML("kafka-login", map[string][]byte{"password": []byte("wrong-secret")}))
			w.apply(w.cluster("sync: {resyncInterval: 1s}",
				fmt.Sprintf("sasl: {mechanism: %s, username: syncer, passwordSecretRef: {name: kafka-login}}", mechanism)))
			message := w.clusterCondition("Reachable", "False", "CredentialsInvalid")
			w.apply(topicYAML("orders"))
			w.apply(secretYAML("kafka-login", map[string][]byte{"password": []byte("right-secret")}))
			w.ready("orders")
			log, err := os.ReadFile(w.syncer.Log)
			require.NoError(t, err)
			assert.NotContains(t, string(log)+message, "-secret", "no secret in a log or a status")
		})
	}
}

func TestBrokersAreReachedByMutualTLSWithKeysFromSecrets(t *testing.T) {
	authority := issue(t, "authority", nil)
	broker, syncer := issue(t, "broker", &authority), issue(t, "syncer", &authority)
	w := newWorld(t, kafkatest.Options{TLS: &kafkatest.TLS{
		Cert: broker.certPEM(), Key: broker.keyPEM(t), ClientCA: authority.certPEM(),
	}})
	w.namespace("team")
	w.apply(w.cluster("sync: {resyncInterval: 1s}", "tls:", "  caSecretRef: {name: brokers-ca}",
		"  clientCertificateSecretRef: {name: login, certificateKey: user.crt, privateKeyKey: user.key}"))
	w.clusterCondition("Reachable", "False", "CredentialsInvalid")
	w.apply(secretYAML("brokers-ca", map[string][]byte{"ca.crt": authority.certPEM()}) +
		secretYAML("login", map[string][]byte{"user.crt": syncer.certPEM(), "user.key": syncer.keyPEM(t)}))
	w.apply(topicYAML("orders"))
	w.ready("orders")
}

func TestASyncerThatMayNotSeeEveryTopicAccusesNoneAndWritesNothing(t *testing.T) {
	w := newWorld(t, kafkatest.Options{
		ScramUsers: []kafkatest.User{{Name: "syncer", Password: "login"}}, ACLs: true,
	})
	w.createBehindBack("hidden", 1, nil)
	allow := func(builder *kadm.ACLBuilder) {
		t.Helper()
		builder.Allow("User:syncer").AllowHosts("*")
		_, err := w.admin().CreateACLs(t.Context(), builder)
		require.NoError(t, err)
	}
	allow(kadm.NewACLs().Clusters().ResourcePatternType(kadm.ACLPatternLiteral).Operations(kadm.OpDescribe, kadm.OpDescribeConfigs))
	allow(kadm.NewACLs().Topics("mine").ResourcePatternType(kadm.ACLPatternPrefixed).Operations(kadm.OpAll))
	w.apply(secretYAML("kafka-login", map[string][]byte{"password": []byte("login")}))
	w.apply(w.cluster("sync: {resyncInterval: 1s}", "audit: {interval: 1s, gracePeriod: 0s}",
		"sasl: {mechanism: SCRAM-SHA-512, username: syncer, passwordSecretRef: {name: kafka-login}}"))
	message := w.clusterCondition("AuditComplete", "False", "ScanIncomplete")
	assert.Contains(t, message, "DESCRIBE")
	w.clusterCondition("Ready", "False", "ScanIncomplete")
	assert.Empty(t, w.kafka.Mutations())

	allow(kadm.NewACLs().Topics("*").ResourcePatternType(kadm.ACLPatternLiteral).Operations(kadm.OpDescribe, kadm.OpDescribeConfigs))
	w.clusterCondition("AuditComplete", "True", "ScanComplete")
	w.class("hidden", "Orphan")
	w.clusterCondition("CreationRestricted", "True", "OnlySyncerCreates")

	deny := kadm.NewACLs().Topics("hidden").ResourcePatternType(kadm.ACLPatternLiteral).Operations(kadm.OpDescribe)
	_, err := w.admin().CreateACLs(t.Context(), deny.Deny("User:syncer").DenyHosts("*"))
	require.NoError(t, err)
	w.class("hidden", "Unknown")
	w.clusterCondition("AuditComplete", "False", "ScanIncomplete")
	assert.Zero(t, w.clusterObject().Status.Topics.Orphan, "who may not see everything accuses nobody")
	_, err = w.admin().CreateACLs(t.Context(), kadm.NewACLs().Topics("app-").ResourcePatternType(kadm.ACLPatternPrefixed).
		Operations(kadm.OpAll).Allow("User:app").AllowHosts("*"))
	require.NoError(t, err)
	assert.Contains(t, w.clusterCondition("CreationRestricted", "False", "OthersMayCreate"), "User:app may create topics")
}

func TestAStandbyTakesOverWhenTheLeaderIsKilled(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster())
	w.apply(topicYAML("before"))
	w.ready("before")
	leader := w.syncer
	w.startSyncer()
	leader.Kill()
	w.apply(topicYAML("after"))
	w.ready("after")
	assert.FileExists(t, filepath.Clean(w.syncer.Log))
}
