package manifests_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"path/filepath"
	"testing"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

func testCertificates(t *testing.T, config *rest.Config) {
	dir := t.TempDir()
	require.NoError(t, manifests.AwaitCertificates(t.Context(), config, patience, dir))

	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key"))
	require.NoError(t, err)
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	require.True(t, ok, "the serving key is a %T", pair.PrivateKey)
	assert.Equal(t, elliptic.P256(), key.Curve)
	assert.Equal(t, []string{manifests.WebhookServerName}, pair.Leaf.DNSNames)

	secrets := clientset(t, config).CoreV1().Secrets(manifests.WebhookNamespace)
	authority, err := secrets.Get(t.Context(), "topicgate-webhook-ca", metav1.GetOptions{})
	require.NoError(t, err)
	block, _ := pem.Decode(authority.Data["tls.crt"])
	require.NotNil(t, block)
	certificate, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	assert.True(t, certificate.IsCA)
	assert.IsType(t, &ecdsa.PublicKey{}, certificate.PublicKey)
	assert.Greater(t, certificate.NotAfter, pair.Leaf.NotAfter.AddDate(1, 0, 0), "the authority outlives what it signs")
}

// What cert-manager would ignore, such as a misspelt field, its own Go types refuse.
func TestCertManagerObjectsDecodeStrictly(t *testing.T) {
	objects, err := manifests.Render(manifests.Default)
	require.NoError(t, err)
	certificates := map[string]certmanagerv1.Certificate{}
	issuers := map[string]certmanagerv1.Issuer{}
	for _, object := range objects {
		switch object.GroupVersionKind() {
		case certmanagerv1.SchemeGroupVersion.WithKind("Certificate"):
			certificates[object.GetName()] = strictly[certmanagerv1.Certificate](t, object)
		case certmanagerv1.SchemeGroupVersion.WithKind("Issuer"):
			issuers[object.GetName()] = strictly[certmanagerv1.Issuer](t, object)
		}
	}
	require.Len(t, certificates, 2)
	require.Len(t, issuers, 2)

	authority, serving := certificates["topicgate-webhook-ca"].Spec, certificates["topicgate-webhook-tls"].Spec
	assert.Equal(t, certmanagerv1.RotationPolicyNever, authority.PrivateKey.RotationPolicy, "a renewed authority must verify what the old one signed")
	assert.Equal(t, certmanagerv1.RotationPolicyAlways, serving.PrivateKey.RotationPolicy)
	for _, spec := range []certmanagerv1.CertificateSpec{authority, serving} {
		assert.Equal(t, certmanagerv1.ECDSAKeyAlgorithm, spec.PrivateKey.Algorithm)
		assert.Equal(t, 256, spec.PrivateKey.Size)
		assert.Contains(t, issuers, spec.IssuerRef.Name)
	}
	assert.Greater(t, authority.RenewBefore.Duration, serving.Duration.Duration,
		"the trusted authority must be renewed before any certificate outlives it")
}

func strictly[T any](t *testing.T, object *unstructured.Unstructured) T {
	t.Helper()
	content, err := yaml.Marshal(object.Object)
	require.NoError(t, err)
	var decoded T
	require.NoError(t, yaml.UnmarshalStrict(content, &decoded), "%s %s", object.GetKind(), object.GetName())
	return decoded
}

// A GitOps tool applies the same files for ever: it must neither fight the injector nor write anything.
func testAppliedTwice(t *testing.T, config *rest.Config, objects []*unstructured.Unstructured) {
	c, err := client.New(config, client.Options{})
	require.NoError(t, err)
	// Tried again, because cert-manager may still be writing a status between two looks.
	wait.For(t, patience, func(ctx context.Context) error {
		before, err := resourceVersions(ctx, c, objects)
		if err != nil {
			return err
		}
		if err := manifests.Apply(ctx, config, objects); err != nil {
			return err
		}
		after, err := resourceVersions(ctx, c, objects)
		if err != nil || maps.Equal(before, after) {
			return err
		}
		return fmt.Errorf("it was written: %v, before: %v", after, before)
	})
}

func resourceVersions(ctx context.Context, c client.Client, objects []*unstructured.Unstructured) (map[string]string, error) {
	found := map[string]string{}
	for _, object := range objects {
		current, key := object.DeepCopy(), client.ObjectKeyFromObject(object)
		if err := c.Get(ctx, key, current); err != nil {
			return nil, fmt.Errorf("getting %s %s: %w", object.GetKind(), key, err)
		}
		found[object.GetKind()+" "+key.String()] = current.GetResourceVersion()
	}
	return found, nil
}
