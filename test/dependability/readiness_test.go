package dependability

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"github.com/topicgate/topicgate/test/e2e"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

// get fetches a page of a replica's probes or metrics.
func get(ctx context.Context, url string) (code int, text string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	content, err := io.ReadAll(response.Body)
	return response.StatusCode, string(content), err
}

// probed waits until the readiness probe answers with a code and the texts, and looks whether the replica is alive all the while.
func probed(t *testing.T, p *e2e.Program, code int, texts ...string) {
	t.Helper()
	wait.For(t, patience, func(ctx context.Context) error {
		got, text, err := get(ctx, p.Probes+"/readyz?verbose")
		if err != nil {
			return err
		}
		for _, want := range texts {
			if got != code || !contains(text, want) {
				return fmt.Errorf("%w: /readyz is %d: %s", errNotYet, got, text)
			}
		}
		return nil
	})
	alive, text, err := get(t.Context(), p.Probes+"/healthz")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, alive, text)
}

// testEmptyCaches runs the webhook as somebody who may read nothing, so that its caches stay empty.
func testEmptyCaches(t *testing.T, s *stage) {
	nobody, err := s.Plane.ServiceAccount("default", "nobody")
	require.NoError(t, err)
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, kube.WriteKubeconfig(nobody, kubeconfig))
	dir := t.TempDir()
	require.NoError(t, manifests.Mount(dir, s.secret(t).Data))
	port := strconv.Itoa(10000 + os.Getpid()%2000) // it listens on it for a second, if at all
	p := s.Launch(t, "webhook", "--host=127.0.0.1", "--port="+port, "--cert-dir="+dir, "--kubeconfig="+kubeconfig)
	probed(t, p, http.StatusInternalServerError, "[-]caches failed", "[+]leaving ok")
	p.Kill()
}

// testBadCertificates gives one replica, of which the API server knows nothing, certificates that it must not be ready with.
func testBadCertificates(t *testing.T, s *stage) {
	dir := t.TempDir()
	good := s.secret(t).Data
	require.NoError(t, manifests.Mount(dir, good))
	p, _ := s.StartReplica(t, dir)
	probed(t, p, http.StatusOK, "[+]serving ok")

	now := time.Now()
	expired, future := selfSigned(t, now.Add(-2*time.Hour), now.Add(-time.Hour)), selfSigned(t, now.Add(time.Hour), now.Add(2*time.Hour))
	for _, bad := range []map[string][]byte{expired, future} {
		require.NoError(t, manifests.Mount(dir, bad))
		probed(t, p, http.StatusInternalServerError, "[-]serving failed")
		require.NoError(t, manifests.Mount(dir, good))
		probed(t, p, http.StatusOK, "[+]serving ok")
	}
	// Files that cannot be used change nothing: what was read before is served, and the failure is counted.
	for _, bad := range []map[string][]byte{
		{corev1.TLSCertKey: []byte("x"), corev1.TLSPrivateKeyKey: []byte("x")},
		{corev1.TLSCertKey: expired[corev1.TLSCertKey], corev1.TLSPrivateKeyKey: future[corev1.TLSPrivateKeyKey]},
	} {
		errors := counted(t, p, "certwatcher_read_certificate_errors_total")
		require.NoError(t, manifests.Mount(dir, bad))
		require.Eventually(t, func() bool { return counted(t, p, "certwatcher_read_certificate_errors_total") > errors }, patience, 50*time.Millisecond)
		probed(t, p, http.StatusOK, "[+]serving ok")
	}
	p.Kill()
}

// selfSigned is a certificate that is valid between two times only, as no issuer would issue one.
func selfSigned(t *testing.T, from, to time.Time) map[string][]byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: from, NotAfter: to, DNSNames: []string{manifests.WebhookServerName}}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return map[string][]byte{
		corev1.TLSCertKey:       pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}),
		corev1.TLSPrivateKeyKey: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}),
	}
}
