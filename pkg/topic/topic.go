package topic

import (
	"maps"
	"slices"
	"time"
)

// Ref names an object and carries what decides between two of them.
type Ref struct {
	Group, Kind     string
	Namespace, Name string
	UID             string
	// Created is the object's creation time, to the second: the API server keeps no more.
	Created time.Time
}

// String is namespace/name, as kubectl prints it.
func (r Ref) String() string { return r.Namespace + "/" + r.Name }

// Older says whether r precedes other in the order of claims: creation time, then UID.
func (r Ref) Older(other Ref) bool {
	if !r.Created.Equal(other.Created) {
		return r.Created.Before(other.Created)
	}
	return r.UID < other.UID
}

// Key is a topic's identity across objects: one name on one Kafka cluster.
type Key struct {
	ClusterID, Name string
}

// DeletionPolicy says what deleting an object does to its topic.
type DeletionPolicy string

// What deleting an object does to its topic. The empty policy stands for the cluster's default.
const (
	Retain DeletionPolicy = "Retain"
	Delete DeletionPolicy = "Delete"
)

// Value is one config value as the object holds it.
type Value struct {
	// Text is the value in Kafka's form: a string as it is, a number without exponent, true or false.
	Text string
	// Problem is set where the object holds no string, number or bool, such as null.
	Problem string
}

// Declared is a topic as its object's owner wants it.
type Declared struct {
	Ref Ref
	// Labels and Annotations are the object's; policies may speak of them.
	Labels, Annotations map[string]string
	// Generation counts changes of the spec.
	Generation int64
	// Cluster is the name of the cluster object; empty when the object names none.
	Cluster string
	// TopicName is the effective name: explicit, or the object's own.
	TopicName string
	// ExplicitName says that the object itself carries TopicName.
	ExplicitName bool
	// Partitions and Replicas are nil when the object leaves them to the brokers.
	Partitions, Replicas *int64
	Config               map[string]Value
	// Unmanaged lists config keys that are never set, reset or compared.
	Unmanaged []string
	// Deletion is empty where the object leaves it to the cluster.
	Deletion DeletionPolicy

	// Deleting says that the object's deletion was asked for.
	Deleting bool
	// Finalized says that the object carries our finalizer.
	Finalized bool
	// Paused says that this topic is to be observed only.
	Paused bool
	// Adopt says that an adoption may change the topic.
	Adopt bool
	// AllowDeleteUntil lifts deletion protection until then; zero lifts nothing.
	AllowDeleteUntil time.Time
	// Recorded is what earlier syncs left in the object's status.
	Recorded Recorded
}

// Recorded is what earlier syncs left in an object's status; all zero before the first one.
type Recorded struct {
	Cluster, ClusterID string
	TopicName          string
	TopicID            string
	Partitions         int64
	Replicas           int64
	// ManagedConfig lists the keys that the syncer has set.
	ManagedConfig []string
	// DefaultedConfig lists the keys that a policy's default gave the topic at its creation.
	DefaultedConfig []string
}

// Texts is the declared config without what could not be read.
func (d Declared) Texts() map[string]string {
	texts := make(map[string]string, len(d.Config))
	for key, value := range d.Config {
		if value.Problem == "" {
			texts[key] = value.Text
		}
	}
	return texts
}

// HandsOff says whether a config key is never to be set, reset or compared.
func (d Declared) HandsOff(key string) bool { return slices.Contains(d.Unmanaged, key) }

// EffectiveDeletion is the object's policy, or the cluster's default where it has none, or Retain where neither has one.
func (d Declared) EffectiveDeletion(clusterDefault DeletionPolicy) DeletionPolicy {
	switch {
	case d.Deletion != "":
		return d.Deletion
	case clusterDefault != "":
		return clusterDefault
	default:
		return Retain
	}
}

// Observed is a topic as the brokers show it.
type Observed struct {
	Name string
	ID   string
	// Partitions and Replicas are counts; Replicas is that of the partition with the most.
	Partitions, Replicas int64
	// Leaderless counts partitions without a live leader.
	Leaderless int64
	// Reassigning says that replicas are being moved, so partitions must not be added now.
	Reassigning bool
	// Internal is Kafka's own mark.
	Internal bool
	// Config holds topic-level overrides only: never defaults, never the brokers' own settings.
	Config map[string]string
	// ConfigKnown says that Config was read; without it, nothing may be concluded from an absent key.
	ConfigKnown bool
}

// Clone copies o so that the copy's config can be changed.
func (o Observed) Clone() Observed {
	config := make(map[string]string, len(o.Config))
	maps.Copy(config, o.Config)
	o.Config = config
	return o
}
