package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strconv"
	"time"

	"go.uber.org/zap"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/certwatcher"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"

	"github.com/topicgate/topicgate/pkg/cli"
	"github.com/topicgate/topicgate/pkg/validate/admission"
)

// run serves until ctx ends, and then as long as leaving in good order takes.
func run(ctx context.Context, o options, out io.Writer) error {
	log, err := cli.NewLogger(o.logLevel, out)
	if err != nil {
		return err
	}
	cli.BridgeLibraries(log)
	recorded, err := admission.NewMetrics(metrics.Registry)
	if err != nil {
		return fmt.Errorf("registering metrics: %w", err)
	}
	certificate, err := certwatcher.New(filepath.Join(o.certDir, "tls.crt"), filepath.Join(o.certDir, "tls.key"))
	if err != nil {
		return fmt.Errorf("reading the certificate in --cert-dir: %w", err)
	}
	certificate.RegisterCallback(recorded.Serving)

	manager, err := newManager(o, certificate)
	if err != nil {
		return err
	}
	if err := manager.Add(certificate); err != nil {
		return fmt.Errorf("watching the certificate: %w", err)
	}
	server := admission.NewServer(log, recorded, o.maxInFlight, time.Now)
	if err := setUp(ctx, manager, server, recorded, o); err != nil {
		return err
	}
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	context.AfterFunc(ctx, func() { leave(server, o.shutdownDelay, log, stop) })
	if err := manager.Start(serving); err != nil {
		return fmt.Errorf("serving: %w", err)
	}
	return nil
}

// quiet is how long nobody must have asked before the last connections are closed. Whoever sends a request on one just then
// gets no answer, and HTTP clients do not send it again.
const quiet = time.Second

// leave goes on answering for a while: API servers and endpoints learn late that this replica is going. While somebody still
// asks, as API servers do that are short of CPU, it stays for as long again at most.
func leave(server *admission.Server, delay time.Duration, log *zap.Logger, stop func()) {
	server.Leave()
	log.Info("leaving: not ready any more, answering still", zap.Duration("for", delay))
	<-time.After(delay)
	for last := time.Now().Add(delay); !server.Quiet(quiet) && time.Now().Before(last); {
		<-time.After(quiet / 10)
	}
	stop()
}

// newManager makes what reads the API server and serves; it writes nothing and elects nobody.
func newManager(o options, certificate *certwatcher.CertWatcher) (ctrl.Manager, error) {
	config, err := loadConfig(o.kubeconfig)
	if err != nil {
		return nil, err
	}
	scheme, err := admission.Scheme()
	if err != nil {
		return nil, err
	}
	manager, err := ctrl.NewManager(config, ctrl.Options{
		Scheme:                 scheme,
		Cache:                  admission.CacheOptions(o.lease()),
		Metrics:                metricsserver.Options{BindAddress: o.metrics},
		HealthProbeBindAddress: o.probes,
		WebhookServer: webhook.NewServer(webhook.Options{
			Host: o.host, Port: o.port, TLSOpts: tlsOptions(certificate),
		}),
	})
	if err != nil {
		return nil, fmt.Errorf("setting up: %w", err)
	}
	return manager, nil
}

func loadConfig(kubeconfig string) (*rest.Config, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = kubeconfig
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, nil).ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("finding the API server: %w", err)
	}
	config.UserAgent = "topicgate-webhook"
	config.QPS = -1 // reads past the cache are rare, and a review waits for them
	return config, nil
}

// setUp registers what is served, and what readiness waits for.
func setUp(ctx context.Context, manager ctrl.Manager, server *admission.Server, recorded *admission.Metrics, o options) error {
	if err := admission.Prepare(ctx, manager.GetCache(), o.lease()); err != nil {
		return err
	}
	policies := admission.NewPolicies(recorded, admission.Unmatched(o.unmatched), time.Now)
	if err := policies.Watch(ctx, manager.GetCache()); err != nil {
		return err
	}
	lookup := &admission.Lookup{
		Cache: manager.GetCache(), Direct: manager.GetAPIReader(), Now: time.Now,
		FactsMaxAge: o.factsMaxAge, SyncerLease: o.lease(), Policies: policies,
	}
	served := manager.GetWebhookServer()
	served.Register("/mutate-kafkatopic", server.Handle("default", admission.DefaultTopic(lookup)))
	served.Register("/mutate-kafkatopic-defaults", server.Handle("default", admission.DefaultFromPolicies(lookup)))
	served.Register("/validate-kafkatopic", server.Handle("", admission.ValidateTopic(lookup)))
	served.Register("/validate-kafkatopic-delete", server.Handle("", admission.ValidateTopicDelete(lookup)))
	served.Register("/validate-kafkacluster", server.Handle("", admission.ValidateCluster(lookup)))
	served.Register("/validate-topicpolicy", server.Handle("", admission.ValidatePolicy(lookup)))
	served.Register("/validate-topicpolicyexception", server.Handle("", admission.ValidateException(lookup)))
	return addProbes(manager, server, policies, net.JoinHostPort(o.host, strconv.Itoa(o.port)))
}
