package validate

import (
	"time"

	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// Facts are what the rules know beyond the object itself. A look-up that failed is an error of the caller's, never an
// empty fact.
type Facts struct {
	Now time.Time
	// Cluster is the object's cluster; nil when there is none of that name.
	Cluster *Cluster
	// Clusters are the names of clusters that admit the object's namespace, for the fix of a wrong one.
	Clusters []string
	// Claims are other living objects whose topic name, on the same Kafka cluster, equals or collides with this one's.
	Claims []Claim
	// Live is the topic of that name as last seen on the brokers; nil when none was seen.
	Live *Live
	// Colliding are other topics on the brokers whose names collide with this one's.
	Colliding []string
	// NamespaceTerminating says that the object's namespace is being deleted, so its topics are kept anyway.
	NamespaceTerminating bool
	// Policies are all TopicPolicies with their exceptions; nil for none.
	Policies *policy.Set
	// Namespace is the object's, for policies.
	Namespace policy.Namespace
	// Usage is what the namespace's other objects have on the cluster; nil when not known.
	Usage *policy.Usage
}

// Cluster is what a rule may know of the object's cluster.
type Cluster struct {
	Name    string
	ID      string
	Version string
	// Configs are the topic configs of that version.
	Configs topicconfig.Table
	Naming  naming.Mode
	// Reserved changes which names nobody may declare there.
	Reserved naming.Reservations
	// AdmitsNamespace and MayAdopt are the cluster's selectors applied to the object's namespace.
	AdmitsNamespace, MayAdopt bool
	// Protection is None, InUse or Always.
	Protection      string
	DefaultDeletion topic.DeletionPolicy
	// LiveBrokers and MaxBrokers count brokers now and at most ever; zero when never seen.
	LiveBrokers, MaxBrokers int64
	// Racks counts the racks of the live brokers, one without a rack as one of its own; zero when never seen.
	Racks int64
	// DefaultPartitions and DefaultReplicas are the brokers' defaults; zero when unknown.
	DefaultPartitions, DefaultReplicas int64
	// ConfigKeys are what the brokers know; nil when unknown.
	ConfigKeys []string
	// UnknownConfig is Warn, Deny or empty: what becomes of keys that are not Kafka's own.
	UnknownConfig string
	// Tiering says whether topics may keep segments in remote storage.
	Tiering topicconfig.Tiering
	// ConfigDefaults are the topic configs for which the brokers' own configuration differs from Kafka's defaults, with
	// what topics get instead; nil when unknown.
	ConfigDefaults map[string]string
	// Stale says why the facts about the brokers cannot be relied on, such as "facts 3 h old"; empty when they can.
	Stale string
}

// Claim is another object that declares a topic.
type Claim struct {
	Ref       topic.Ref
	TopicName string
}

// Live is a topic that exists on the brokers.
type Live struct {
	topic.Observed
	// Owned says that this very object owns the topic.
	Owned bool
	// TakeBack says that an object of the same namespace owned it before and was deleted: its namespace may have it back.
	TakeBack bool
	// Elsewhere is another product's object that declares the topic; the zero Ref when none does.
	Elsewhere topic.Ref
	// Bytes is at most what all partitions hold together, each counted once; nil when it was not measured.
	Bytes *int64
	// OldestRecord is the day (UTC) of the oldest record; zero when there is none, or it was not measured.
	OldestRecord time.Time
}

// As is the object as it would read if it declared exactly what is on the brokers.
func (l *Live) As(declared topic.Declared) topic.Declared {
	if declared.Partitions != nil && l.Partitions > 0 {
		declared.Partitions = &l.Partitions
	}
	if declared.Replicas != nil && l.Replicas > 0 {
		declared.Replicas = &l.Replicas
	}
	config := make(map[string]topic.Value, len(l.Config))
	for key, text := range l.Config {
		config[key] = topic.Value{Text: text}
	}
	declared.Config = config
	return declared
}

// mayTake says whether a topic that exists without this object may become this object's.
func (in Input) mayTake() bool {
	live := in.Facts.Live
	if live == nil || in.Facts.Cluster == nil {
		return false
	}
	return live.TakeBack || in.Facts.Cluster.MayAdopt
}

// liveCounts are partitions and replicas as last seen on the brokers, or as the object's status remembers them.
func (in Input) liveCounts() (partitions, replicas int64) {
	if live := in.Facts.Live; live != nil {
		return live.Partitions, live.Replicas
	}
	if in.Op == Sync { // the syncer has just looked: what it did not see is not there
		return 0, 0
	}
	return in.New.Recorded.Partitions, in.New.Recorded.Replicas
}

// stale says whether facts about the brokers can only warn.
func (in Input) stale() bool { return in.Facts.Cluster == nil || in.Facts.Cluster.Stale != "" }

// byBrokers refuses on fresh facts and warns on stale ones (a broker outage never blocks `kubectl apply`).
func (in Input) byBrokers(violation topic.Violation) finding {
	if !in.stale() {
		return refuse(violation)
	}
	if in.Facts.Cluster != nil {
		violation.Problem += " (" + in.Facts.Cluster.Stale + "; the syncer checks again)"
	}
	return warn(violation)
}

func (in Input) clusterSource() string {
	if in.Facts.Cluster == nil {
		return "TopicGate"
	}
	return "KafkaCluster " + in.Facts.Cluster.Name
}

func (in Input) kafkaSource() string {
	if in.Facts.Cluster == nil || in.Facts.Cluster.Version == "" {
		return "Kafka"
	}
	return "Kafka " + in.Facts.Cluster.Version
}
