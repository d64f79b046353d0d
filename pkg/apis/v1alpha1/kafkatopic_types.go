package v1alpha1

import (
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// KafkaTopic declares one topic on one Kafka cluster. Kubernetes is the source of truth: the syncer makes the brokers
// match the spec and reports in the status; nothing read from Kafka ever changes a spec.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,shortName=tgt,categories=topicgate
// +kubebuilder:printcolumn:name="Cluster",type=string,JSONPath=`.spec.clusterRef.name`,description="KafkaCluster that holds the topic"
// +kubebuilder:printcolumn:name="Topic",type=string,JSONPath=`.status.topicName`,description="Name of the topic on the brokers"
// +kubebuilder:printcolumn:name="Partitions",type=integer,JSONPath=`.status.partitions`,description="Partitions on the brokers"
// +kubebuilder:printcolumn:name="Replicas",type=integer,JSONPath=`.status.replicas`,description="Replicas of each partition on the brokers"
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`,description="Whether the topic is as declared"
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`,description="Why it is, or is not, ready"
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`,description="Age of this object"
// +kubebuilder:printcolumn:name="Message",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].message`,description="What the reason means here"
type KafkaTopic struct {
	metav1.TypeMeta `json:",inline"`
	// +optional
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the topic as its owner wants it.
	// +optional
	Spec KafkaTopicSpec `json:"spec,omitempty"`
	// status is what the syncer last saw and did. Ownership of the topic rests on it: tenants must not be able to write it.
	// +optional
	Status KafkaTopicStatus `json:"status,omitempty"`
}

// KafkaTopicSpec is the topic as its owner wants it.
type KafkaTopicSpec struct {
	// clusterRef names the KafkaCluster that holds the topic. Absent, it is filled at admission when exactly one
	// KafkaCluster is annotated topicgate.io/default-cluster=true. Immutable once set.
	// +optional
	ClusterRef *ClusterRef `json:"clusterRef,omitempty"`

	// topicName is the name on the brokers: 1 to 249 of [a-zA-Z0-9._-]. Absent, it is metadata.name. The effective
	// name is immutable.
	// +optional
	// +kubebuilder:validation:MaxLength=4096
	TopicName *string `json:"topicName,omitempty"`

	// partitions is how many partitions the topic has; it never decreases. Absent, the brokers' default is taken at
	// creation and the count is not compared afterwards.
	// +optional
	Partitions *int64 `json:"partitions,omitempty"`

	// replicas is how many brokers hold each partition. Absent, the brokers' default is taken at creation and the
	// count is not compared afterwards.
	// +optional
	Replicas *int64 `json:"replicas,omitempty"`

	// config holds topic-level configs, key to value, such as retention.ms: 604800000. A value is a string, a number
	// or a bool; null is refused: drop the line to go back to the brokers' default, or list the key in
	// unmanagedConfig to leave it alone.
	// +optional
	// +kubebuilder:validation:MaxProperties=256
	Config map[string]apiextensionsv1.JSON `json:"config,omitempty"`

	// unmanagedConfig lists config keys that are never set, reset or compared: hands off.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=256
	// +kubebuilder:validation:items:MaxLength=256
	UnmanagedConfig []string `json:"unmanagedConfig,omitempty"`

	// deletionPolicy says what deleting this object does to the topic: Retain keeps it, Delete deletes it with all
	// its records. Absent, the KafkaCluster's deletion.default applies. Patching it to Retain on an object that is
	// being deleted releases that object at once and keeps the topic.
	// +optional
	DeletionPolicy DeletionPolicy `json:"deletionPolicy,omitempty"`
}

// DeletionPolicy says what deleting an object does to its topic.
// +kubebuilder:validation:Enum=Retain;Delete
type DeletionPolicy string

// What deleting an object does to its topic.
const (
	// DeletionRetain keeps the topic on the brokers; the audit lists it as Released.
	DeletionRetain DeletionPolicy = "Retain"
	// DeletionDelete deletes the topic and its records, by topic ID, once every guard has passed.
	DeletionDelete DeletionPolicy = "Delete"
)

// ClusterRef names a KafkaCluster.
type ClusterRef struct {
	// name is the KafkaCluster's metadata.name.
	// +required
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name"`
}

// KafkaTopicStatus is what the syncer last saw and did.
type KafkaTopicStatus struct {
	// observedGeneration is the metadata.generation that this status speaks of.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// cluster is where the topic was first synced to; pinned from then on.
	// +optional
	Cluster *SyncedCluster `json:"cluster,omitempty"`
	// topicName is the topic's name on the brokers; pinned at the first sync.
	// +optional
	TopicName string `json:"topicName,omitempty"`
	// topicID is Kafka's own ID of the topic. A topic of the same name with another ID is another topic.
	// +optional
	TopicID string `json:"topicID,omitempty"`
	// partitions is how many partitions the topic has on the brokers.
	// +optional
	Partitions int64 `json:"partitions,omitempty"`
	// replicas is how many replicas each partition has on the brokers.
	// +optional
	Replicas int64 `json:"replicas,omitempty"`
	// managedConfig lists the config keys that the syncer has set, and so may reset once the spec drops them.
	// +optional
	// +listType=set
	ManagedConfig []string `json:"managedConfig,omitempty"`
	// defaultedConfig lists the config keys that a TopicPolicy's default gave the topic when it was created. The syncer
	// leaves them as they are from then on.
	// +optional
	// +listType=set
	DefaultedConfig []string `json:"defaultedConfig,omitempty"`
	// conditions: Ready always; Reconciling, Stalled, Drifted and PolicyViolation (a rule of a TopicPolicy is broken, and
	// that is let pass) only while they are True.
	// +optional
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// SyncedCluster is the Kafka cluster that a topic was first synced to.
type SyncedCluster struct {
	// name is the KafkaCluster's name.
	// +optional
	Name string `json:"name,omitempty"`
	// id is the Kafka cluster's own ID.
	// +optional
	ID string `json:"id,omitempty"`
}

// KafkaTopicList is a list of KafkaTopics.
// +kubebuilder:object:root=true
type KafkaTopicList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []KafkaTopic `json:"items"`
}
