package kube_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/controller-runtime/pkg/envtest"

	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/wait"
)

// What others build on this control plane and would otherwise find out late.
func TestControlPlaneBehavesAsACluster(t *testing.T) {
	c := kube.ForTest(t)

	t.Run("the shipped CRDs are installed and explained", func(t *testing.T) {
		root, err := kube.RepositoryRoot()
		require.NoError(t, err)
		_, err = envtest.InstallCRDs(c.Config(), envtest.CRDInstallOptions{
			Paths: []string{filepath.Join(root, "manifests", "crds")}, ErrorIfPathMissing: true,
		})
		require.NoError(t, err)
		wait.For(t, patience, func(ctx context.Context) error {
			stdout, stderr, code := c.Kubectl(ctx, "", "explain", "kafkatopics.topicgate.io.spec.partitions")
			if code != 0 {
				return fmt.Errorf("kubectl explain: %d %s%s", code, stdout, stderr)
			}
			return nil
		})
	})

	t.Run("a webhook's Service of type ExternalName leads to this machine", func(t *testing.T) {
		listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		require.NoError(t, err)
		address := listener.Addr().String()
		_, port, err := net.SplitHostPort(address)
		require.NoError(t, err)
		require.NoError(t, listener.Close()) // nobody answers: the refusal tells where the call went
		_, stderr, code := c.Kubectl(t.Context(), fmt.Sprintf(webhookManifests, port), "apply", "-f", "-")
		require.Zero(t, code, stderr)
		wait.For(t, patience, func(ctx context.Context) error {
			_, stderr, code := c.Kubectl(ctx, "", "create", "configmap", "judged", "--dry-run=server")
			if code == 0 {
				return errors.New("the webhook was not called")
			}
			require.Contains(t, stderr, ":"+port+": connect: connection refused")
			return nil
		})
	})
}

const webhookManifests = `
apiVersion: v1
kind: Service
metadata: {name: gate, namespace: default}
spec: {type: ExternalName, externalName: localhost}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: gate}
webhooks:
  - name: gate.example.com
    admissionReviewVersions: [v1]
    sideEffects: None
    failurePolicy: Fail
    clientConfig: {service: {name: gate, namespace: default, port: %s}}
    rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
`
