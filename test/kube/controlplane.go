package kube

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"k8s.io/client-go/rest"

	"github.com/topicgate/topicgate/test/kube/process"
)

// Options say how a control plane is started.
type Options struct {
	// Dir holds everything: data, certificates, logs, kubeconfig. Required; created where absent. Etcd's data of an
	// earlier control plane in it are removed: Start always begins with an empty cluster.
	Dir string
	// APIServerArgs are added behind kube-apiserver's own, and override them ("--max-requests-inflight=50").
	APIServerArgs []string
}

// ControlPlane is a running etcd and kube-apiserver, and what was started beside them. Its methods may be called from
// several goroutines, the ones that start, stop and kill one and the same part aside.
type ControlPlane struct {
	options   Options
	authority *authority
	admin     *rest.Config
	port      int // of kube-apiserver; kept over its restarts
	etcdURL   string

	mu      sync.Mutex
	stopped bool
	parts   map[string]*process.Process // by program
}

// The programs that are run.
const (
	etcd              = "etcd"
	apiServer         = "kube-apiserver"
	controllerManager = "kube-controller-manager"
	kubectl           = "kubectl"
)

var errStopped = errors.New("the control plane was stopped")

// startTimeout is how long a part may take until it serves: seconds on an idle machine, more where tests share it.
const startTimeout = 2 * time.Minute

// Start starts etcd and kube-apiserver and returns when the API is ready to be used. The end of ctx stops them, as Stop does.
func Start(ctx context.Context, options Options) (*ControlPlane, error) {
	dir, err := filepath.Abs(options.Dir)
	if err != nil {
		return nil, fmt.Errorf("resolving the control plane's directory: %w", err)
	}
	options.Dir = dir
	c := &ControlPlane{options: options, parts: map[string]*process.Process{}}
	if err := c.prepare(); err != nil {
		return nil, err
	}
	if err := c.startAll(ctx); err != nil {
		c.Stop()
		return nil, err
	}
	context.AfterFunc(ctx, c.Stop)
	return c, nil
}

func (c *ControlPlane) startAll(ctx context.Context) error {
	if err := c.startEtcd(ctx); err != nil {
		return fmt.Errorf("starting etcd: %w", err)
	}
	return c.StartAPIServer(ctx)
}

// Stop ends all processes of the control plane and returns when they are gone. Its files stay. Stopping twice is harmless.
func (c *ControlPlane) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	// In the order of who depends on whom: each would otherwise spend its grace on retries.
	for _, name := range []string{controllerManager, apiServer, etcd} {
		if p := c.parts[name]; p != nil {
			p.Stop()
		}
	}
}

// Config returns a configuration for a client with every right (group system:masters) and no rate limit.
func (c *ControlPlane) Config() *rest.Config { return rest.CopyConfig(c.admin) }

// Kubeconfig is the path of a kubeconfig with the rights of Config.
func (c *ControlPlane) Kubeconfig() string { return filepath.Join(c.options.Dir, "admin.kubeconfig") }

// Dir is the directory in which everything of this control plane lies; logs are in its subdirectory logs.
func (c *ControlPlane) Dir() string { return c.options.Dir }

func (c *ControlPlane) prepare() error {
	if err := os.RemoveAll(c.path("etcd")); err != nil {
		return fmt.Errorf("removing the data of an earlier control plane: %w", err)
	}
	for _, dir := range []string{"pki", "logs", "home"} {
		if err := os.MkdirAll(c.path(dir), 0o700); err != nil {
			return fmt.Errorf("making the control plane's directories: %w", err)
		}
	}
	var err error
	if c.port, err = freePort(); err != nil {
		return err
	}
	if err := c.writeCertificates(); err != nil {
		return err
	}
	if c.admin, err = c.User("admin", "system:masters"); err != nil {
		return err
	}
	return WriteKubeconfig(c.admin, c.Kubeconfig())
}

func (c *ControlPlane) path(elements ...string) string {
	return filepath.Join(append([]string{c.options.Dir}, elements...)...)
}

func (c *ControlPlane) log(name string) string { return c.path("logs", name+".log") }
