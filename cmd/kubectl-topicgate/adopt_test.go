package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
)

// TestAdoptingFromWhatTheSyncerFoundOut asks a real API server, which takes what is printed.
func TestAdoptingFromWhatTheSyncerFoundOut(t *testing.T) {
	c := kube.ForTest(t)
	objects, err := manifests.Render(manifests.CRDs)
	require.NoError(t, err)
	require.NoError(t, manifests.Apply(t.Context(), c.Config(), objects))
	for _, text := range []string{auditStored, auditRoles} {
		_, problem, code := c.Kubectl(t.Context(), text, "apply", "-f", "-")
		require.Zero(t, code, problem)
	}
	_, problem, code := c.Kubectl(t.Context(), "", "patch", "tgc", "prod", "--subresource=status", "--type=merge", "-p",
		`{"status":{"clusterID":"prod-id","inventoryShards":1}}`)
	require.Zero(t, code, problem)
	config, err := c.User("tenant")
	require.NoError(t, err)
	tenant := t.TempDir() + "/tenant"
	require.NoError(t, kube.WriteKubeconfig(config, tenant))
	asAdmin := func(args ...string) ran {
		return invoke(t, "", append(args, "--now", noon, "--kubeconfig", c.Kubeconfig())...)
	}

	t.Run("the API server takes it in both formats", func(t *testing.T) {
		for _, format := range []string{"yaml", "json"} {
			got := asAdmin("adopt", "--all", "-n", "shop", "-o", format)
			require.Zero(t, got.code, got.stderr)
			assert.Contains(t, got.stderr, "warning: namespace shop may not adopt, so admission refuses 2 of the manifests: "+
				"spec.adoption.namespaceSelector of KafkaCluster prod does not select it\n")
			said, problem, code := c.Kubectl(t.Context(), got.stdout, "apply", "--dry-run=server", "-f", "-")
			require.Zero(t, code, problem)
			assert.Contains(t, said, "kafkatopic.topicgate.io/legacy created")
		}
	})
	t.Run("names are completed", func(t *testing.T) {
		got := invoke(t, "", "__complete", "adopt", "--kubeconfig", c.Kubeconfig(), "")
		assert.Contains(t, got.stdout, "legacy\nordres\n")
		got = invoke(t, "", "__complete", "status", "-n", "shop", "--kubeconfig", c.Kubeconfig(), "")
		assert.Contains(t, got.stdout, "orders\n")
		got = invoke(t, "", "__complete", "adopt", "--cluster-name", "--kubeconfig", c.Kubeconfig(), "")
		assert.Contains(t, invoke(t, "", "__complete", "adopt", "--kubeconfig", c.Kubeconfig(), "--cluster-name", "").stdout, "prod\ntest\n", got.stdout)
	})
	t.Run("a namespace that there is not, and topics that cannot be placed", func(t *testing.T) {
		got := asAdmin("adopt", "legacy", "--namespace-from", "team-{prefix}")
		assert.Equal(t, exitDenied, got.code)
		assert.Contains(t, got.stderr, `left out: legacy: its name holds no "."`)
		got = asAdmin("adopt", "legacy", "-n", "nowhere")
		assert.Zero(t, got.code)
		assert.Contains(t, got.stderr, "warning: there is no namespace nowhere")
	})
	t.Run("who may read little is told what was not asked", func(t *testing.T) {
		got := invoke(t, "", "adopt", "legacy", "-n", "shop", "--now", noon, "--kubeconfig", tenant)
		require.Zero(t, got.code, got.stderr)
		for _, note := range []string{"namespace shop only", "you may not list Namespaces", "you may not list TopicPolicies, so none of them is asked"} {
			assert.Contains(t, got.stderr, note)
		}
		assert.Contains(t, got.stdout, "# not judged: builtin/AdoptionNotPermitted: ")
		got = invoke(t, "", "status", "orders", "-n", "shop", "--now", noon, "--kubeconfig", tenant)
		require.Zero(t, got.code, got.stderr)
		assert.Contains(t, got.stdout, "Object:     KafkaTopic shop/orders\n")
	})
	t.Run("who may not change an object is told so", func(t *testing.T) {
		got := invoke(t, "", "release", "orders", "-n", "shop", "--yes", "--kubeconfig", tenant)
		assert.Equal(t, exitUnreachable, got.code)
		assert.Contains(t, got.stderr, "changing KafkaTopic shop/orders: ")
		assert.Contains(t, got.stderr, "forbidden")
		got = invoke(t, "", "release", "orders", "-n", "shop", "--yes", "--kubeconfig", c.Kubeconfig())
		require.Zero(t, got.code, got.stderr)
		assert.Equal(t, "kafkatopic.topicgate.io/orders its deletionPolicy is Retain now; deleting it keeps the topic\n", got.stdout)
	})
	t.Run("what there is not", func(t *testing.T) {
		got := asAdmin("status", "nothing")
		assert.Equal(t, exitInput, got.code)
		assert.Equal(t, "kubectl-topicgate: nothing: there is neither a KafkaTopic nor a topic of that name\n", got.stderr)
		got = asAdmin("adopt", "legacy", "--cluster-name", "staging")
		assert.Equal(t, exitInput, got.code)
	})
}
