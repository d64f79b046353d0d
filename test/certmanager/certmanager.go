package certmanager

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-logr/logr"
	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/topicgate/topicgate/test/manifests"
)

// Start installs cert-manager's CRDs and starts its controllers and CA injector with the rights of config. It returns as
// soon as they are started: certificates follow within a second or so, see manifests.AwaitCertificates. Logs go to the
// logger in ctx (logr.NewContext), else nowhere; controller-runtime's global logger is set to the same, because the
// injector writes there.
//
// The returned function stops all of it, waits until it has ended and says what went wrong meanwhile; the end of ctx stops
// it too.
func Start(ctx context.Context, config *rest.Config) (stop func() error, err error) {
	ctx = logr.NewContext(ctx, logr.FromContextOrDiscard(ctx))
	ctrl.SetLogger(logr.FromContextOrDiscard(ctx))

	crds, err := crds(ctx)
	if err != nil {
		return nil, err
	}
	if err := manifests.Apply(ctx, config, crds); err != nil {
		return nil, fmt.Errorf("installing cert-manager's CRDs: %w", err)
	}

	ctx, cancel := context.WithCancel(ctx)
	group, ctx := errgroup.WithContext(ctx)
	stop = func() error {
		cancel()
		if err := group.Wait(); !errors.Is(err, context.Canceled) {
			return err
		}
		return nil
	}
	if err := startControllers(ctx, group, config); err != nil {
		return nil, errors.Join(fmt.Errorf("starting cert-manager's controllers: %w", err), stop())
	}
	if err := startInjector(ctx, group, config); err != nil {
		return nil, errors.Join(fmt.Errorf("starting cert-manager's CA injector: %w", err), stop())
	}
	return stop, nil
}
