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
	// (of a known product), Ignored (by a rule) or Unknown (it could not be described).
	// +required
	Class TopicClass `json:"class"`
	// object is the KafkaTopic that owns the topic or, when it is Released, that did.
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
}

// ObjectRef names a KafkaTopic.
type ObjectRef struct {
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
// +kubebuilder:validation:Enum=Managed;Candidate;Orphan;Released;Internal;Platform;Ignored;Unknown
type TopicClass string

// TopicInventoryList is a list of TopicInventories.
// +kubebuilder:object:root=true
type TopicInventoryList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []TopicInventory `json:"items"`
}
