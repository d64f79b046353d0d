package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"go.uber.org/zap"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/cli"
	topicsync "github.com/topicgate/topicgate/pkg/sync"
)

// run serves until ctx ends.
func run(ctx context.Context, o options) error {
	log, err := cli.NewLogger(o.logLevel, os.Stderr)
	if err != nil {
		return err
	}
	cli.BridgeLibraries(log)
	defer func() { _ = log.Sync() }() // standard error cannot be synced everywhere; nothing is lost by that
	config, err := restConfig(o.kubeconfig)
	if err != nil {
		return err
	}
	mgr, err := newManager(config, o)
	if err != nil {
		return err
	}
	if err := topicsync.Register(ctx, mgr, deps(mgr, log, o)); err != nil {
		return err
	}
	log.Info("starting", zap.String("secretsNamespace", o.secretsNamespace), zap.Bool("leaderElect", o.leaderElect))
	if err := mgr.Start(ctx); err != nil {
		return fmt.Errorf("running: %w", err)
	}
	return nil
}

func restConfig(kubeconfig string) (*rest.Config, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = kubeconfig
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, nil).ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("--kubeconfig: reading how to reach the API server: %w", err)
	}
	config.QPS = -1 // the API server's own fairness limits us; the client's default of 5 a second would take hours
	config.UserAgent = "topicgate-syncer"
	return config, nil
}

func newManager(config *rest.Config, o options) (manager.Manager, error) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{v1alpha1.AddToScheme, corev1.AddToScheme, apiextensionsv1.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, fmt.Errorf("registering kinds: %w", err)
		}
	}
	grace := 30 * time.Second
	mgr, err := ctrl.NewManager(config, manager.Options{
		Scheme:                        scheme,
		Cache:                         cache.Options{DefaultTransform: cache.TransformStripManagedFields()},
		Metrics:                       metricsserver.Options{BindAddress: o.metricsAddress},
		HealthProbeBindAddress:        o.probeAddress,
		LeaderElection:                o.leaderElect,
		LeaderElectionID:              "topicgate-syncer",
		LeaderElectionNamespace:       o.leaseNamespace,
		LeaderElectionReleaseOnCancel: true, // run returns, and the process ends, right after
		GracefulShutdownTimeout:       &grace,
	})
	if err != nil {
		return nil, fmt.Errorf("preparing: %w", err)
	}
	if err := mgr.AddHealthzCheck("alive", healthz.Ping); err != nil {
		return nil, fmt.Errorf("adding the health check: %w", err)
	}
	if err := mgr.AddReadyzCheck("caches", cachesSynced(mgr)); err != nil {
		return nil, fmt.Errorf("adding the readiness check: %w", err)
	}
	return mgr, nil
}

func deps(mgr manager.Manager, log *zap.Logger, o options) topicsync.Deps {
	return topicsync.Deps{
		Client:           mgr.GetClient(),
		Direct:           mgr.GetAPIReader(),
		Events:           mgr.GetEventRecorder("topicgate-syncer"),
		Log:              log,
		Now:              time.Now,
		SecretsNamespace: o.secretsNamespace,
		Linger:           o.linger,
		ProbeInterval:    o.probeInterval,
		Metrics:          topicsync.NewMetrics(metrics.Registry, time.Now),
	}
}
