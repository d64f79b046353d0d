package certmanager

import (
	"context"
	"path/filepath"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/topicgate/topicgate/test/manifests"
)

// crds are cert-manager's CRDs. ACME's (group acme.cert-manager.io) are left out: no controller here reads them.
func crds(ctx context.Context) ([]*unstructured.Unstructured, error) {
	return manifests.FromModule(ctx, "github.com/cert-manager/cert-manager", filepath.Join("deploy", "crds", "cert-manager.io_*.yaml"))
}
