package parity

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
	"github.com/topicgate/topicgate/pkg/validate"
)

// cluster is a KafkaCluster with what is known of its brokers; see clusters.yaml.
type cluster struct {
	Version       string                  `json:"version"`
	Brokers       int64                   `json:"brokers"`
	Racks         int64                   `json:"racks"`
	Defaults      *v1alpha1.TopicDefaults `json:"defaults"`
	ConfigUnknown bool                    `json:"configUnknown"`
	Deletion      v1alpha1.DeletionPolicy `json:"deletion"`
	Stale         bool                    `json:"stale"`

	name string
}

// mostBrokers is how many brokers each cluster once had: TopicGate's own rule lets topics have as many replicas, so that
// what refuses more than there are now is a policy.
const mostBrokers = 9

// outage is for how long the brokers of a stale cluster have not answered.
const outage = 2 * time.Hour

func clusters(t *testing.T) map[string]cluster {
	t.Helper()
	content, err := os.ReadFile("testdata/clusters.yaml")
	require.NoError(t, err)
	var known map[string]cluster
	require.NoError(t, yaml.UnmarshalStrict(content, &known))
	for name, one := range known {
		one.name = name
		known[name] = one
	}
	return known
}

// unseen says that the brokers were never reached.
func (c cluster) unseen() bool { return c.Brokers == 0 }

func (c cluster) id() string {
	if c.unseen() {
		return ""
	}
	return "id-" + c.name
}

// facts are what the webhook knows of the cluster where a namespace may or may not adopt topics. The syncer, which has just
// looked, has nothing stale.
func (c cluster) facts(mayAdopt bool) *validate.Cluster {
	facts := &validate.Cluster{
		Name: c.name, ID: c.id(), Version: c.Version, Configs: topicconfig.For(c.Version), Naming: naming.Explicit,
		AdmitsNamespace: true, MayAdopt: mayAdopt, Protection: validate.ProtectInUse, DefaultDeletion: topic.DeletionPolicy(c.Deletion),
		LiveBrokers: c.Brokers, Racks: c.Racks,
	}
	if c.unseen() {
		facts.Stale = "the brokers were never seen yet"
		return facts
	}
	facts.MaxBrokers = mostBrokers
	if c.Stale {
		facts.Stale = fmt.Sprintf("facts %.0f h old", outage.Hours())
	}
	if d := c.Defaults; d != nil {
		facts.DefaultPartitions, facts.DefaultReplicas, facts.ConfigDefaults = d.Partitions, d.Replicas, d.Config
	}
	if !c.ConfigUnknown {
		facts.ConfigKeys = facts.Configs.Keys()
		if facts.ConfigDefaults == nil {
			facts.ConfigDefaults = map[string]string{}
		}
	}
	return facts
}

// object is the KafkaCluster with the status that a syncer would have written.
func (c cluster) object(now time.Time) *v1alpha1.KafkaCluster {
	object := &v1alpha1.KafkaCluster{ObjectMeta: metav1.ObjectMeta{Name: c.name}}
	object.Spec = v1alpha1.KafkaClusterSpec{
		BootstrapServers: []string{"kafka-0.example:9092"}, NamespaceSelector: &metav1.LabelSelector{},
		Adoption: &v1alpha1.Adoption{NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{adoptsLabel: "yes"}}},
		Deletion: v1alpha1.Deletion{Default: c.Deletion},
	}
	if c.unseen() {
		return object
	}
	reachable := metav1.Condition{
		Type: v1alpha1.ConditionReachable, Status: metav1.ConditionTrue, Reason: "Connected", LastTransitionTime: metav1.NewTime(now.Add(-outage)),
	}
	if c.Stale {
		reachable.Status, reachable.Reason = metav1.ConditionFalse, "KafkaUnreachable"
	}
	object.Status = v1alpha1.KafkaClusterStatus{
		ClusterID: c.id(), MaxBrokersSeen: mostBrokers, InventoryShards: 1, TopicDefaults: c.Defaults,
		KafkaVersion: &v1alpha1.KafkaVersion{Value: c.Version, Source: "ApiVersions"}, Conditions: []metav1.Condition{reachable},
	}
	for i := range c.Brokers {
		object.Status.Brokers = append(object.Status.Brokers, v1alpha1.Broker{ID: i + 1, Rack: fmt.Sprintf("rack-%d", i%c.Racks)})
	}
	if !c.ConfigUnknown {
		object.Status.ConfigKeys = topicconfig.For(c.Version).Keys()
	}
	return object
}
