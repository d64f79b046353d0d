package kafkatest

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
)

// properties are the broker's half of TLS, for the CLIENT listener.
func (t *TLS) properties() (map[string]string, error) {
	pair, err := tls.X509KeyPair(t.Cert, t.Key)
	if err != nil {
		return nil, fmt.Errorf("reading the brokers' certificate: %w", err)
	}
	// Kafka reads PKCS #8 alone, Go writes whatever its caller chose.
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		return nil, fmt.Errorf("encoding the brokers' key: %w", err)
	}
	prefix := "listener.name." + strings.ToLower(listenerClient) + "."
	props := map[string]string{
		prefix + "ssl.keystore.type":              "PEM",
		prefix + "ssl.keystore.key":               string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})),
		prefix + "ssl.keystore.certificate.chain": string(t.Cert),
	}
	if t.ClientCA != nil {
		props[prefix+"ssl.truststore.type"] = "PEM"
		props[prefix+"ssl.truststore.certificates"] = string(t.ClientCA)
		props[prefix+"ssl.client.auth"] = "required"
	}
	return props, nil
}

// serverConfig is the proxy's half of TLS, for the COUNTED listener.
func (t *TLS) serverConfig() (*tls.Config, error) {
	pair, err := tls.X509KeyPair(t.Cert, t.Key)
	if err != nil {
		return nil, fmt.Errorf("reading the brokers' certificate: %w", err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	if t.ClientCA != nil {
		config.ClientCAs = x509.NewCertPool()
		if !config.ClientCAs.AppendCertsFromPEM(t.ClientCA) {
			return nil, fmt.Errorf("%w: the client CA holds no certificate", errOptions)
		}
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return config, nil
}
