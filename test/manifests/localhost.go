package manifests

import (
	"errors"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

var errNoClientConfig = errors.New("it has no clientConfig.service")

// ServeFromLocalhost changes rendered objects so that the API server finds the webhook on this machine at the given port:
// the Service becomes an ExternalName to localhost, and the webhook configurations name that port (an ExternalName maps
// none). All else stays as shipped: the API server still speaks to a Service, under the name that the certificate holds.
func ServeFromLocalhost(objects []*unstructured.Unstructured, port int) error {
	for _, object := range objects {
		var err error
		switch object.GetKind() {
		case "Service":
			err = unstructured.SetNestedMap(object.Object,
				map[string]any{"type": "ExternalName", "externalName": "localhost"}, "spec")
		case "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration":
			err = setWebhookPorts(object, port)
		}
		if err != nil {
			return fmt.Errorf("pointing %s %s at localhost: %w", object.GetKind(), object.GetName(), err)
		}
	}
	return nil
}

func setWebhookPorts(configuration *unstructured.Unstructured, port int) error {
	webhooks, _, err := unstructured.NestedSlice(configuration.Object, "webhooks")
	if err != nil {
		return err
	}
	for _, webhook := range webhooks {
		entry, ok := webhook.(map[string]any)
		if !ok {
			return errNoClientConfig
		}
		if _, found, err := unstructured.NestedMap(entry, "clientConfig", "service"); err != nil || !found {
			return errors.Join(errNoClientConfig, err)
		}
		if err := unstructured.SetNestedField(entry, int64(port), "clientConfig", "service", "port"); err != nil {
			return err
		}
	}
	return unstructured.SetNestedSlice(configuration.Object, webhooks, "webhooks")
}
