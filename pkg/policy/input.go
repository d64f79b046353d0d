package policy

import (
	"time"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// Input is everything that a set of policies judges one topic by.
type Input struct {
	New topic.Declared
	// Old is what counts as the topic before: violations that it had already, no worse, only warn. Nil for none.
	Old *topic.Declared
	// Found says that Old is no object but the topic as it was found on the brokers, which tells nothing of labels.
	Found bool
	Facts Facts
}

// Facts are what rules may know beyond the object. What is nil or zero is not known; a rule that needs it is undecided.
type Facts struct {
	Now       time.Time
	Namespace Namespace
	Cluster   Cluster
	// Live is the topic as it is on the brokers; nil when it is not there, or was not seen.
	Live *topic.Observed
	// Usage is what all other objects of the namespace have on the cluster together; nil when not known.
	Usage *Usage
}

// Namespace is the object's.
type Namespace struct {
	Name                string
	Labels, Annotations map[string]string
	// Known says that Labels and Annotations were read: without it, selectors on them are undecided.
	Known bool
}

// Cluster is the KafkaCluster that the object names, as far as rules may know it.
type Cluster struct {
	Name, Version string
	Configs       topicconfig.Table
	// Brokers and Racks count what is live; zero when never seen. A broker without a rack counts as a rack of its own.
	Brokers, Racks int64
	// DefaultPartitions and DefaultReplicas are the brokers' defaults; zero when never seen.
	DefaultPartitions, DefaultReplicas int64
	// ConfigDefaults are the topic configs for which the brokers' own configuration differs from Kafka's; nil when unknown.
	ConfigDefaults map[string]string
	// DefaultDeletion is the cluster's default for what deleting an object does.
	DefaultDeletion topic.DeletionPolicy
	// Stale says why facts about the brokers cannot be relied on, such as "facts 3 h old"; empty when they can.
	Stale string
}
