package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/kube/process"
	"github.com/topicgate/topicgate/test/wait"
)

// Program is one of the shipped programs, running.
type Program struct {
	*process.Process
	// Log is the file with what it logs.
	Log string
	// Probes and Metrics are the URLs of its probes and metrics, without a path.
	Probes, Metrics string
}

// Start builds a program of cmd/ and runs it as its Pod would be run: with the arguments of the shipped Deployment, which
// args override, and as the shipped ServiceAccount (or as another identity, by a --kubeconfig in args). It returns when the
// program is ready, and ends it with the test of New. Program and ServiceAccount are called topicgate-NAME, in the namespace topicgate-NAME.
func (e *Env) Start(t testing.TB, name string, args ...string) *Program {
	t.Helper()
	p := e.Launch(t, name, args...)
	wait.For(t, Patience, func(ctx context.Context) error { return p.Ready(ctx) })
	return p
}

// Launch is Start without waiting until the program is ready.
func (e *Env) Launch(t testing.TB, name string, args ...string) *Program {
	t.Helper()
	dir := e.test.TempDir()
	identity, err := e.Plane.ServiceAccount("topicgate-"+name, "topicgate-"+name)
	require.NoError(t, err)
	kubeconfig := filepath.Join(dir, "kubeconfig")
	require.NoError(t, kube.WriteKubeconfig(identity, kubeconfig))
	metrics, probes := freePort(t), freePort(t)
	p := &Program{Log: filepath.Join(dir, name+".log"), Metrics: loopback(metrics), Probes: loopback(probes)}
	own := []string{
		"--kubeconfig=" + kubeconfig, "--metrics-bind-address=127.0.0.1:" + itoa(metrics),
		"--health-probe-bind-address=127.0.0.1:" + itoa(probes),
	}
	shipped, env := shippedCommand(t, e.Plane.Config(), name)
	p.Process, err = process.Start(context.WithoutCancel(t.Context()), process.Command{
		Path: build(t, name), Args: append(append(shipped, own...), args...), LogFile: p.Log, Env: append(os.Environ(), env...),
	})
	require.NoError(t, err)
	e.test.Cleanup(func() {
		p.Kill()
		if e.test.Failed() {
			e.test.Logf("the log of %s:\n%s", name, readEnd(t, p.Log))
		}
	})
	return p
}

// Ready asks the program's readiness probe.
func (p *Program) Ready(ctx context.Context) error {
	select {
	case <-p.Exited():
		return fmt.Errorf("it ended: %w", p.Err())
	default:
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.Probes+"/readyz", http.NoBody)
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
		return fmt.Errorf("readyz: %s", response.Status)
	}
	return nil
}

// build builds a program as `make build` does. When nothing has changed, it costs a look at the build cache.
func build(t testing.TB, name string) string {
	t.Helper()
	root, err := kube.RepositoryRoot()
	require.NoError(t, err)
	path := filepath.Join(root, "bin", name)
	command := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", path, "./cmd/"+name)
	command.Dir = root
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	output, err := command.CombinedOutput()
	require.NoError(t, err, "building %s: %s", name, output)
	return path
}

// shippedCommand are the arguments and the environment of the installed Deployment.
func shippedCommand(t testing.TB, config *rest.Config, name string) (args, env []string) {
	t.Helper()
	clients, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	namespace := "topicgate-" + name
	var deployment *appsv1.Deployment
	deployment, err = clients.AppsV1().Deployments(namespace).Get(t.Context(), "topicgate-"+name, metav1.GetOptions{})
	require.NoError(t, err)
	container := deployment.Spec.Template.Spec.Containers[0]
	for _, arg := range container.Args {
		args = append(args, strings.ReplaceAll(arg, "$(POD_NAMESPACE)", namespace))
	}
	for _, variable := range container.Env {
		if variable.ValueFrom == nil {
			env = append(env, variable.Name+"="+variable.Value)
		}
	}
	return args, env
}

// freePort is a loopback port on which nothing listens, below those that kernels give to outgoing connections, so that it
// is still free when a program listens on it again.
func freePort(t testing.TB) int {
	t.Helper()
	for range 100 {
		port := 12000 + rand.IntN(8000) //nolint:gosec // any port will do
		listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", net.JoinHostPort("127.0.0.1", itoa(port)))
		if err == nil {
			require.NoError(t, listener.Close())
			return port
		}
	}
	t.Fatal("no free port in a hundred tries")
	return 0
}

func loopback(port int) string { return "http://127.0.0.1:" + itoa(port) }

func itoa(n int) string { return strconv.Itoa(n) }
