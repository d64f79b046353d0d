package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TopicInventory is one shard of what is on a Kafka cluster's brokers. It is written by the syncer only, and only when
// something changed; the webhook judges by it and auditors read it.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,shortName=tgi,categories=topicgate,path=topicinventories
// +kubebuilder:printcolumn:name="Cluster",type=string,JSONPath=`.cluster`,description="KafkaCluster"
// +kubebuilder:printcolumn:name="Shard",type=integer,JSONPath=`.shard`,description="Shard number"
// +kubebuilder:printcolumn:name="Topics",type=string,JSONPath=`.topics[*].name`,priority=1,description="Names of the topics in this shard"
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`,description="Age of this object"
type TopicInventory struct {
	metav1.TypeMeta `json:",inline"`
	// +optional
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// cluster is the KafkaCluster's name.
	// +required
	Cluster string `json:"cluster"`
	// clusterID is Kafka's own ID of the cluster.
	// +optional
	ClusterID string `json:"clusterID,omitempty"`
	// shard is this shard's number: the first bits of the SHA-256 of a topic's name. Shards of a number at or above
	// KafkaCluster.status.inventoryShards are leftovers and are not read.
	// +optional
	Shard int64 `json:"shard"`
	// topics are sorted by name.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=20000
	Topics []InventoryTopic `json:"topics,omitempty"`
}

// InventoryTopic is one topic on the brokers. What is absent is unknown.
type InventoryTopic struct {
	// name is the topic's name on the brokers.
	// +required
	Name string `json:"name"`
	// topicID is Kafka's own ID of the topic.
	// +optional
	TopicID string `json:"topicID,omitempty"`
	// partitions is how many partitions the topic has.
	// +optional
	Partitions int64 `json:"partitions,omitempty"`
	// replicas is how many replicas each partition has.
	// +optional
	Replicas int64 `json:"replicas,omitempty"`
	// class says what the topic is to Kubernetes: Managed, Candidate (seen without an object for the first time, or
	// within the grace period), Orphan, Released (its object was deleted with Retain), Internal (Kafka's own), Platform
	// (of a known product, or of an application that makes its own topics, as origin says), ManagedElsewhere (declared by
	// another product's KafkaTopic), Ignored (by a rule) or Unknown (it could not be described).
	// +required
	Class TopicClass `json:"class"`
	// object is the KafkaTopic that owns the topic or, when it is Released, that did; of another group when it is
	// ManagedElsewhere.
	// +optional
	Object *ObjectRef `json:"object,omitempty"`
	// baseline marks topics that the first complete scan found: they were there before us.
	// +optional
	Baseline bool `json:"baseline,omitempty"`
	// firstSeen is when the syncer first saw this topic ID, to the second. Kafka does not tell when a topic was created.
	// +optional
	FirstSeen metav1.Time `json:"firstSeen,omitempty"`
	// bytes is at most what the topic holds, each partition counted once, rounded up to a power of two. It grows within an
	// audit interval and shrinks at most once a day.
	// +optional
	Bytes *int64 `json:"bytes,omitempty"`
	// oldestRecord is the day (UTC) of the topic's oldest record, as its producer or broker stamped it.
	// +optional
	OldestRecord *metav1.Time `json:"oldestRecord,omitempty"`
	// formerTopicID is the ID of the topic whose place this one took while its KafkaTopic stayed: that one's records are gone.
	// +optional
	FormerTopicID string `json:"formerTopicID,omitempty"`
	// lastWrite is the last day (UTC) on which something is known to have been written.
	// +optional
	LastWrite *metav1.Time `json:"lastWrite,omitempty"`
	// origin says where a topic that no KafkaTopic declares comes from, as far as can be told.
	// +optional
	Origin *TopicOrigin `json:"origin,omitempty"`
	// config holds the topic-level configs of a topic that no KafkaTopic declares: what adopting it has to declare.
	// +optional
	Config map[string]string `json:"config,omitempty"`
	// records is at most how many records a topic holds that no KafkaTopic declares, rounded up to a power of two.
	// +optional
	Records *int64 `json:"records,omitempty"`
	// groups are the first ten consumer groups that read a topic that no KafkaTopic declares, or left offsets there.
	// +optional
	// +listType=atomic
	Groups []TopicGroup `json:"groups,omitempty"`
	// principals are the first ten principals that ACLs name a topic to that no KafkaTopic declares.
	// +optional
	// +listType=atomic
	Principals []string `json:"principals,omitempty"`
	// examined is the day (UTC) on which records, groups and principals were looked for; absent before that.
	// +optional
	Examined *metav1.Time `json:"examined,omitempty"`
	// unseen lists what could not be found out then: records, groups, principals. Absence of those says nothing.
	// +optional
	// +listType=atomic
	Unseen []string `json:"unseen,omitempty"`
}

// TopicOrigin says where a topic that no KafkaTopic declares comes from.
type TopicOrigin struct {
	// kind is Kafka, Product, Streams, StreamsLeftover, Connect, MirrorMaker, DeadLetter, DeletedObject, AutoCreated or Plain.
	// +required
	Kind OriginKind `json:"kind"`
	// of is the application, product or object that it comes from.
	// +optional
	Of string `json:"of,omitempty"`
	// evidence says what that rests on.
	// +optional
	Evidence string `json:"evidence,omitempty"`
}

// OriginKind is a way in which topics come about.
// +kubebuilder:validation:Enum=Kafka;Product;Streams;StreamsLeftover;Connect;MirrorMaker;DeadLetter;DeletedObject;AutoCreated;Plain
type OriginKind string

// TopicGroup is a consumer group and what it has to do with a topic.
type TopicGroup struct {
	// name is the group's name.
	// +required
	Name string `json:"name"`
	// active says that the group had members.
	// +optional
	Active bool `json:"active,omitempty"`
	// lag is at most how many records the group had not read, rounded up to a power of two; absent when it is not known.
	// +optional
	Lag *int64 `json:"lag,omitempty"`
}

// ObjectRef names a KafkaTopic.
type ObjectRef struct {
	// group is the API group of another product's KafkaTopic; absent for topicgate.io.
	// +optional
	Group string `json:"group,omitempty"`
	// namespace is the object's namespace.
	// +required
	Namespace string `json:"namespace"`
	// name is the object's name.
	// +required
	Name string `json:"name"`
	// uid is the object's UID.
	// +optional
	UID string `json:"uid,omitempty"`
}

// TopicClass says what a topic is to Kubernetes.
// +kubebuilder:validation:Enum=Managed;ManagedElsewhere;Candidate;Orphan;Released;Internal;Platform;Ignored;Unknown
type TopicClass string

// TopicInventoryList is a list of TopicInventories.
// +kubebuilder:object:root=true
type TopicInventoryList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []TopicInventory `json:"items"`
}
