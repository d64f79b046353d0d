package testutil

import (
	"strings"
	"time"

	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
)

// ClusterID and ClusterName are those of the one cluster that built values belong to.
const (
	ClusterID   = "cluster-1"
	ClusterName = "prod"
)

// Start is the first moment of every test's clock; built objects are an hour old then.
func Start() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

// TopicBuilder makes a declared topic.
type TopicBuilder struct{ object plan.Object }

// Topic begins a declared topic of namespace team-a whose object is named after it, admitted by its cluster.
func Topic(name string) *TopicBuilder {
	object := strings.ToLower(strings.NewReplacer("_", "-").Replace(name))
	return &TopicBuilder{plan.Object{
		AdmitsNamespace: true,
		Declared: topic.Declared{
			Ref: topic.Ref{
				Group: "topicgate.io", Kind: "KafkaTopic", Namespace: "team-a", Name: object,
				UID: "uid-" + object, Created: Start().Add(-time.Hour),
			},
			Generation: 1, Cluster: ClusterName, TopicName: name, ExplicitName: object != name,
			Config: map[string]topic.Value{},
		},
	}}
}

// Object names the object otherwise, as namespace/name; its UID follows.
func (b *TopicBuilder) Object(name string) *TopicBuilder {
	b.object.Ref.Namespace, b.object.Ref.Name, _ = strings.Cut(name, "/")
	b.object.Ref.UID = "uid-" + b.object.Ref.Namespace + "-" + b.object.Ref.Name
	b.object.ExplicitName = b.object.Ref.Name != b.object.TopicName
	return b
}

// UID sets the object's UID.
func (b *TopicBuilder) UID(uid string) *TopicBuilder {
	b.object.Ref.UID = uid
	return b
}

// Age is how long the object exists at Start.
func (b *TopicBuilder) Age(age time.Duration) *TopicBuilder {
	b.object.Ref.Created = Start().Add(-age)
	return b
}

// Implicit leaves topicName out of the object.
func (b *TopicBuilder) Implicit() *TopicBuilder {
	b.object.ExplicitName = false
	return b
}

// Cluster names the cluster that the object refers to; empty for none.
func (b *TopicBuilder) Cluster(name string) *TopicBuilder {
	b.object.Cluster = name
	return b
}

// Partitions sets the declared count.
func (b *TopicBuilder) Partitions(count int64) *TopicBuilder {
	b.object.Partitions = &count
	return b
}

// Replicas sets the declared count.
func (b *TopicBuilder) Replicas(count int64) *TopicBuilder {
	b.object.Replicas = &count
	return b
}

// Config sets one config.
func (b *TopicBuilder) Config(key, value string) *TopicBuilder {
	b.object.Config[key] = topic.Value{Text: value}
	return b
}

// BadConfig sets one config to what is no scalar.
func (b *TopicBuilder) BadConfig(key, problem string) *TopicBuilder {
	b.object.Config[key] = topic.Value{Problem: problem}
	return b
}

// Unmanaged lists keys that are left alone.
func (b *TopicBuilder) Unmanaged(keys ...string) *TopicBuilder {
	b.object.Unmanaged = keys
	return b
}

// Deletion sets the deletion policy.
func (b *TopicBuilder) Deletion(policy topic.DeletionPolicy) *TopicBuilder {
	b.object.Deletion = policy
	return b
}

// Finalized puts our finalizer on.
func (b *TopicBuilder) Finalized() *TopicBuilder {
	b.object.Finalized = true
	return b
}

// Deleting asks for the object's deletion while its namespace lives on and nobody uses the topic.
func (b *TopicBuilder) Deleting() *TopicBuilder {
	b.object.Deleting, b.object.Parent, b.object.Usage.Known = true, plan.ParentAlive, true
	return b
}

// Parent says what of the object's namespace is known.
func (b *TopicBuilder) Parent(parent plan.Parent) *TopicBuilder {
	b.object.Parent = parent
	return b
}

// Usage says who would miss the topic.
func (b *TopicBuilder) Usage(usage topic.Usage) *TopicBuilder {
	b.object.Usage = usage
	return b
}

// Paused pauses this topic.
func (b *TopicBuilder) Paused() *TopicBuilder {
	b.object.Paused = true
	return b
}

// Adopt permits an adoption that changes the topic.
func (b *TopicBuilder) Adopt() *TopicBuilder {
	b.object.Adopt = true
	return b
}

// MayAdopt lets the cluster's adoption selector match the object's namespace.
func (b *TopicBuilder) MayAdopt() *TopicBuilder {
	b.object.MayAdopt = true
	return b
}

// NotAdmitted keeps the cluster's selector from matching the object's namespace.
func (b *TopicBuilder) NotAdmitted() *TopicBuilder {
	b.object.AdmitsNamespace = false
	return b
}

// AllowDeleteUntil lifts deletion protection until so long after Start.
func (b *TopicBuilder) AllowDeleteUntil(ahead time.Duration) *TopicBuilder {
	b.object.AllowDeleteUntil = Start().Add(ahead)
	return b
}

// Synced records in the object's status a topic of that ID, with the declared counts, or 1 where they are left out.
func (b *TopicBuilder) Synced(id string, managed ...string) *TopicBuilder {
	count := func(declared *int64) int64 {
		if declared == nil {
			return 1
		}
		return *declared
	}
	b.object.Recorded = topic.Recorded{
		Cluster: ClusterName, ClusterID: ClusterID, TopicName: b.object.TopicName, TopicID: id,
		Partitions: count(b.object.Partitions), Replicas: count(b.object.Replicas), ManagedConfig: managed,
	}
	return b
}

// Declared is the topic as rules see it.
func (b *TopicBuilder) Declared() topic.Declared { return b.object.Declared }

// Planned is the topic as the plan sees it.
func (b *TopicBuilder) Planned() plan.Object { return b.object }
