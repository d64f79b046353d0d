package status

import (
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/topic"
)

// Seen is what the syncer knows of a cluster after a round that reached its brokers.
type Seen struct {
	// Name is the KafkaCluster's.
	Name    string
	Cluster topic.Cluster
	// SpecVersion is spec.kafkaVersion; it wins over what the brokers let guess.
	SpecVersion string
	Paused      bool
	// Audit is nil until topics were looked at.
	Audit *Audited
	// Creators are who may create topics; nil when nobody asked.
	Creators *topic.Creators
	// AutoCreateRemedy says what was done, or what is to be done, about brokers that create topics by themselves; empty for what
	// is to be done where nothing but their own configuration files decides.
	AutoCreateRemedy string
	// Held are topics whose deletion waits for a person; Limit is what they are over.
	Held []string
	// Frozen says why nothing is written to Kafka; empty when things go on.
	Frozen  topic.Reason
	Message string
}

// Audited is what one look at all topics found.
type Audited struct {
	Counts  audit.Counts
	Missing int64
	Shards  int64
	// Incomplete says why not every topic could be seen; empty when all were.
	Incomplete string
}

// Reached is the status of a cluster whose brokers answered.
func Reached(before v1alpha1.KafkaClusterStatus, generation int64, seen Seen, now time.Time) v1alpha1.KafkaClusterStatus {
	after := *before.DeepCopy()
	after.ObservedGeneration = generation
	if after.ClusterID == "" || seen.Frozen == "" {
		after.ClusterID = seen.Cluster.ID
	}
	after.Brokers = brokers(seen.Cluster.Brokers)
	after.MaxBrokersSeen = max(before.MaxBrokersSeen, int64(len(seen.Cluster.Brokers)))
	after.KafkaVersion = version(seen)
	after.TopicDefaults = defaults(before.TopicDefaults, seen.Cluster)
	if len(seen.Cluster.ConfigKeys) > 0 {
		after.ConfigKeys = seen.Cluster.ConfigKeys
	}
	after.TieredStorage = seen.Cluster.Tiered
	c := conditions{&after.Conditions, now, generation}
	c.set(v1alpha1.ConditionReachable, metav1.ConditionTrue, topic.Connected, "the brokers answer")
	c.autoCreate(seen.Cluster.Brokers, seen.AutoCreateRemedy)
	if seen.Creators != nil {
		after.TopicCreators = topicCreators(*seen.Creators)
		c.creation(*seen.Creators)
	}
	if seen.Audit != nil {
		after.Topics, after.InventoryShards = counts(*seen.Audit), seen.Audit.Shards
		c.audit(seen.Audit.Incomplete)
	}
	if seen.Frozen == topic.ScanIncomplete {
		c.audit(seen.Message)
	}
	c.ready(seen)
	c.held(seen.Name, seen.Held)
	return after
}

// Unreached is the status of a cluster whose brokers could not be asked. All that was seen before stays: the webhook goes
// on judging by it.
func Unreached(before v1alpha1.KafkaClusterStatus, generation int64, failure topic.Failure, now time.Time) v1alpha1.KafkaClusterStatus {
	after := *before.DeepCopy()
	after.ObservedGeneration = generation
	c := conditions{&after.Conditions, now, generation}
	c.set(v1alpha1.ConditionReachable, metav1.ConditionFalse, failure.Reason, failure.Message)
	c.stopped(failure.Reason, failure.Message)
	return after
}

type conditions struct {
	list       *[]metav1.Condition
	now        time.Time
	generation int64
}

func (c conditions) set(kind string, value metav1.ConditionStatus, reason topic.Reason, message string) {
	set(c.list, c.now, c.generation, kind, value, reason, message)
}

func (c conditions) ready(seen Seen) {
	if seen.Frozen != "" {
		c.stopped(seen.Frozen, seen.Message)
		return
	}
	drop(c.list, v1alpha1.ConditionReconciling)
	drop(c.list, v1alpha1.ConditionStalled)
	if seen.Paused {
		c.set(v1alpha1.ConditionReady, metav1.ConditionTrue, topic.Paused, "paused: observed only, nothing is written to Kafka")
		return
	}
	c.set(v1alpha1.ConditionReady, metav1.ConditionTrue, topic.Synced, "topics are being synced")
}

// stopped says that nothing is written to Kafka, and whether waiting helps.
func (c conditions) stopped(reason topic.Reason, message string) {
	c.set(v1alpha1.ConditionReady, metav1.ConditionFalse, reason, message)
	sign(c.list, c.now, c.generation, reason, bounded(message))
}

func (c conditions) audit(incomplete string) {
	if incomplete != "" {
		c.set(v1alpha1.ConditionAuditComplete, metav1.ConditionFalse, topic.ScanIncomplete, incomplete)
		return
	}
	c.set(v1alpha1.ConditionAuditComplete, metav1.ConditionTrue, topic.ScanComplete, "every topic was seen")
}

func (c conditions) held(cluster string, names []string) {
	if len(names) == 0 {
		drop(c.list, v1alpha1.ConditionDeletionsHeld)
		return
	}
	c.set(v1alpha1.ConditionDeletionsHeld, metav1.ConditionTrue, topic.DeletionHeld,
		fmt.Sprintf("%d deletions wait, over deletion.limit: %s; to let exactly these go ahead: kubectl annotate tgc %s %s=%d",
			len(names), join(names), cluster, v1alpha1.ReleaseDeletionsAnnotation, len(names)))
}

func brokers(seen []topic.Broker) []v1alpha1.Broker {
	list := make([]v1alpha1.Broker, len(seen))
	for i, broker := range seen {
		list[i] = v1alpha1.Broker{
			ID: broker.ID, Rack: broker.Rack, Fenced: broker.Fenced, AutoCreate: broker.AutoCreate, AutoCreateSource: broker.AutoCreateSource,
		}
	}
	return list
}

func version(seen Seen) *v1alpha1.KafkaVersion {
	switch {
	case seen.SpecVersion != "":
		return &v1alpha1.KafkaVersion{Value: seen.SpecVersion, Source: "Spec"}
	case seen.Cluster.Version != "":
		return &v1alpha1.KafkaVersion{Value: seen.Cluster.Version, Source: "ApiVersions"}
	default:
		return nil
	}
}

// defaults keeps what was known where the brokers told nothing this time.
func defaults(before *v1alpha1.TopicDefaults, cluster topic.Cluster) *v1alpha1.TopicDefaults {
	after := v1alpha1.TopicDefaults{}
	if before != nil {
		after = *before
	}
	if cluster.DefaultPartitions != 0 || cluster.DefaultReplicas != 0 {
		after.Partitions, after.Replicas = cluster.DefaultPartitions, cluster.DefaultReplicas
	}
	if cluster.ConfigDefaults != nil {
		after.Config = cluster.ConfigDefaults
	}
	if before == nil && equality.Semantic.DeepEqual(after, v1alpha1.TopicDefaults{}) {
		return nil
	}
	return &after
}

func counts(audited Audited) *v1alpha1.TopicCounts {
	return &v1alpha1.TopicCounts{
		Total: audited.Counts.Total, Managed: audited.Counts.Managed, Elsewhere: audited.Counts.Elsewhere, Orphan: audited.Counts.Orphan,
		Ignored: audited.Counts.Ignored, Unknown: audited.Counts.Unknown, Missing: audited.Missing,
	}
}
