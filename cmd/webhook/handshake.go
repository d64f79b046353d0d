package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/healthz"
)

// handshakePatience is what the served port gets for its own handshake: less than the shipped probe waits, so that the
// probe's answer says what was wrong.
const handshakePatience = 2 * time.Second

var (
	errExpired     = errors.New("the certificate that is served has expired")
	errNotYetValid = errors.New("the certificate that is served is not valid yet")
)

// served checks the port as an API server sees it: it must complete a handshake, which proves that the key belongs to the
// certificate, and the certificate must be valid now. What lies in the files is not looked at: while those cannot be read,
// the pair that was read before is served on, and refusing every KafkaTopic for a certificate that still works would be
// the larger outage.
func served(address string, now func() time.Time) healthz.Checker {
	return func(request *http.Request) error {
		certificate, err := present(request.Context(), address)
		if err != nil {
			return fmt.Errorf("asking %s for its certificate: %w", address, err)
		}
		switch at := now(); {
		case at.After(certificate.NotAfter):
			return fmt.Errorf("%w: at %s", errExpired, certificate.NotAfter.Format(time.RFC3339))
		case at.Before(certificate.NotBefore):
			return fmt.Errorf("%w: only from %s on", errNotYetValid, certificate.NotBefore.Format(time.RFC3339))
		default:
			return nil
		}
	}
}

// present shakes hands and returns the certificate that was shown. Whose name it holds and who signed it is between
// cert-manager and the API server; this program knows neither.
func present(ctx context.Context, address string) (*x509.Certificate, error) {
	ctx, cancel := context.WithTimeout(ctx, handshakePatience)
	defer cancel()
	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	defer connection.Close() //nolint:errcheck // nothing was written
	client := tls.Client(connection, &tls.Config{
		InsecureSkipVerify: true, //nolint:gosec // its own port; the times are looked at by the caller
		MinVersion:         tls.VersionTLS12,
	})
	if err := client.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return client.ConnectionState().PeerCertificates[0], nil
}
