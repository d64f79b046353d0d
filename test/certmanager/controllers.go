package certmanager

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/cert-manager/cert-manager/pkg/controller"
	// Importing a controller makes controller.Known list it; importing an issuer makes the issuers' controller know it.
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/approver"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/ca"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/selfsigned"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/issuing"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/keymanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/readiness"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/requestmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/revisionmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/trigger"
	_ "github.com/cert-manager/cert-manager/pkg/controller/issuers"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/ca"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/selfsigned"
	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/rest"

	"github.com/topicgate/topicgate/test/kube"
)

// workers of each controller; cert-manager's own default is 5, for many certificates.
const workers = 1

// startControllers starts every controller that the imports above registered, in group.
func startControllers(ctx context.Context, group *errgroup.Group, config *rest.Config) error {
	factory, err := newFactory(ctx, config)
	if err != nil {
		return err
	}
	for name, construct := range controller.Known() {
		c, err := construct(factory)
		if err != nil {
			return fmt.Errorf("constructing %s: %w", name, err)
		}
		group.Go(func() error {
			// One that is told to stop while it still waits for its caches calls that an error.
			if err := c.Run(workers, ctx); err != nil && ctx.Err() == nil {
				return fmt.Errorf("running %s: %w", name, err)
			}
			return nil
		})
	}
	// All contexts of a factory share its informers, and each controller waits for those that it reads.
	shared, err := factory.Build()
	if err != nil {
		return err
	}
	shared.SharedInformerFactory.Start(ctx.Done())
	shared.KubeSharedInformerFactory.Start(ctx.Done())
	return nil
}

// newFactory passes config on through a file, because a ContextFactory takes nothing else.
func newFactory(ctx context.Context, config *rest.Config) (*controller.ContextFactory, error) {
	dir, err := os.MkdirTemp("", "topicgate-cert-manager-")
	if err != nil {
		return nil, fmt.Errorf("making a directory for a kubeconfig: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // it holds the credentials of a test
	kubeconfig := filepath.Join(dir, "kubeconfig")
	if err := kube.WriteKubeconfig(config, kubeconfig); err != nil {
		return nil, err
	}
	return controller.NewContextFactory(ctx, controller.ContextOptions{
		Kubeconfig:    kubeconfig,
		IssuerOptions: controller.IssuerOptions{ClusterResourceNamespace: "cert-manager"},
		CertificateOptions: controller.CertificateOptions{
			// The defaults of an hour and 32 are meant to spare public authorities.
			CertificateRequestMinimumBackoffDuration: time.Second,
			CertificateRequestMaximumBackoffDuration: time.Minute,
		},
	})
}
