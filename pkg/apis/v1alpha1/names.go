package v1alpha1

// Names that objects carry, all in one place.
const (
	// DefaultClusterAnnotation marks the one KafkaCluster that a KafkaTopic without clusterRef is given at admission.
	DefaultClusterAnnotation = "topicgate.io/default-cluster"
	// TopicFinalizer is on every KafkaTopic whose deletion deletes its topic, and on no other.
	TopicFinalizer = "topicgate.io/topic"
	// PausedAnnotation ("true") on a KafkaTopic makes the syncer observe that topic only.
	PausedAnnotation = "topicgate.io/paused"
	// AdoptAnnotation ("true") permits an adoption that changes the topic; honoured only while status.topicID is empty.
	AdoptAnnotation = "topicgate.io/adopt"
	// AllowDeleteUntilAnnotation (RFC 3339, at most 24 h ahead) lifts deletion protection from one topic.
	AllowDeleteUntilAnnotation = "topicgate.io/allow-delete-until"
	// ReleaseDeletionsAnnotation on a KafkaCluster lets the deletions held back by the limit go ahead; its value is their exact count.
	ReleaseDeletionsAnnotation = "topicgate.io/release-deletions"
	// AcceptClusterIDAnnotation on a KafkaCluster acknowledges that its brokers are another Kafka cluster; its value is the new cluster ID.
	AcceptClusterIDAnnotation = "topicgate.io/accept-cluster-id"
	// AcceptLostTopicsAnnotation on a KafkaCluster acknowledges that many topics vanished at once; its value is their exact count.
	AcceptLostTopicsAnnotation = "topicgate.io/accept-lost-topics"
	// ClusterLabel on a TopicInventory names its KafkaCluster.
	ClusterLabel = "topicgate.io/cluster"
	// OwnerLabel on a KafkaTopic, or else on its namespace, says whose the topic is, where a KafkaCluster names no other label.
	OwnerLabel = "topicgate.io/owner"
)
