package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
)

const stored = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {tier: shared}}
---
apiVersion: topicgate.io/v1alpha1
kind: KafkaCluster
metadata: {name: prod, annotations: {topicgate.io/default-cluster: "true", team: secret-team}}
spec:
  bootstrapServers: ["kafka.example:9093"]
  namespaceSelector: {}
  sasl: {mechanism: PLAIN, username: admin-user, passwordSecretRef: {name: admin-password}}
---
apiVersion: topicgate.io/v1alpha1
kind: KafkaTopic
metadata: {name: orders, namespace: shop}
spec: {topicName: shop.orders.v1, partitions: 12, replicas: 3}
---
apiVersion: topicgate.io/v1alpha1
kind: KafkaTopic
metadata: {name: old, namespace: shop}
spec: {topicName: Old, partitions: 6, replicas: 3}
`

// TestAgainstACluster asks a real API server with kubectl's own flags.
func TestAgainstACluster(t *testing.T) {
	c := kube.ForTest(t)
	objects, err := manifests.Render(manifests.CRDs)
	require.NoError(t, err)
	require.NoError(t, manifests.Apply(t.Context(), c.Config(), objects))
	for _, text := range []string{stored, policyText(t)} {
		_, problem, code := c.Kubectl(t.Context(), text, "apply", "-f", "-")
		require.Zero(t, code, problem)
	}
	asAdmin := func(args ...string) ran { return invoke(t, "", append(args, "--kubeconfig", c.Kubeconfig())...) }

	t.Run("facts export holds what validate asks for and nothing secret", func(t *testing.T) {
		for _, format := range []string{"yaml", "json"} {
			got := asAdmin("facts", "export", "-o", format)
			require.Zero(t, got.code, got.stderr)
			for _, secret := range []string{"admin-user", "admin-password", "secret-team", "last-applied", "managedFields"} {
				assert.NotContains(t, got.stdout, secret)
			}
			facts := write(t, t.TempDir(), "facts."+format, got.stdout)
			judged := invoke(t, topicYAML("thief", "{topicName: shop.orders.v1, partitions: 3, replicas: 3}"),
				"validate", "-f", "-", "--cluster-facts", facts, "--policies", "testdata/policies/shared.yaml")
			assert.Equal(t, exitDenied, judged.code, judged)
			assert.Contains(t, judged.stdout, "the topic belongs to shop/orders")
			assert.Contains(t, judged.stdout, "1 topic: 0 passed, 1 denied")
		}
	})
	t.Run("explain a topic of the cluster", func(t *testing.T) {
		for _, name := range []string{"tgt/old", "old", "kafkatopics.topicgate.io/old"} {
			got := asAdmin("explain", name, "-n", "shop")
			require.Zero(t, got.code, got.stderr)
			assert.Contains(t, got.stdout, "Policies that match: shared")
			assert.Contains(t, got.stdout, "shop/old breaks 1 rule:\n• spec.topicName: \"Old\": does not fit the template")
		}
		got := asAdmin("explain", "tgt/none", "-n", "shop")
		assert.Equal(t, exitInput, got.code)
		assert.Contains(t, got.stderr, "KafkaTopic shop/none: there is none of that name")
	})
	t.Run("impact tells new from old", func(t *testing.T) {
		got := asAdmin("policy", "impact", "-f", "testdata/tightened.yaml", "--live")
		require.Zero(t, got.code, got.stderr)
		assert.Contains(t, got.stdout, "shop/orders (shop.orders.v1 on KafkaCluster prod):\n• (deny, new) spec.partitions: 12: ")
		assert.Contains(t, got.stdout, "(deny, broken today already) spec.topicName: \"Old\": ")
	})
	t.Run("who may not read is told so", func(t *testing.T) {
		tenant, err := c.User("tenant")
		require.NoError(t, err)
		path := t.TempDir() + "/tenant"
		require.NoError(t, kube.WriteKubeconfig(tenant, path))
		got := invoke(t, "", "facts", "export", "--kubeconfig", path)
		assert.Equal(t, exitUnreachable, got.code)
		assert.Contains(t, got.stderr, "forbidden")
	})
}

func policyText(t *testing.T) string {
	t.Helper()
	_, content, err := readFile("testdata/policies/shared.yaml", nil)
	require.NoError(t, err)
	return string(content)
}
