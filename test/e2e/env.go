package e2e

import (
	"context"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/certmanager"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
)

// Patience bounds every wait for something that takes a second or two; a machine under load takes longer.
const Patience = 60 * time.Second

// Env is an installation as a user has it: everything of manifests/default on a real API server, cert-manager, and the
// webhook, which the API server reaches through the shipped Service.
type Env struct {
	// Plane is the control plane.
	Plane *kube.ControlPlane
	// Client speaks as an administrator; it knows TopicGate's kinds, the core kinds and leases.
	Client client.Client
	// Webhook runs, unless a test has stopped it.
	Webhook *Program

	webhookPort int
	certDir     string
	test        testing.TB // with which everything ends
}

// New installs TopicGate and returns when the webhook is ready and asked. All of it ends with the test; share one Env among
// the subtests of a test. webhookArgs are added behind the shipped ones, and override them.
func New(t testing.TB, webhookArgs ...string) *Env {
	t.Helper()
	e := Install(t, freePort(t))
	e.StartWebhook(t, webhookArgs...)
	return e
}

// Install is New without a webhook: the API server looks for one at a loopback port. Its certificate is issued and trusted.
func Install(t testing.TB, port int) *Env {
	t.Helper()
	e := &Env{Plane: kube.ForTest(t), webhookPort: port, certDir: t.TempDir(), test: t}
	e.Client = newClient(t, e.Plane)
	stop, err := certmanager.Start(context.WithoutCancel(t.Context()), e.Plane.Config())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stop()) })
	e.install(t)
	e.RenewCertificate(t)
	return e
}

func newClient(t testing.TB, plane *kube.ControlPlane) client.Client {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{v1alpha1.AddToScheme, corev1.AddToScheme, coordinationv1.AddToScheme} {
		require.NoError(t, add(scheme))
	}
	c, err := client.New(plane.Config(), client.Options{Scheme: scheme})
	require.NoError(t, err)
	return c
}

func (e *Env) install(t testing.TB) {
	t.Helper()
	objects, err := manifests.Render(manifests.Default)
	require.NoError(t, err)
	require.NoError(t, manifests.ServeFromLocalhost(objects, e.webhookPort))
	require.NoError(t, manifests.Apply(t.Context(), e.Plane.Config(), objects))
}

// RenewCertificate waits until the webhook's certificate is issued and trusted, and puts it where the webhook reads it, as
// a mounted Secret would be.
func (e *Env) RenewCertificate(t testing.TB) {
	t.Helper()
	require.NoError(t, manifests.AwaitCertificates(t.Context(), e.Plane.Config(), Patience, e.certDir))
}

// StartWebhook starts the webhook, again where it was stopped, with arguments that override the shipped ones.
func (e *Env) StartWebhook(t testing.TB, args ...string) {
	t.Helper()
	e.Webhook = e.Start(t, "webhook", append([]string{
		"--host=127.0.0.1", "--port=" + itoa(e.webhookPort), "--cert-dir=" + e.certDir, "--shutdown-delay=1s",
	}, args...)...)
}

// StartReplica starts one webhook more, on a port of its own and with a certificate directory of its own, and returns it with
// its address when it is ready. It has the shipped arguments, but for those given.
func (e *Env) StartReplica(t testing.TB, certDir string, args ...string) (replica *Program, address string) {
	t.Helper()
	port := itoa(freePort(t))
	replica = e.Start(t, "webhook", append([]string{"--host=127.0.0.1", "--port=" + port, "--cert-dir=" + certDir}, args...)...)
	return replica, net.JoinHostPort("127.0.0.1", port)
}

// Kubectl runs the real kubectl as an administrator.
func (e *Env) Kubectl(t testing.TB, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	return e.Plane.Kubectl(t.Context(), "", args...)
}

// Apply runs `kubectl apply -f -` on some manifests.
func (e *Env) Apply(t testing.TB, yaml string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	return e.Plane.Kubectl(t.Context(), yaml, append([]string{"apply", "-f", "-"}, args...)...)
}

// MustApply applies manifests that are to be accepted, and returns what kubectl printed: results and warnings.
func (e *Env) MustApply(t testing.TB, yaml string, args ...string) string {
	t.Helper()
	stdout, stderr, code := e.Apply(t, yaml, args...)
	require.Zero(t, code, stdout+stderr)
	return stdout + stderr
}

// Namespace creates a namespace with labels such as "kafka", "prod".
func (e *Env) Namespace(t testing.TB, name string, labels ...string) {
	t.Helper()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{}}}
	for i := 0; i+1 < len(labels); i += 2 {
		namespace.Labels[labels[i]] = labels[i+1]
	}
	require.NoError(t, e.Client.Create(t.Context(), namespace))
}

// readEnd is the end of a program's log.
func readEnd(t testing.TB, path string) string {
	t.Helper()
	const most = 12_000
	content, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	return string(content[max(0, len(content)-most):])
}
