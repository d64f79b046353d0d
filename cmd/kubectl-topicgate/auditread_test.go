package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
)

const auditStored = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {topicgate.io/owner: checkout}}
---
apiVersion: topicgate.io/v1alpha1
kind: KafkaCluster
metadata: {name: prod, annotations: {topicgate.io/default-cluster: "true"}}
spec: {bootstrapServers: ["kafka.example:9093"], namespaceSelector: {}, sasl: {mechanism: PLAIN, username: admin-user, passwordSecretRef: {name: admin-password}}}
---
apiVersion: topicgate.io/v1alpha1
kind: KafkaCluster
metadata: {name: test}
spec: {bootstrapServers: ["kafka.example:9093"], namespaceSelector: {}}
---
apiVersion: topicgate.io/v1alpha1
kind: KafkaTopic
metadata: {name: orders, namespace: shop}
spec: {topicName: shop.orders, partitions: 12, replicas: 3}
---
apiVersion: topicgate.io/v1alpha1
kind: TopicInventory
metadata: {name: prod-0, labels: {topicgate.io/cluster: prod}}
cluster: prod
shard: 0
topics:
- {name: __consumer_offsets, class: Internal, partitions: 50, replicas: 3, origin: {kind: Kafka}, firstSeen: "2026-10-01T00:00:00Z"}
- {name: legacy, topicID: legacy-id, class: Orphan, baseline: true, partitions: 6, replicas: 3, bytes: 1073741824, origin: {kind: Plain}, firstSeen: "2026-10-01T00:00:00Z"}
- {name: ordres, topicID: ordres-id, class: Orphan, partitions: 1, replicas: 1, bytes: 0, records: 0, examined: "2026-11-01T00:00:00Z", origin: {kind: AutoCreated}, firstSeen: "2026-10-20T00:00:00Z"}
- {name: shop.orders, topicID: orders-id, class: Managed, object: {namespace: shop, name: orders}, partitions: 12, replicas: 3, firstSeen: "2026-10-20T00:00:00Z"}
---
apiVersion: topicgate.io/v1alpha1
kind: TopicInventory
metadata: {name: prod-1, labels: {topicgate.io/cluster: prod}}
cluster: prod
shard: 1
topics: [{name: left-over, class: Orphan, firstSeen: "2026-10-20T00:00:00Z"}]
`

// TestAnAuditOfWhatTheSyncerFoundOut asks a real API server.
func TestAnAuditOfWhatTheSyncerFoundOut(t *testing.T) {
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
	asAdmin := func(args ...string) ran {
		return invoke(t, "", append(args, "--now", noon, "--kubeconfig", c.Kubeconfig())...)
	}
	read := func(got ran) report.AuditReport {
		var a report.AuditReport
		require.Zero(t, got.code, got.stderr)
		require.NoError(t, json.Unmarshal([]byte(got.stdout), &a), got.stdout)
		return a
	}

	t.Run("all clusters, one of them never scanned", func(t *testing.T) {
		a := read(asAdmin("audit", "-o", "json"))
		require.Len(t, a.Clusters, 2)
		assert.Equal(t, "prod", a.Clusters[0].Name)
		assert.Equal(t, int64(4), a.Clusters[0].Counts.Total, "without what an old shard holds")
		assert.Len(t, a.Clusters[0].Topics, 2)
		assert.Empty(t, a.Clusters[0].Notes)
		assert.Equal(t, "the syncer has not looked at all topics of this cluster yet", a.Clusters[1].Incomplete)
	})
	t.Run("what a person reads", func(t *testing.T) {
		got := asAdmin("audit", "prod")
		require.Zero(t, got.code, got.stderr)
		assert.Contains(t, got.stdout, "KafkaCluster prod (prod-id)\n")
		assert.Regexp(t, `(?m)^legacy +Orphan +Plain +6 +3 +1GiB +\? +\? +≤2026-10-01 +- +Investigate$`, got.stdout)
		assert.Contains(t, got.stdout, "1 Internal (Kafka's own)")
		assert.NotContains(t, got.stdout, "admin-")
	})
	t.Run("nothing secret is in any format", func(t *testing.T) {
		for _, format := range report.AuditFormats() {
			got := asAdmin("audit", "-o", format)
			require.Zero(t, got.code, got.stderr)
			assert.NotContains(t, got.stdout, "admin-")
		}
	})
	t.Run("commands name the brokers", func(t *testing.T) {
		assert.Contains(t, asAdmin("audit", "prod", "-o", "commands").stdout,
			"\nkubectl topicgate delete-topic --topic-id=ordres-id --bootstrap=kafka.example:9093 -- ordres\n")
	})
	t.Run("without the baseline, and failing on the rest", func(t *testing.T) {
		got := asAdmin("audit", "prod", "-o", "json", "--baseline", "exclude", "--fail-on", "orphan")
		assert.Equal(t, exitDenied, got.code)
		assert.NotContains(t, got.stdout, "legacy")
		assert.Zero(t, asAdmin("audit", "prod", "--class", "Platform", "--fail-on", "Orphan").code, "it is judged by what is shown")
	})
	t.Run("a cluster that there is not", func(t *testing.T) {
		got := asAdmin("audit", "staging")
		assert.Equal(t, exitInput, got.code)
		assert.Equal(t, "kubectl-topicgate: KafkaCluster staging: there is none of that name\n", got.stderr)
	})
	t.Run("shells complete the names of clusters", func(t *testing.T) {
		assert.Contains(t, invoke(t, "", "__complete", "audit", "--kubeconfig", c.Kubeconfig(), "").stdout, "prod\ntest\n")
		assert.Contains(t, invoke(t, "", "__complete", "audit", "--class", "").stdout, "Orphan\n")
	})
	t.Run("who may read little is told what is missing", func(t *testing.T) {
		for user, notes := range map[string]int{"auditor": 3, "tenant": 3} {
			config, err := c.User(user)
			require.NoError(t, err)
			path := t.TempDir() + "/" + user
			require.NoError(t, kube.WriteKubeconfig(config, path))
			a := read(invoke(t, "", "audit", "prod", "-o", "json", "-n", "shop", "--now", noon, "--kubeconfig", path))
			require.Len(t, a.Clusters[0].Notes, notes)
			assert.Contains(t, a.Clusters[0].Notes[0], map[string]string{"auditor": "you may not list KafkaTopics", "tenant": "of namespace shop only"}[user])
			for _, finding := range a.Clusters[0].Findings {
				assert.False(t, finding.Kind == "NoOwner" && finding.Object != nil, "a label that may not be read is not absent")
			}
		}
		nobody, err := c.User("nobody")
		require.NoError(t, err)
		path := t.TempDir() + "/nobody"
		require.NoError(t, kube.WriteKubeconfig(nobody, path))
		got := invoke(t, "", "audit", "--kubeconfig", path)
		assert.Equal(t, exitUnreachable, got.code)
		assert.Contains(t, got.stderr, "forbidden")
	})
}

const auditRoles = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: inventory}
rules: [{apiGroups: [topicgate.io], resources: [kafkaclusters, topicinventories], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: inventory}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: inventory}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: auditor}, {apiGroup: rbac.authorization.k8s.io, kind: User, name: tenant}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: topics, namespace: shop}
rules: [{apiGroups: [topicgate.io], resources: [kafkatopics], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: topics, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: topics}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: tenant}]
`
