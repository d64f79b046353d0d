package kube_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/kube/process"
	"github.com/topicgate/topicgate/test/wait"
)

const patience = time.Minute

func clientset(t *testing.T, config *rest.Config) kubernetes.Interface {
	t.Helper()
	client, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	return client
}

func TestControlPlane(t *testing.T) {
	c := kube.ForTest(t)
	admin := clientset(t, c.Config())

	t.Run("kubectl applies from standard input and reports exit codes", func(t *testing.T) {
		manifest := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hello, namespace: default}\n"
		stdout, stderr, code := c.Kubectl(t.Context(), manifest, "apply", "-f", "-")
		assert.Equal(t, "configmap/hello created\n", stdout)
		assert.Empty(t, stderr)
		assert.Zero(t, code)

		_, stderr, code = c.Kubectl(t.Context(), "", "get", "configmap", "absent")
		assert.Equal(t, 1, code)
		assert.Contains(t, stderr, `configmaps "absent" not found`)
	})

	t.Run("kubectl keeps its caches in the control plane's directory", func(t *testing.T) {
		assert.DirExists(t, filepath.Join(c.Dir(), "home", ".kube", "cache"))
	})

	t.Run("client and server agree on the version", func(t *testing.T) {
		stdout, _, code := c.Kubectl(t.Context(), "", "version", "-o", "yaml")
		require.Zero(t, code)
		assert.Contains(t, stdout, "serverVersion:")
		assert.NotContains(t, stdout, "v0.0.0")
	})

	t.Run("a ServiceAccount has the rights of its RBAC and no other", func(t *testing.T) {
		config, err := c.ServiceAccount("team-a", "reader")
		require.NoError(t, err)
		reader := clientset(t, config)
		_, err = reader.CoreV1().ConfigMaps("default").List(t.Context(), metav1.ListOptions{})
		require.True(t, apierrors.IsForbidden(err), "%v", err)
		require.ErrorContains(t, err, "system:serviceaccount:team-a:reader")

		_, stderr, code := c.Kubectl(t.Context(), "", "create", "clusterrole", "reader", "--verb=list", "--resource=configmaps")
		require.Zero(t, code, stderr)
		_, stderr, code = c.Kubectl(t.Context(), "", "create", "clusterrolebinding", "reader",
			"--clusterrole=reader", "--serviceaccount=team-a:reader")
		require.Zero(t, code, stderr)
		wait.For(t, patience, func(ctx context.Context) error {
			_, err := reader.CoreV1().ConfigMaps("default").List(ctx, metav1.ListOptions{})
			return err
		})
		err = reader.CoreV1().ConfigMaps("default").Delete(t.Context(), "hello", metav1.DeleteOptions{})
		assert.True(t, apierrors.IsForbidden(err), "%v", err)
	})

	t.Run("a kubeconfig of another identity works in kubectl", func(t *testing.T) {
		config, err := c.User("nobody-in-particular")
		require.NoError(t, err)
		path := filepath.Join(t.TempDir(), "kubeconfig")
		require.NoError(t, kube.WriteKubeconfig(config, path))
		stdout, stderr, code := c.Kubectl(t.Context(), "", "--kubeconfig", path, "auth", "whoami")
		require.Zero(t, code, stderr)
		assert.Contains(t, stdout, "nobody-in-particular")
	})

	t.Run("a stopped or killed API server comes back with its data for the same clients", func(t *testing.T) {
		for name, end := range map[string]func(){"stopped": c.StopAPIServer, "killed": c.KillAPIServer} {
			configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}}
			_, err := admin.CoreV1().ConfigMaps("default").Create(t.Context(), configMap, metav1.CreateOptions{})
			require.NoError(t, err)
			end()
			_, err = admin.CoreV1().ConfigMaps("default").Get(t.Context(), name, metav1.GetOptions{})
			require.Error(t, err, "the API server was %s", name)
			require.NoError(t, c.StartAPIServer(t.Context()))
			_, err = admin.CoreV1().ConfigMaps("default").Get(t.Context(), name, metav1.GetOptions{})
			require.NoError(t, err)
		}
	})

	t.Run("the controller manager finishes the deletion of a namespace", func(t *testing.T) {
		require.NoError(t, c.StartControllerManager(t.Context()))
		namespaces := admin.CoreV1().Namespaces()
		namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "doomed"}}
		_, err := namespaces.Create(t.Context(), namespace, metav1.CreateOptions{})
		require.NoError(t, err)
		configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "inside"}}
		_, err = admin.CoreV1().ConfigMaps("doomed").Create(t.Context(), configMap, metav1.CreateOptions{})
		require.NoError(t, err)
		require.NoError(t, namespaces.Delete(t.Context(), "doomed", metav1.DeleteOptions{}))
		wait.For(t, patience, func(ctx context.Context) error {
			_, err := namespaces.Get(ctx, "doomed", metav1.GetOptions{})
			if apierrors.IsNotFound(err) {
				return nil
			}
			return fmt.Errorf("the namespace is still there: %w", err)
		})
	})
}

func TestStartSaysWhyAPartDidNotStart(t *testing.T) {
	kube.ForTest(t).Stop() // skips where there are no binaries
	_, err := kube.Start(t.Context(), kube.Options{Dir: t.TempDir(), APIServerArgs: []string{"--no-such-flag"}})
	require.ErrorContains(t, err, "unknown flag: --no-such-flag")
}

func TestBinariesOfTheEnvironmentComeFirst(t *testing.T) {
	c := kube.ForTest(t)
	c.Stop()
	assets := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(assets, "kubectl"), []byte("#!/bin/sh\necho ours\n"), 0o700))
	t.Setenv("KUBEBUILDER_ASSETS", assets)
	stdout, _, code := c.Kubectl(t.Context(), "")
	assert.Equal(t, "ours\n", stdout)
	assert.Zero(t, code)
}

// helperDir tells the test binary, started again by the test below, that it is the caller to be killed.
const helperDir = "TOPICGATE_TEST_KUBE_DIR"

// TestHelperToBeKilled is no test: it starts a control plane and waits to be killed.
func TestHelperToBeKilled(t *testing.T) {
	dir := os.Getenv(helperDir)
	if dir == "" {
		t.Skip("only as a helper of the test below")
	}
	c, err := kube.Start(t.Context(), kube.Options{Dir: dir})
	require.NoError(t, err)
	require.NoError(t, c.StartControllerManager(t.Context()))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ready"), nil, 0o600))
	<-t.Context().Done()
}

func TestNothingIsLeftRunningWhenTheCallerIsKilled(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED, not tested: only Linux ends the children of a killed process")
	}
	c := kube.ForTest(t)
	assert.Len(t, processesOf(t, c.Dir()), 2, "etcd and kube-apiserver")
	c.Stop()
	assert.Empty(t, processesOf(t, c.Dir()))

	dir := t.TempDir()
	self, err := os.Executable()
	require.NoError(t, err)
	caller, err := process.Start(t.Context(), process.Command{
		Path: self, Args: []string{"-test.run=^TestHelperToBeKilled$"}, Env: append(os.Environ(), helperDir+"="+dir),
	})
	require.NoError(t, err)
	t.Cleanup(caller.Kill)
	wait.For(t, patience, func(context.Context) error {
		_, err := os.Stat(filepath.Join(dir, "ready"))
		return err
	})
	require.Len(t, processesOf(t, dir), 3, "etcd, kube-apiserver and kube-controller-manager")

	caller.Kill()

	wait.For(t, patience, func(context.Context) error {
		if left := processesOf(t, dir); len(left) > 0 {
			return fmt.Errorf("still running: %q", left)
		}
		return nil
	})
}

// processesOf returns the programs that run with dir in their arguments.
func processesOf(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(t, err)
	var found []string
	for _, file := range files {
		// A process may have ended since; a zombie has no arguments any more.
		if content, err := os.ReadFile(file); err == nil && strings.Contains(string(content), dir) {
			found = append(found, strings.SplitN(string(content), "\x00", 2)[0])
		}
	}
	return found
}
