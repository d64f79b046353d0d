package offline_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/offline/manifest"
	"github.com/topicgate/topicgate/pkg/offline/world"
	"github.com/topicgate/topicgate/pkg/report"
)

const cluster = `
---
apiVersion: topicgate.io/v1alpha1
kind: KafkaCluster
metadata: {name: prod}
spec: {bootstrapServers: ["a:1"], namespaceSelector: {matchLabels: {kafka: prod}}, adoption: {namespaceSelector: {matchLabels: {adopts: "yes"}}}}
status:
  clusterID: id
  inventoryShards: 1
  maxBrokersSeen: 3
  brokers: [{id: 1}, {id: 2}, {id: 3}]
`

const namespace = `
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {kafka: prod}}
spec: {finalizers: [kubernetes], unheardOf: true}
`

func inventory(entry string) string {
	return "\n---\napiVersion: topicgate.io/v1alpha1\nkind: TopicInventory\nmetadata: {name: prod-0}\ncluster: prod\nclusterID: id\nshard: 0\ntopics: [{name: orders, topicID: t1, partitions: 6, replicas: 3, class: Managed" + entry + "}]\n"
}

func declared(name, spec string) string {
	return "\n---\napiVersion: topicgate.io/v1alpha1\nkind: KafkaTopic\nmetadata: {name: " + name + ", namespace: shop}\nspec: {clusterRef: {name: prod}, replicas: 3" + spec + "}\n"
}

const stored = `
---
apiVersion: topicgate.io/v1alpha1
kind: KafkaTopic
metadata: {name: orders, namespace: shop, uid: u1, creationTimestamp: "2026-01-01T00:00:00Z"}
spec: {clusterRef: {name: prod}, partitions: 6, replicas: 3}
status: {topicID: t1, topicName: orders, partitions: 6, replicas: 3, cluster: {name: prod, id: id}}
`

func read(t *testing.T, text string) offline.Manifests {
	t.Helper()
	documents, problems := manifest.Read("a.yaml", []byte(text), manifest.MostBytes)
	require.Empty(t, problems)
	manifests, problems := offline.Collect(documents, "shop")
	require.Empty(t, problems)
	return manifests
}

// said is what is said of objects: each level with its rules.
func said(r report.Report) map[report.Level][]string {
	found := map[report.Level][]string{}
	for _, result := range r.Results {
		for _, finding := range result.Findings {
			found[finding.Level] = append(found[finding.Level], finding.Rules...)
		}
	}
	return found
}

func TestJudge(t *testing.T) {
	t.Parallel()
	type levels = map[report.Level][]string
	quota := "\n---\napiVersion: topicgate.io/v1alpha1\nkind: TopicPolicy\nmetadata: {name: p}\nspec: {enforcement: Deny, rules: [{name: q, quota: {topics: 2}}]}\n"
	tests := map[string]struct {
		facts, before, topics string
		want                  levels
	}{
		"whose labels are not known is not called refused": {
			cluster, "", declared("orders", ", partitions: 6"),
			levels{report.Skip: {"builtin/NamespaceNotAdmitted"}},
		},
		"whose labels are known is": {
			cluster + "\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n", "", declared("orders", ", partitions: 6"),
			levels{report.Deny: {"builtin/NamespaceNotAdmitted"}},
		},
		"a KafkaCluster that is none of those known": {
			cluster + namespace, "", "\n---\napiVersion: topicgate.io/v1alpha1\nkind: KafkaTopic\nmetadata: {name: a}\nspec: {clusterRef: {name: other}}\n",
			levels{report.Deny: {"builtin/ClusterNotFound"}},
		},
		"a topic that the inventory gives to this very object, which no facts hold": {
			cluster + namespace + inventory(", object: {namespace: shop, name: orders, uid: u1}"), "", declared("orders", ", partitions: 3"),
			levels{report.Deny: {"builtin/PartitionsDecreased"}},
		},
		"a topic that is nobody's may be adopted by permission only": {
			cluster + namespace + inventory(""), "", declared("orders", ", partitions: 6"),
			levels{report.Deny: {"builtin/AdoptionNotPermitted"}},
		},
		"the facts' own object is what was before": {
			cluster + namespace + stored, "", declared("orders", ", partitions: 3"),
			levels{report.Deny: {"builtin/PartitionsDecreased"}},
		},
		"unchanged, so not judged": {
			cluster + namespace + stored, "", declared("orders", ", partitions: 6"), levels{},
		},
		"the second of two that declare one topic": {
			cluster + namespace, "", declared("a", ", topicName: same") + declared("b", ", topicName: same"),
			levels{report.Deny: {"builtin/DuplicateClaim"}},
		},
		"names that collide": {
			cluster + namespace, "", declared("a", ", topicName: x.y") + declared("b", ", topicName: x_y"),
			levels{report.Deny: {"builtin/TopicNameCollision"}},
		},
		"a name that is free because its object is deleted in the same change": {
			cluster + namespace, declared("a", ", topicName: same"), declared("b", ", topicName: same"), levels{},
		},
		"a quota that the third fills": {
			cluster + namespace + quota, "", declared("a", ", partitions: 1") + declared("b", ", partitions: 1") + declared("c", ", partitions: 1"),
			levels{report.Deny: {"p/q"}},
		},
		"a quota that a deletion makes room in": {
			cluster + namespace + quota, declared("a", ", partitions: 1") + declared("b", ", partitions: 1"), declared("b", ", partitions: 1") + declared("c", ", partitions: 1"),
			levels{},
		},
		"no facts, no KafkaCluster": {
			"", "", declared("a", ", partitions: 0"),
			levels{report.Deny: {"builtin/PartitionsInvalid"}, report.Skip: {"builtin/FactsMissing"}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			facts := read(t, tt.facts)
			set, problems, warnings := offline.Compile(facts)
			require.Empty(t, append(problems, warnings...))
			around := world.New(facts, set, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
			verdicts, err := offline.Judge(around, read(t, tt.topics).Topics, read(t, tt.before).Topics)
			require.NoError(t, err)
			assert.Equal(t, tt.want, said(offline.Report(verdicts, offline.Reporting{})))
		})
	}
}

func TestStatusIsBelievedOnlyOfFacts(t *testing.T) {
	t.Parallel()
	facts, given := read(t, cluster), read(t, "\n---\napiVersion: topicgate.io/v1alpha1\nkind: KafkaCluster\nmetadata: {name: prod}\nspec: {bootstrapServers: [\"b:1\"]}\nstatus: {clusterID: forged}\n")
	around := offline.Surround(facts, given)
	require.Len(t, around.Clusters, 1)
	assert.Equal(t, "id", around.Clusters[0].Object.Status.ClusterID)
	assert.Equal(t, []string{"b:1"}, around.Clusters[0].Object.Spec.BootstrapServers)
}
