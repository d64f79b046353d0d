package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// KafkaClusterStatus is what the syncer last saw of a Kafka cluster.
type KafkaClusterStatus struct {
	// observedGeneration is the metadata.generation that this status speaks of.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// clusterID is Kafka's own ID of the cluster, pinned at the first contact. Another one stops all writes.
	// +optional
	ClusterID string `json:"clusterID,omitempty"`
	// brokers are the brokers registered now, by ID.
	// +optional
	// +listType=map
	// +listMapKey=id
	Brokers []Broker `json:"brokers,omitempty"`
	// maxBrokersSeen is the most brokers ever seen at once; replicas above it are refused.
	// +optional
	MaxBrokersSeen int64 `json:"maxBrokersSeen,omitempty"`
	// kafkaVersion is the lowest release among the brokers, as far as it is known.
	// +optional
	KafkaVersion *KafkaVersion `json:"kafkaVersion,omitempty"`
	// topicDefaults are the brokers' defaults for a new topic.
	// +optional
	TopicDefaults *TopicDefaults `json:"topicDefaults,omitempty"`
	// tieredStorage says whether topics may keep segments in remote storage; absent when it could not be read, or brokers differ.
	// +optional
	TieredStorage *bool `json:"tieredStorage,omitempty"`
	// configKeys are the topic-level config keys that the brokers know.
	// +optional
	// +listType=set
	ConfigKeys []string `json:"configKeys,omitempty"`
	// inventoryShards is how many TopicInventory objects hold what is on the brokers; 0 until the first complete scan.
	// +optional
	InventoryShards int64 `json:"inventoryShards,omitempty"`
	// deletions counts topic deletions against deletion.limit; it is written before they are asked for.
	// +optional
	Deletions *DeletionCount `json:"deletions,omitempty"`
	// topicCreators are the principals that may create topics, other than the syncer's.
	// +optional
	TopicCreators *TopicCreators `json:"topicCreators,omitempty"`
	// topics counts what is on the brokers.
	// +optional
	Topics *TopicCounts `json:"topics,omitempty"`
	// conditions: Ready, Reachable, AutoCreateDisabled, CreationRestricted, AuditComplete, AdmissionEnforced; Reconciling, Stalled and DeletionsHeld only while True.
	// +optional
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// Broker is one broker of a Kafka cluster.
type Broker struct {
	// id is the broker's node ID.
	// +required
	ID int64 `json:"id"`
	// rack is the broker's rack, where it has one.
	// +optional
	Rack string `json:"rack,omitempty"`
	// fenced brokers are registered and serve nobody: they are starting, or gone for a while.
	// +optional
	Fenced bool `json:"fenced,omitempty"`
	// autoCreate is the broker's own auto.create.topics.enable; absent when it could not be read.
	// +optional
	AutoCreate *bool `json:"autoCreate,omitempty"`
	// autoCreateSource says where the value comes from, in Kafka's words, such as STATIC_BROKER_CONFIG or DEFAULT_CONFIG.
	// +optional
	AutoCreateSource string `json:"autoCreateSource,omitempty"`
}

// KafkaVersion is a release of Kafka.
type KafkaVersion struct {
	// value is the release, such as 4.4.
	// +required
	Value string `json:"value"`
	// source says how it is known: Spec (written in spec.kafkaVersion) or ApiVersions (guessed from what the brokers speak).
	// +required
	// +kubebuilder:validation:Enum=Spec;ApiVersions
	Source string `json:"source"`
}

// TopicDefaults are the brokers' defaults for a new topic.
type TopicDefaults struct {
	// partitions is num.partitions.
	// +optional
	Partitions int64 `json:"partitions,omitempty"`
	// replicas is default.replication.factor.
	// +optional
	Replicas int64 `json:"replicas,omitempty"`
	// config is what topics get for the configs that the brokers' own configuration sets; the others have Kafka's defaults.
	// +optional
	Config map[string]string `json:"config,omitempty"`
}

// DeletionCount counts topic deletions within one window.
type DeletionCount struct {
	// since is when the window began.
	// +optional
	Since metav1.Time `json:"since,omitempty"`
	// count is how many deletions were asked for since.
	// +optional
	Count int64 `json:"count,omitempty"`
	// released is the value of the annotation topicgate.io/release-deletions that was made use of: it counts once.
	// Removing the annotation makes it usable again.
	// +optional
	Released string `json:"released,omitempty"`
}

// TopicCounts counts what is on the brokers.
type TopicCounts struct {
	// total is every topic seen.
	// +optional
	Total int64 `json:"total"`
	// managed topics belong to a KafkaTopic.
	// +optional
	Managed int64 `json:"managed"`
	// elsewhere counts topics that another product's KafkaTopics declare.
	// +optional
	Elsewhere int64 `json:"elsewhere,omitempty"`
	// orphan topics are declared by no KafkaTopic; candidates and released topics are counted here too.
	// +optional
	Orphan int64 `json:"orphan"`
	// ignored topics are Kafka's own, a platform's or a running application's own, or named by audit.ignore.
	// +optional
	Ignored int64 `json:"ignored"`
	// missing counts KafkaTopics whose topic is not on the brokers.
	// +optional
	Missing int64 `json:"missing"`
	// unknown counts topics that could not be described.
	// +optional
	Unknown int64 `json:"unknown"`
}
