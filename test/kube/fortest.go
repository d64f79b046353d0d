package kube

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// ForTest starts a control plane that ends with the test; share one among the subtests of a test. Where the binaries are
// missing the test is skipped, except under CI=true, where a missing part is a failure. -short skips it too.
func ForTest(t testing.TB, apiServerArgs ...string) *ControlPlane {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED, not tested: -short leaves out what needs a control plane")
	}
	for _, name := range []string{etcd, apiServer, controllerManager, kubectl} {
		if _, err := binary(name); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal(err)
			}
			t.Skipf("SKIPPED, not tested: %v", err)
		}
	}
	dir := t.TempDir() // before the cleanup below is registered, so that it is removed after the processes have ended
	// The test's own context ends before its clean-ups, which may still want the API.
	c, err := Start(context.WithoutCancel(t.Context()), Options{Dir: dir, APIServerArgs: apiServerArgs})
	require.NoError(t, err)
	t.Cleanup(c.Stop)
	return c
}
