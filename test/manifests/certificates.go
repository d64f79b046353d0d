package manifests

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/topicgate/topicgate/test/wait"
)

// What the shipped manifests call things.
const (
	// WebhookNamespace is where the webhook runs and its certificates lie.
	WebhookNamespace = "topicgate-webhook"
	// SyncerNamespace is where the syncer runs and the Kafka credentials lie.
	SyncerNamespace = "topicgate-syncer"
	// WebhookServerName is the name that the API server asks the webhook's certificate for.
	WebhookServerName = "topicgate-webhook.topicgate-webhook.svc"

	servingCertificate   = "topicgate-webhook-tls"
	webhookConfiguration = "topicgate"
)

var errNotInjected = errors.New("the CA is not injected")

// AwaitCertificates waits until the webhook's certificate is issued and every shipped webhook entry trusts it, then writes
// tls.crt and tls.key into dir, as the mounted Secret has them. The Default manifests must have been applied and
// cert-manager must run.
func AwaitCertificates(ctx context.Context, config *rest.Config, timeout time.Duration, dir string) error {
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("making a client: %w", err)
	}
	var secret *corev1.Secret
	err = wait.Until(ctx, timeout, func(ctx context.Context) error {
		secret, err = client.CoreV1().Secrets(WebhookNamespace).Get(ctx, servingCertificate, metav1.GetOptions{})
		if err != nil {
			return err
		}
		return trusted(ctx, client, secret)
	})
	if err != nil {
		return fmt.Errorf("waiting for the webhook's certificate: %w", err)
	}
	for _, key := range []string{corev1.TLSCertKey, corev1.TLSPrivateKeyKey} {
		if err := os.WriteFile(filepath.Join(dir, key), secret.Data[key], 0o600); err != nil {
			return fmt.Errorf("writing the webhook's certificate: %w", err)
		}
	}
	return nil
}

// trusted tells whether each entry of both configurations would take the certificate for the webhook's.
func trusted(ctx context.Context, client kubernetes.Interface, secret *corev1.Secret) error {
	pair, err := tls.X509KeyPair(secret.Data[corev1.TLSCertKey], secret.Data[corev1.TLSPrivateKeyKey])
	if err != nil {
		return fmt.Errorf("reading Secret %s: %w", secret.Name, err)
	}
	bundles, err := bundles(ctx, client)
	if err != nil {
		return err
	}
	for entry, bundle := range bundles {
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(bundle) {
			return fmt.Errorf("webhook %s: %w", entry, errNotInjected)
		}
		if _, err := pair.Leaf.Verify(x509.VerifyOptions{DNSName: WebhookServerName, Roots: roots}); err != nil {
			return fmt.Errorf("webhook %s: %w", entry, err)
		}
	}
	return nil
}

// bundles are the CAs of all entries of both configurations.
func bundles(ctx context.Context, client kubernetes.Interface) (map[string][]byte, error) {
	registrations := client.AdmissionregistrationV1()
	mutating, err := registrations.MutatingWebhookConfigurations().Get(ctx, webhookConfiguration, metav1.GetOptions{})
	if err != nil {
		return nil, err
	}
	validating, err := registrations.ValidatingWebhookConfigurations().Get(ctx, webhookConfiguration, metav1.GetOptions{})
	if err != nil {
		return nil, err
	}
	found := map[string][]byte{}
	add := func(kind, name string, config admissionregistrationv1.WebhookClientConfig) {
		found[kind+" "+name] = config.CABundle
	}
	for _, webhook := range mutating.Webhooks {
		add("mutating", webhook.Name, webhook.ClientConfig)
	}
	for _, webhook := range validating.Webhooks {
		add("validating", webhook.Name, webhook.ClientConfig)
	}
	return found, nil
}
