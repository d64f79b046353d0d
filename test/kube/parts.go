package kube

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"k8s.io/client-go/rest"

	"github.com/topicgate/topicgate/test/kube/process"
	"github.com/topicgate/topicgate/test/wait"
)

// grace between SIGTERM and SIGKILL: the data are thrown away or safe either way.
const grace = 5 * time.Second

func (c *ControlPlane) startEtcd(ctx context.Context) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	c.etcdURL = "http://" + loopback(port)
	err = c.start(ctx, etcd,
		"--data-dir="+c.path("etcd"),
		"--listen-client-urls="+c.etcdURL,
		"--advertise-client-urls="+c.etcdURL,
		"--listen-peer-urls=http://127.0.0.1:0",
		"--log-level=warn",
		// Safe against a killed process, not against a machine that loses power, which no test survives anyway.
		"--unsafe-no-fsync=true",
	)
	if err != nil {
		return err
	}
	return c.awaitOK(ctx, etcd, http.DefaultClient, c.etcdURL+"/health")
}

// StartAPIServer starts kube-apiserver again after StopAPIServer or KillAPIServer, on the same port and data, and returns when it is ready.
func (c *ControlPlane) StartAPIServer(ctx context.Context) error {
	args := append([]string{
		"--etcd-servers=" + c.etcdURL,
		"--bind-address=127.0.0.1",
		// With loopback only there is no address worth an Endpoints object, and the server would log about it for ever.
		"--advertise-address=127.0.0.1",
		"--endpoint-reconciler-type=none",
		fmt.Sprintf("--secure-port=%d", c.port),
		"--tls-cert-file=" + c.path("pki", "apiserver.crt"),
		"--tls-private-key-file=" + c.path("pki", "apiserver.key"),
		"--client-ca-file=" + c.path("pki", "ca.crt"),
		"--authorization-mode=RBAC",
		"--allow-privileged=true",
		"--service-cluster-ip-range=10.0.0.0/24",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + c.path("pki", "sa.key"),
		"--service-account-signing-key-file=" + c.path("pki", "sa.key"),
		// It would ask every Pod's namespace for a ServiceAccount "default", which a controller makes that does not run here.
		"--disable-admission-plugins=ServiceAccount",
	}, c.options.APIServerArgs...)
	if err := c.start(ctx, apiServer, args...); err != nil {
		return fmt.Errorf("starting kube-apiserver: %w", err)
	}
	client, err := rest.HTTPClientFor(c.admin)
	if err != nil {
		return fmt.Errorf("making a client for kube-apiserver: %w", err)
	}
	defer client.CloseIdleConnections()
	// The namespace comes with the bootstrap controller, a moment after /readyz, and hardly anything works without it.
	for _, path := range []string{"/readyz", "/api/v1/namespaces/default"} {
		if err := c.awaitOK(ctx, apiServer, client, c.admin.Host+path); err != nil {
			return fmt.Errorf("starting kube-apiserver: %w", err)
		}
	}
	return nil
}

// StopAPIServer stops kube-apiserver in good order (SIGTERM), as a rolling update of a control plane does.
func (c *ControlPlane) StopAPIServer() { c.part(apiServer).Stop() }

// KillAPIServer kills kube-apiserver (SIGKILL) in the middle of whatever it does.
func (c *ControlPlane) KillAPIServer() { c.part(apiServer).Kill() }

// StartControllerManager starts the real kube-controller-manager with the given controllers only, and returns when they
// run. Without names it runs those that finish deletions: namespace-controller and garbage-collector-controller. What an
// aggregated ClusterRole (view, edit, admin) grants is filled in by clusterrole-aggregation-controller only.
func (c *ControlPlane) StartControllerManager(ctx context.Context, controllers ...string) error {
	if len(controllers) == 0 {
		controllers = []string{"namespace-controller", "garbage-collector-controller"}
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	err = c.start(ctx, controllerManager,
		"--kubeconfig="+c.Kubeconfig(),
		"--controllers="+strings.Join(controllers, ","),
		"--bind-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", port),
		"--cert-dir="+c.path("pki"),
		// Alone, and quiet: no lease, so that whatever else writes one can be told by it.
		"--leader-elect=false",
		// The default of 20 a second makes the deletion of a large namespace a matter of minutes.
		"--kube-api-qps=1000", "--kube-api-burst=2000",
	)
	if err != nil {
		return fmt.Errorf("starting kube-controller-manager: %w", err)
	}
	// It signs its own certificate; nothing secret is asked of it.
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // a health check on loopback
	}}
	defer client.CloseIdleConnections()
	return c.awaitOK(ctx, controllerManager, client, "https://"+loopback(port)+"/healthz")
}

// start runs one part. The part does not end with ctx by itself: Stop, which does, keeps an order.
func (c *ControlPlane) start(ctx context.Context, name string, args ...string) error {
	path, err := binary(name)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return errStopped
	}
	p, err := process.Start(context.WithoutCancel(ctx), process.Command{
		Path: path, Args: args, Env: c.environment(), LogFile: c.log(name), Grace: grace,
	})
	if err != nil {
		return err
	}
	c.parts[name] = p
	return nil
}

func (c *ControlPlane) part(name string) *process.Process {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.parts[name]
}

// environment of everything that runs here: nothing of the user's (proxies, kubeconfig, caches) leaks in.
func (c *ControlPlane) environment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + c.path("home"), "KUBECONFIG=" + c.Kubeconfig()}
}

// awaitOK waits until the URL answers 200, or fails early when the process that should answer has ended.
func (c *ControlPlane) awaitOK(ctx context.Context, name string, client *http.Client, url string) error {
	p := c.part(name)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan struct{})
	defer close(done)
	go func() {
		select {
		case <-p.Exited():
			cancel(fmt.Errorf("%s ended (%w); the end of its log: %s", name, p.Err(), tail(c.log(name))))
		case <-done:
		}
	}()
	err := wait.Until(ctx, startTimeout, func(ctx context.Context) error { return getOK(ctx, client, url) })
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause
	}
	if err != nil {
		return fmt.Errorf("waiting for %s (log: %s): %w", name, c.log(name), err)
	}
	return nil
}

func getOK(ctx context.Context, client *http.Client, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	if err := response.Body.Close(); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", url, response.Status)
	}
	return nil
}

// tail is the last part of a log, enough to hold the line that says why a program ended.
func tail(path string) string {
	const size = 2000
	content, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	return string(content[max(0, len(content)-size):])
}

// writeCertificates makes what kube-apiserver serves with, what it trusts, and the key of its ServiceAccount tokens.
func (c *ControlPlane) writeCertificates() error {
	var err error
	if c.authority, err = newAuthority("topicgate-test-control-plane"); err != nil {
		return err
	}
	serving, err := c.authority.serving()
	if err != nil {
		return err
	}
	tokenKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return fmt.Errorf("generating the ServiceAccount key: %w", err)
	}
	files := map[string][]byte{
		"ca.crt":        c.authority.pem,
		"apiserver.crt": serving.cert,
		"apiserver.key": serving.key,
		"sa.key":        encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(tokenKey)),
	}
	for name, content := range files {
		if err := os.WriteFile(c.path("pki", name), content, 0o600); err != nil {
			return fmt.Errorf("writing certificates: %w", err)
		}
	}
	return nil
}
