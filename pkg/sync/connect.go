package sync

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/topic"
)

// connection tells one set of addresses and credentials from another, without keeping them.
type connection [sha256.Size]byte

// material is everything a connection is made from.
type material struct {
	Bootstrap     []string
	TLS           bool
	CA, Cert, Key []byte
	Mechanism     string
	Username      string
	Password      []byte
}

// connect gives a client for the cluster's brokers, a new one whenever addresses or credentials differ from before, so
// that a rotated Secret needs no restart.
func (l *Loop) connect(ctx context.Context, cluster *v1alpha1.KafkaCluster) *topic.Failure {
	found, err := l.material(ctx, cluster)
	if err != nil {
		return &topic.Failure{Reason: topic.CredentialsInvalid, Message: err.Error()}
	}
	fingerprint := found.fingerprint()
	if l.kafka != nil && fingerprint == l.connection {
		return nil
	}
	config, failure := found.config()
	if failure != nil {
		return failure
	}
	made, err := kafka.New(config)
	if err != nil {
		return &topic.Failure{Reason: topic.SpecInvalid, Message: err.Error()}
	}
	l.disconnect()
	l.kafka, l.connection = made, fingerprint
	l.cluster, l.keysOf = topic.Cluster{}, "" // perhaps other brokers: ask them again who they are
	return nil
}

func (m material) fingerprint() connection {
	sum := sha256.New()
	// Quoting keeps neighbouring fields apart. A hash never fails to write.
	_, _ = fmt.Fprintf(sum, "%q %t %q %q %q %q %q %q", m.Bootstrap, m.TLS, m.CA, m.Cert, m.Key, m.Mechanism, m.Username, m.Password)
	return connection(sum.Sum(nil))
}

func (l *Loop) disconnect() {
	if l.kafka != nil {
		l.kafka.Close()
		l.kafka = nil
	}
}

func (m material) config() (kafka.Config, *topic.Failure) {
	config := kafka.Config{Bootstrap: m.Bootstrap, ClientID: "topicgate-syncer"}
	if m.TLS {
		made, err := kafka.TLSConfig(m.CA, m.Cert, m.Key)
		if err != nil {
			return config, &topic.Failure{Reason: topic.CredentialsInvalid, Message: err.Error()}
		}
		made.MinVersion = tls.VersionTLS12
		config.TLS = made
	}
	if m.Mechanism != "" {
		config.SASL = &kafka.SASL{Mechanism: m.Mechanism, Username: m.Username, Password: string(m.Password)}
	}
	return config, nil
}

func (l *Loop) material(ctx context.Context, cluster *v1alpha1.KafkaCluster) (material, error) {
	found := material{Bootstrap: cluster.Spec.BootstrapServers}
	if err := l.tlsMaterial(ctx, cluster.Spec.TLS, &found); err != nil {
		return found, err
	}
	if sasl := cluster.Spec.SASL; sasl != nil {
		password, err := l.secretKey(ctx, sasl.PasswordSecretRef.Name, or(sasl.PasswordSecretRef.Key, "password"))
		if err != nil {
			return found, err
		}
		found.Mechanism, found.Username, found.Password = string(sasl.Mechanism), sasl.Username, password
	}
	return found, nil
}

func (l *Loop) tlsMaterial(ctx context.Context, spec *v1alpha1.TLS, found *material) (err error) {
	if spec == nil {
		return nil
	}
	found.TLS, found.CA = true, []byte(spec.CABundle)
	if ref := spec.CASecretRef; ref != nil {
		if found.CA, err = l.secretKey(ctx, ref.Name, or(ref.Key, "ca.crt")); err != nil {
			return err
		}
	}
	if ref := spec.CAConfigMapRef; ref != nil {
		if found.CA, err = l.configMapKey(ctx, ref.Name, or(ref.Key, "ca.crt")); err != nil {
			return err
		}
	}
	ref := spec.ClientCertificateSecretRef
	if ref == nil {
		return nil
	}
	if found.Cert, err = l.secretKey(ctx, ref.Name, or(ref.CertificateKey, "tls.crt")); err != nil {
		return err
	}
	found.Key, err = l.secretKey(ctx, ref.Name, or(ref.PrivateKeyKey, "tls.key"))
	return err
}

func (l *Loop) secretKey(ctx context.Context, name, key string) ([]byte, error) {
	var secret corev1.Secret
	if err := l.Direct.Get(ctx, client.ObjectKey{Namespace: l.SecretsNamespace, Name: name}, &secret); err != nil {
		return nil, fmt.Errorf("reading Secret %s/%s: %w", l.SecretsNamespace, name, err)
	}
	value, ok := secret.Data[key]
	if !ok || len(value) == 0 {
		return nil, fmt.Errorf("reading Secret %s/%s: it has no key %q", l.SecretsNamespace, name, key)
	}
	return value, nil
}

func (l *Loop) configMapKey(ctx context.Context, name, key string) ([]byte, error) {
	var found corev1.ConfigMap
	if err := l.Direct.Get(ctx, client.ObjectKey{Namespace: l.SecretsNamespace, Name: name}, &found); err != nil {
		return nil, fmt.Errorf("reading ConfigMap %s/%s: %w", l.SecretsNamespace, name, err)
	}
	value, ok := found.Data[key]
	if !ok || value == "" {
		return nil, fmt.Errorf("reading ConfigMap %s/%s: it has no key %q", l.SecretsNamespace, name, key)
	}
	return []byte(value), nil
}

func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
