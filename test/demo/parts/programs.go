package parts

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/kube/process"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

// program is the webhook or the syncer.
type program struct {
	name string
	// namespace that ships for it; its ServiceAccount there is called the same.
	namespace string
	args      []string
	// monitor is the port of its probes.
	monitor int
}

// startTopicGate installs and starts what all of this is about.
func (p *Parts) startTopicGate(ctx context.Context) error {
	ports, err := freePorts(5)
	if err != nil {
		return err
	}
	webhookPort := ports[0]
	if err := p.install(ctx, webhookPort); err != nil {
		return err
	}
	p.WebhookMetrics, p.SyncerMetrics = metricsURL(ports[1]), metricsURL(ports[2])
	var both errgroup.Group
	both.Go(func() error {
		return p.run(ctx, program{
			name: "webhook", namespace: manifests.WebhookNamespace, monitor: ports[3],
			args: []string{
				"--cert-dir=" + p.path("tls"), "--host=127.0.0.1", fmt.Sprintf("--port=%d", webhookPort),
				"--metrics-bind-address=" + loopback(ports[1]),
				"--shutdown-delay=0s", // nobody is to be led to another one
			},
		})
	})
	both.Go(func() error {
		return p.run(ctx, program{
			name: "syncer", namespace: manifests.SyncerNamespace, monitor: ports[4],
			args: []string{
				"--leader-election-namespace=" + manifests.SyncerNamespace,
				"--secrets-namespace=" + manifests.SyncerNamespace,
				"--metrics-bind-address=" + loopback(ports[2]),
			},
		})
	})
	if err := both.Wait(); err != nil {
		return err
	}
	return p.declareCluster(ctx)
}

// run starts a program as its ServiceAccount, with the rights that ship, and returns when it is ready.
func (p *Parts) run(ctx context.Context, what program) error {
	return p.terminal.Step(what.name+" ready", func() error {
		identity, err := p.plane.ServiceAccount(what.namespace, what.namespace)
		if err != nil {
			return err
		}
		kubeconfig := p.path(what.name + ".kubeconfig")
		if err := kube.WriteKubeconfig(identity, kubeconfig); err != nil {
			return err
		}
		log := p.path("logs", what.name+".log")
		running, err := process.Start(ctx, process.Command{
			Path: filepath.Join(p.options.Programs, what.name),
			Args: append([]string{"--kubeconfig=" + kubeconfig, "--health-probe-bind-address=" + loopback(what.monitor)}, what.args...),
			// Nothing of the user's, such as a proxy.
			Env: []string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.path("home")}, LogFile: log, Grace: 5 * time.Second,
		})
		if err != nil {
			return err
		}
		p.onStop(func() error { running.Stop(); return nil })
		if err := awaitReady(ctx, running, "http://"+loopback(what.monitor)+"/readyz"); err != nil {
			return fmt.Errorf("waiting for the %s (log: %s): %w", what.name, log, err)
		}
		go p.watch(ctx, what.name, running)
		return nil
	})
}

var (
	errEnded    = errors.New("it has ended")
	errNotReady = errors.New("it is not ready")
)

func awaitReady(ctx context.Context, running *process.Process, url string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-running.Exited():
			cancel(errEnded)
		case <-ctx.Done():
		}
	}()
	err := wait.Until(ctx, patience, func(ctx context.Context) error { return getOK(ctx, url) })
	if cause := context.Cause(ctx); cause != nil && err != nil {
		return cause
	}
	return err
}

func getOK(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	if err := response.Body.Close(); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%w: %s", errNotReady, response.Status)
	}
	return nil
}

// watch tells the user when a program ends by itself, or by the user's hand: here nobody starts it again.
func (p *Parts) watch(ctx context.Context, name string, running *process.Process) {
	<-running.Exited()
	if ctx.Err() == nil && !p.stopping.Load() {
		p.terminal.Say("  ! the %s has ended (%v); its log: %s", name, running.Err(), p.path("logs", name+".log"))
	}
}

// declareCluster applies the KafkaCluster. The API server may still be learning of the webhook's certificate, so a first
// try can fail.
func (p *Parts) declareCluster(ctx context.Context) error {
	return p.terminal.Step(fmt.Sprintf("KafkaCluster %s ready, at %s", Cluster, p.Bootstrap), func() error {
		if err := p.kubectl(ctx, "", "create", "namespace", Namespace); err != nil {
			return err
		}
		err := wait.Until(ctx, patience, func(ctx context.Context) error {
			return p.kubectl(ctx, p.clusterManifest(), "apply", "-f", "-")
		})
		if err != nil {
			return err
		}
		// The first scan, too: what it finds counts as there before us, and that is not to happen to the tour's orphan.
		for _, condition := range []string{"Ready", "AuditComplete"} {
			err := p.kubectl(ctx, "", "wait", "kafkaclusters.topicgate.io/"+Cluster,
				"--for=condition="+condition, "--timeout="+patience.String())
			if err != nil {
				return err
			}
		}
		return nil
	})
}
