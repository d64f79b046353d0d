package kafka

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
)

// TLSConfig makes the TLS side of a [Config] from PEM. Without caPEM the system's authorities vouch for the brokers;
// certPEM and keyPEM, both or neither, are the client's certificate. Its errors are [ErrConfig] and say which input is
// wrong without quoting any of it.
func TLSConfig(caPEM, certPEM, keyPEM []byte) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if len(caPEM) > 0 {
		pool, err := authorities(caPEM)
		if err != nil {
			return nil, err
		}
		config.RootCAs = pool
	}
	if len(certPEM) == 0 && len(keyPEM) == 0 {
		return config, nil
	}
	pair, err := keyPair(certPEM, keyPEM)
	if err != nil {
		return nil, err
	}
	config.Certificates = []tls.Certificate{pair}
	return config, nil
}

// authorities reads every block of a bundle: the standard library's pool skips what it cannot read, and the user then
// wonders why one of two authorities is not trusted.
func authorities(bundle []byte) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	found := 0
	for rest := bytes.TrimSpace(bundle); len(rest) > 0; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if strings.Contains(block.Type, "PRIVATE KEY") {
			return nil, fmt.Errorf("%w: the CA bundle holds a private key, which does not belong there", ErrConfig)
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("%w: certificate %d of the CA bundle cannot be read", ErrConfig, found+1)
		}
		pool.AddCert(cert)
		found++
	}
	if found == 0 {
		return nil, fmt.Errorf("%w: the CA bundle holds no PEM certificate", ErrConfig)
	}
	return pool, nil
}

// keyPair never passes on an error of the standard library, which may quote what it was given.
func keyPair(certPEM, keyPEM []byte) (tls.Certificate, error) {
	none := tls.Certificate{}
	switch {
	case len(certPEM) == 0:
		return none, fmt.Errorf("%w: a client key without its certificate", ErrConfig)
	case len(keyPEM) == 0:
		return none, fmt.Errorf("%w: a client certificate without its key", ErrConfig)
	}
	if !holdsBlock(certPEM, "CERTIFICATE") {
		return none, fmt.Errorf("%w: the client certificate holds no PEM certificate", ErrConfig)
	}
	if bytes.Contains(keyPEM, []byte("ENCRYPTED")) {
		return none, fmt.Errorf("%w: the client key is encrypted; store it without a passphrase", ErrConfig)
	}
	if !holdsBlock(keyPEM, "PRIVATE KEY") {
		return none, fmt.Errorf("%w: the client key holds no PEM private key", ErrConfig)
	}
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return none, fmt.Errorf("%w: the client certificate and key cannot be used together: one cannot be read, or they are no pair",
			ErrConfig)
	}
	return pair, nil
}

func holdsBlock(data []byte, suffix string) bool {
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return false
		}
		if strings.HasSuffix(block.Type, suffix) {
			return true
		}
	}
}
