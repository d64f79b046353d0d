package dependability

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

// rotationPeriod is the time from one rotation to the next.
const rotationPeriod = 10 * time.Second

func testRotation(t *testing.T, s *stage) {
	l := s.load(t, "rotation")
	tick := time.NewTicker(rotationPeriod)
	defer tick.Stop()
	for range 2 * rounds(t) {
		before := s.authorityAndLeaf(t)
		s.renew(t, "topicgate-webhook-tls")
		after := s.reissued(t, servingSecret().Name, before.leaf)
		require.NotEqual(t, before.leafKey, after.leafKey, "the key is another each time")
		s.allServe(t)
		<-tick.C
	}
	l.nothingFailed(t)
}

func testAuthorityRenewed(t *testing.T, s *stage) {
	l := s.load(t, "authority")
	for range rounds(t) {
		before := s.authorityAndLeaf(t)
		s.documented(t, t.TempDir(), "renew")
		s.reissued(t, "topicgate-webhook-ca", before.authority)
		s.reissued(t, servingSecret().Name, before.leaf)
		// The leaf may have been signed a moment before the authority was renewed; API servers are to trust the new one too.
		after := s.authorityAndLeaf(t)
		s.renew(t, servingSecret().Name)
		s.reissued(t, servingSecret().Name, after.leaf)
		s.trusts(t, after.authority)
		s.allServe(t)
		require.Equal(t, before.authorityKey, after.authorityKey, "the authority keeps its key")
		require.NotEqual(t, before.authority, after.authority)
		l.more(t, 200)
	}
	l.nothingFailed(t)
}

func testAuthorityKeyChanged(t *testing.T, s *stage) {
	l := s.load(t, "key")
	for range rounds(t) {
		before := s.authorityAndLeaf(t)
		dir := t.TempDir()
		s.documented(t, dir, "trust-both")
		s.trusts(t, before.authority)
		l.more(t, 100)
		s.documented(t, dir, "serve-new")
		s.allServe(t)
		l.more(t, 100)
		s.documented(t, dir, "trust-new")
		after := s.authorityAndLeaf(t)
		require.NotEqual(t, before.authorityKey, after.authorityKey)
		s.trusts(t, after.authority)
		for entry, bundle := range s.bundles(t) {
			assert.Equal(t, strings.TrimSpace(after.authority), strings.TrimSpace(bundle), "%s trusts the new key alone", entry)
		}
		l.more(t, 200)
	}
	l.nothingFailed(t)
}

// issued is what cert-manager has issued: certificates as PEM, and their keys.
type issued struct{ authority, authorityKey, leaf, leafKey string }

func (s *stage) authorityAndLeaf(t *testing.T) issued {
	t.Helper()
	authority, leaf := s.pair(t, "topicgate-webhook-ca"), s.pair(t, servingSecret().Name)
	return issued{
		authority: string(authority[corev1.TLSCertKey]), authorityKey: string(authority[corev1.TLSPrivateKeyKey]),
		leaf: string(leaf[corev1.TLSCertKey]), leafKey: string(leaf[corev1.TLSPrivateKeyKey]),
	}
}

func (s *stage) pair(t *testing.T, name string) map[string][]byte {
	t.Helper()
	secret := &corev1.Secret{}
	require.NoError(t, s.Client.Get(t.Context(), client.ObjectKey{Namespace: manifests.WebhookNamespace, Name: name}, secret))
	return secret.Data
}

// renew has cert-manager issue a certificate anew, as `cmctl renew` does.
func (s *stage) renew(t *testing.T, name string) {
	t.Helper()
	stdout, stderr, code := s.Kubectl(t, "-n", manifests.WebhookNamespace, "patch", "certificate", name, "--subresource=status", "--type=json",
		`--patch=[{"op":"add","path":"/status/conditions/-","value":{"type":"Issuing","status":"True","reason":"ManuallyTriggered"}}]`)
	require.Zero(t, code, stdout+stderr)
}

// reissued waits until the certificate in a Secret is not the given one any more.
func (s *stage) reissued(t *testing.T, name, before string) issued {
	t.Helper()
	wait.For(t, patience, func(context.Context) error {
		if string(s.pair(t, name)[corev1.TLSCertKey]) == before {
			return fmt.Errorf("reissuing %s: %w", name, errNotYet)
		}
		return nil
	})
	return s.authorityAndLeaf(t)
}

// trusts waits until every entry of both configurations holds the authority.
func (s *stage) trusts(t *testing.T, authority string) {
	t.Helper()
	wait.For(t, patience, func(context.Context) error {
		for entry, bundle := range s.bundles(t) {
			if !strings.Contains(bundle, authority) {
				return fmt.Errorf("%s does not trust the authority: %w", entry, errNotYet)
			}
		}
		return nil
	})
}

// bundles are what the API server trusts, by entry of the webhook configurations.
func (s *stage) bundles(t *testing.T) map[string]string {
	t.Helper()
	clients, err := kubernetes.NewForConfig(s.Plane.Config())
	require.NoError(t, err)
	registrations := clients.AdmissionregistrationV1()
	validating, err := registrations.ValidatingWebhookConfigurations().Get(t.Context(), "topicgate", metav1.GetOptions{})
	require.NoError(t, err)
	mutating, err := registrations.MutatingWebhookConfigurations().Get(t.Context(), "topicgate", metav1.GetOptions{})
	require.NoError(t, err)
	found := map[string]string{}
	for _, webhook := range validating.Webhooks {
		found["validating "+webhook.Name] = string(webhook.ClientConfig.CABundle)
	}
	for _, webhook := range mutating.Webhooks {
		found["mutating "+webhook.Name] = string(webhook.ClientConfig.CABundle)
	}
	return found
}
