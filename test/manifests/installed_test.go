package manifests_test

import (
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/topicgate/topicgate/test/certmanager"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
)

const patience = time.Minute

// TestInstalled installs what ships as a user does, cert-manager first, and looks at it from all sides.
func TestInstalled(t *testing.T) {
	c := kube.ForTest(t)
	stop, err := certmanager.Start(t.Context(), c.Config())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stop()) })

	root, err := kube.RepositoryRoot()
	require.NoError(t, err)
	_, stderr, code := c.Kubectl(t.Context(), "", "apply", "-k", filepath.Join(root, manifests.Default))
	require.Zero(t, code, stderr)
	require.Empty(t, stderr, "a warning that every user would see")

	objects, err := manifests.Render(manifests.Default)
	require.NoError(t, err)
	port := freePort(t)
	require.NoError(t, manifests.ServeFromLocalhost(objects, port))
	require.NoError(t, manifests.Apply(t.Context(), c.Config(), objects))

	t.Run("certificates", func(t *testing.T) { testCertificates(t, c.Config()) })
	t.Run("pods", func(t *testing.T) { testPods(t, c.Config()) })
	t.Run("roles", func(t *testing.T) { testRoles(t, c) })
	t.Run("applied twice", func(t *testing.T) { testAppliedTwice(t, c.Config(), objects) })
	t.Run("conditions", func(t *testing.T) { testConditions(t, c, port) })
}

func clientset(t *testing.T, config *rest.Config) kubernetes.Interface {
	t.Helper()
	client, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	return client
}

// freePort is one on which nothing listens, so that the webhook can come later.
func freePort(t *testing.T) int {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().(*net.TCPAddr).Port
}
