package kube_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"

	"github.com/topicgate/topicgate/test/kube"
)

func newProxy(t *testing.T, config *rest.Config) *kube.CountingProxy {
	t.Helper()
	proxy, err := kube.NewCountingProxy(t.Context(), config)
	require.NoError(t, err)
	return proxy
}

func configMap(name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}}
}

func TestCountingProxy(t *testing.T) {
	c := kube.ForTest(t)

	t.Run("every kind of write is recorded and reads are not", func(t *testing.T) {
		proxy := newProxy(t, c.Config())
		configMaps := clientset(t, proxy.Config()).CoreV1().ConfigMaps("default")
		ctx := t.Context()
		_, err := configMaps.Create(ctx, configMap("a"), metav1.CreateOptions{})
		require.NoError(t, err)
		_, err = configMaps.Create(ctx, configMap("a"), metav1.CreateOptions{})
		require.True(t, apierrors.IsAlreadyExists(err))
		_, err = configMaps.Update(ctx, configMap("a"), metav1.UpdateOptions{DryRun: []string{metav1.DryRunAll}})
		require.NoError(t, err)
		_, err = configMaps.Patch(ctx, "a", types.MergePatchType, []byte(`{"data":{"k":"v"}}`), metav1.PatchOptions{})
		require.NoError(t, err)
		_, err = configMaps.List(ctx, metav1.ListOptions{})
		require.NoError(t, err)
		require.NoError(t, configMaps.Delete(ctx, "a", metav1.DeleteOptions{DryRun: []string{metav1.DryRunAll}}))
		require.NoError(t, configMaps.Delete(ctx, "a", metav1.DeleteOptions{}))
		require.NoError(t, configMaps.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "no=such"}))

		write := func(verb, name string, status int) kube.Write {
			return kube.Write{Verb: verb, Resource: "configmaps", Namespace: "default", Name: name, Status: status}
		}
		dryRun := func(write kube.Write) kube.Write { write.DryRun = true; return write }
		assert.Equal(t, []kube.Write{
			write("create", "a", http.StatusCreated),
			write("create", "a", http.StatusConflict),
			dryRun(write("update", "a", http.StatusOK)),
			write("patch", "a", http.StatusOK),
			dryRun(write("delete", "a", http.StatusOK)),
			write("delete", "a", http.StatusOK),
			write("deletecollection", "", http.StatusOK),
		}, proxy.Writes())
		assert.Equal(t, 4, proxy.CountWrites(kube.Stored))
		assert.Equal(t, map[string]int{"list configmaps": 1}, proxy.Reads())

		proxy.Reset()
		assert.Empty(t, proxy.Writes())
		assert.Empty(t, proxy.Reads())
	})

	t.Run("subresources, groups and objects without a namespace are told apart", func(t *testing.T) {
		proxy := newProxy(t, c.Config())
		namespaces := clientset(t, proxy.Config()).CoreV1().Namespaces()
		namespace, err := namespaces.Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "told"}}, metav1.CreateOptions{})
		require.NoError(t, err)
		_, err = namespaces.UpdateStatus(t.Context(), namespace, metav1.UpdateOptions{})
		require.NoError(t, err)
		require.Len(t, proxy.Writes(), 2)
		assert.Equal(t, kube.Write{Verb: "update", Resource: "namespaces", Subresource: "status", Name: "told", Status: http.StatusOK}, proxy.Writes()[1])
	})

	t.Run("leases are counted apart and reviews are no writes", func(t *testing.T) {
		proxy := newProxy(t, c.Config())
		lease := &coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Name: "leader"}}
		_, err := clientset(t, proxy.Config()).CoordinationV1().Leases("default").Create(t.Context(), lease, metav1.CreateOptions{})
		require.NoError(t, err)
		path, err := proxy.Kubeconfig(t.TempDir())
		require.NoError(t, err)
		_, stderr, code := c.Kubectl(t.Context(), "", "--kubeconfig", path, "auth", "can-i", "list", "pods")
		require.Zero(t, code, stderr)
		assert.Empty(t, proxy.Writes())
		assert.Equal(t, 1, proxy.CountLeaseWrites())
	})

	t.Run("kubectl through the proxy: apply and a dry run of a delete", func(t *testing.T) {
		proxy := newProxy(t, c.Config())
		path, err := proxy.Kubeconfig(t.TempDir())
		require.NoError(t, err)
		_, stderr, code := c.Kubectl(t.Context(), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept, namespace: default}\n",
			"--kubeconfig", path, "apply", "-f", "-")
		require.Zero(t, code, stderr)
		_, stderr, code = c.Kubectl(t.Context(), "", "--kubeconfig", path, "delete", "configmap", "kept", "--dry-run=server")
		require.Zero(t, code, stderr)
		require.Len(t, proxy.Writes(), 2)
		assert.Equal(t, "kept", proxy.Writes()[0].Name)
		assert.Equal(t, 1, proxy.CountWrites(kube.Stored), "%v", proxy.Writes())
	})

	t.Run("the client has the rights of the lent identity", func(t *testing.T) {
		config, err := c.ServiceAccount("team-a", "powerless")
		require.NoError(t, err)
		proxy := newProxy(t, config)
		_, err = clientset(t, proxy.Config()).CoreV1().ConfigMaps("default").Create(t.Context(), configMap("b"), metav1.CreateOptions{})
		require.True(t, apierrors.IsForbidden(err), "%v", err)
		assert.Zero(t, proxy.CountWrites(kube.Stored))
	})

	t.Run("watch events pass at once", func(t *testing.T) {
		configMaps := clientset(t, newProxy(t, c.Config()).Config()).CoreV1().ConfigMaps("default")
		watch, err := configMaps.Watch(t.Context(), metav1.ListOptions{FieldSelector: "metadata.name=watched"})
		require.NoError(t, err)
		defer watch.Stop()
		_, err = configMaps.Create(t.Context(), configMap("watched"), metav1.CreateOptions{})
		require.NoError(t, err)
		select {
		case event := <-watch.ResultChan():
			assert.Equal(t, "ADDED", string(event.Type))
		case <-time.After(patience):
			t.Fatal("the event did not arrive")
		}
	})

	t.Run("hundreds of requests at once beside as many watches", func(t *testing.T) {
		const parallel = 300
		proxy := newProxy(t, c.Config())
		configMaps := clientset(t, proxy.Config()).CoreV1().ConfigMaps("default")
		for range parallel {
			watch, err := configMaps.Watch(t.Context(), metav1.ListOptions{FieldSelector: "metadata.name=none"})
			require.NoError(t, err)
			defer watch.Stop()
		}
		group, ctx := errgroup.WithContext(t.Context())
		for i := range parallel {
			group.Go(func() error {
				_, err := configMaps.Create(ctx, configMap(fmt.Sprintf("many-%d", i)), metav1.CreateOptions{})
				return err
			})
		}
		require.NoError(t, group.Wait())
		assert.Equal(t, parallel, proxy.CountWrites(kube.Stored))
	})

	t.Run("a write without an answer is recorded as unknown", func(t *testing.T) {
		config := c.Config()
		config.Host = "https://127.0.0.1:1"
		proxy := newProxy(t, config)
		_, err := clientset(t, proxy.Config()).CoreV1().ConfigMaps("default").Create(t.Context(), configMap("lost"), metav1.CreateOptions{})
		require.Error(t, err)
		assert.Equal(t, 1, proxy.CountWrites(kube.Stored))
	})
}
