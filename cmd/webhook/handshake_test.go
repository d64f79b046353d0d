package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// listening shakes hands with a certificate that is valid between two times and, where told so, with a key of another one.
func listening(t *testing.T, notBefore, notAfter time.Time, foreignKey bool) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: notBefore, NotAfter: notAfter}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	if foreignKey {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		require.NoError(t, err)
	}
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

func TestAReplicaIsReadyOnlyWhileItsPortServesACertificateThatIsValid(t *testing.T) {
	now := time.Now()
	closed, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	nobody := closed.Addr().String()
	require.NoError(t, closed.Close())
	for name, c := range map[string]struct{ address, want string }{
		"a certificate that is valid":          {listening(t, now.Add(-time.Hour), now.Add(time.Hour), false), ""},
		"one that expired a second ago":        {listening(t, now.Add(-time.Hour), now.Add(-2*time.Second), false), "has expired"},
		"one that is not valid yet":            {listening(t, now.Add(time.Hour), now.Add(2*time.Hour), false), "not valid yet"},
		"one whose key belongs to another":     {listening(t, now.Add(-time.Hour), now.Add(time.Hour), true), "asking"},
		"a port on which nobody listens (yet)": {nobody, "connection refused"},
	} {
		t.Run(name, func(t *testing.T) {
			request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", http.NoBody)
			err := served(c.address, func() time.Time { return now })(request)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
		})
	}
}
