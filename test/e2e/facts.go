package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/manifests"
)

// What a syncer would have written, for tests that run none.

// SyncerSeen makes it look as if a syncer renewed its lease at the given time.
func (e *Env) SyncerSeen(t testing.TB, at time.Time) {
	t.Helper()
	lease := &coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Namespace: manifests.SyncerNamespace, Name: "topicgate-syncer"}}
	spec := coordinationv1.LeaseSpec{RenewTime: new(metav1.NewMicroTime(at)), HolderIdentity: new("test")}
	if err := e.Client.Get(t.Context(), client.ObjectKeyFromObject(lease), lease); err == nil {
		lease.Spec = spec
		require.NoError(t, e.Client.Update(t.Context(), lease))
		return
	}
	lease.Spec = spec
	require.NoError(t, e.Client.Create(t.Context(), lease))
}

// ThreeBrokers is the status of a cluster that has three brokers of Kafka 4.4, all of them up.
func ThreeBrokers(id string) v1alpha1.KafkaClusterStatus {
	now := metav1.Now()
	return v1alpha1.KafkaClusterStatus{
		ClusterID: id, MaxBrokersSeen: 3, InventoryShards: 1,
		Brokers:       []v1alpha1.Broker{{ID: 1}, {ID: 2}, {ID: 3}},
		KafkaVersion:  &v1alpha1.KafkaVersion{Value: "4.4", Source: "ApiVersions"},
		TopicDefaults: &v1alpha1.TopicDefaults{Partitions: 1, Replicas: 3},
		Conditions: []metav1.Condition{{
			Type: v1alpha1.ConditionReachable, Status: metav1.ConditionTrue, Reason: "Connected", LastTransitionTime: now,
		}},
	}
}

// SetStatus writes the status of a KafkaCluster.
func (e *Env) SetStatus(t testing.TB, name string, status v1alpha1.KafkaClusterStatus) {
	t.Helper()
	cluster := &v1alpha1.KafkaCluster{}
	require.NoError(t, e.Client.Get(t.Context(), client.ObjectKey{Name: name}, cluster))
	cluster.Status = status
	require.NoError(t, e.Client.Status().Update(t.Context(), cluster))
}

// SetInventory writes the one inventory shard of a cluster.
func (e *Env) SetInventory(t testing.TB, cluster, id string, topics ...v1alpha1.InventoryTopic) {
	t.Helper()
	shard := &v1alpha1.TopicInventory{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("%s-%03d", cluster, 0)}}
	missing := e.Client.Get(t.Context(), client.ObjectKeyFromObject(shard), shard)
	shard.Cluster, shard.ClusterID, shard.Topics = cluster, id, topics
	if missing != nil {
		require.NoError(t, e.Client.Create(t.Context(), shard))
		return
	}
	require.NoError(t, e.Client.Update(t.Context(), shard))
}

// ClusterYAML is a KafkaCluster that admits the namespaces labelled kafka=NAME, with more lines of its spec as given.
func ClusterYAML(name string, more ...string) string {
	yaml := `---
apiVersion: topicgate.io/v1alpha1
kind: KafkaCluster
metadata: {name: ` + name + `}
spec:
  bootstrapServers: ["kafka-0.example:9092"]
  namespaceSelector: {matchLabels: {kafka: ` + name + `}}
`
	return yaml + lines(more)
}

// TopicYAML is a KafkaTopic, with the lines of its spec as given.
func TopicYAML(namespace, name string, spec ...string) string {
	yaml := `---
apiVersion: topicgate.io/v1alpha1
kind: KafkaTopic
metadata: {name: ` + name + `, namespace: ` + namespace + `}
`
	if len(spec) == 0 {
		return yaml
	}
	return yaml + "spec:\n" + lines(spec)
}

func lines(of []string) string {
	var text strings.Builder
	for _, line := range of {
		text.WriteString("  " + line + "\n")
	}
	return text.String()
}
