package parts

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/topicgate/topicgate/test/demo/terminal"
	"github.com/topicgate/topicgate/test/kube"
)

// What the demo calls things.
const (
	// Cluster is the name of its KafkaCluster.
	Cluster = "demo"
	// Namespace is where its topics are declared.
	Namespace = "demo-team"
)

// Options say what is started.
type Options struct {
	// Root is the repository: manifests and programs are taken from it. Absolute.
	Root string
	// Dir holds everything that is written. Absolute, and empty but for the logs directory.
	Dir string
	// Programs is the directory of webhook and syncer. Absolute.
	Programs string
	// Kafka is which Kafka to run.
	Kafka Kafka
	// KafkaVersion is the release of a real Kafka; empty takes the harness's default.
	KafkaVersion string
}

// Parts is a running demo.
type Parts struct {
	options  Options
	terminal *terminal.Terminal
	// Bootstrap is the brokers' addresses, separated by commas.
	Bootstrap string
	// WebhookMetrics and SyncerMetrics are URLs.
	WebhookMetrics, SyncerMetrics string

	plane    *kube.ControlPlane
	stopping atomic.Bool
	mu       sync.Mutex
	stops    []func() error
}

// Start starts everything and says so step by step. Call Stop whether it returns an error or not; the end of ctx ends
// whatever was started, too.
func Start(ctx context.Context, options Options, to *terminal.Terminal) (*Parts, error) {
	p := &Parts{options: options, terminal: to}
	for _, dir := range []string{"logs", "home", "tls"} {
		if err := os.MkdirAll(p.path(dir), 0o700); err != nil {
			return p, fmt.Errorf("making the demo's directories: %w", err)
		}
	}
	var both errgroup.Group
	both.Go(func() error { return p.startKafka(ctx) })
	both.Go(func() error { return p.startPlane(ctx) })
	if err := both.Wait(); err != nil {
		return p, err
	}
	return p, p.startTopicGate(ctx)
}

// Stop ends everything, the last part first, and returns when it is gone.
func (p *Parts) Stop() error {
	p.stopping.Store(true)
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, stop := range slices.Backward(p.stops) {
		errs = append(errs, stop())
	}
	p.stops = nil
	return errors.Join(errs...)
}

func (p *Parts) onStop(stop func() error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stops = append(p.stops, stop)
}

func (p *Parts) path(elements ...string) string {
	return filepath.Join(append([]string{p.options.Dir}, elements...)...)
}

// Kubeconfig is the path of a kubeconfig with every right.
func (p *Parts) Kubeconfig() string { return p.plane.Kubeconfig() }

// Kubectl is the path of the kubectl that was built for this control plane.
func (p *Parts) Kubectl() string {
	return filepath.Join(p.options.Root, "bin", "controlplane", "kubectl")
}

// kubectl runs kubectl apply and the like, without showing it.
func (p *Parts) kubectl(ctx context.Context, stdin string, args ...string) error {
	stdout, stderr, code := p.plane.Kubectl(ctx, stdin, args...)
	if code != 0 {
		return fmt.Errorf("running kubectl %s: %s", strings.Join(args, " "), strings.TrimSpace(stdout+stderr))
	}
	return nil
}
