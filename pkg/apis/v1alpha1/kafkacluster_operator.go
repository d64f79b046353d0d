package v1alpha1

// Operator names what runs the brokers of a KafkaCluster.
type Operator struct {
	// kind is what runs the brokers: Strimzi, Koperator or Redpanda.
	// +required
	Kind OperatorKind `json:"kind"`
	// namespace is that of the object that describes the brokers: Strimzi's Kafka or Koperator's KafkaCluster. Redpanda needs none.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Namespace string `json:"namespace,omitempty"`
	// name is the name of that object.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name,omitempty"`
}

// OperatorKind is a product that runs Kafka brokers.
// +kubebuilder:validation:Enum=Strimzi;Koperator;Redpanda
type OperatorKind string

// Products that run Kafka brokers.
const (
	// OperatorStrimzi is Strimzi: kafkas.kafka.strimzi.io and kafkatopics.kafka.strimzi.io.
	OperatorStrimzi OperatorKind = "Strimzi"
	// OperatorKoperator is Koperator: kafkaclusters.kafka.banzaicloud.io and kafkatopics.kafka.banzaicloud.io.
	OperatorKoperator OperatorKind = "Koperator"
	// OperatorRedpanda is Redpanda, whose brokers let auto-creation be switched off while they run.
	OperatorRedpanda OperatorKind = "Redpanda"
)

// AutoCreation says what is done about brokers that create topics by themselves.
type AutoCreation struct {
	// enforce has the syncer switch auto-creation off through operatedBy wherever it finds it on: with Strimzi and Koperator by
	// server-side apply of that one key, never forced, upon which they restart the brokers one by one; with Redpanda by its
	// cluster property, without a restart. Absent or false only looks, and says what to do.
	// +optional
	Enforce bool `json:"enforce,omitempty"`
}

// TopicCreators are the principals that may create topics, other than the syncer's.
type TopicCreators struct {
	// answer is Listed (those that the brokers' ACLs allow it), Everyone (no authorizer is at work) or Unknown (the ACLs cannot
	// be read, or are not what decides).
	// +required
	Answer CreatorsAnswer `json:"answer"`
	// message says why, and what the answer does not cover.
	// +optional
	Message string `json:"message,omitempty"`
	// total counts the ACLs that allow it; grants holds the first 100 of them.
	// +optional
	Total int64 `json:"total,omitempty"`
	// grants are ACLs that allow it.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=100
	Grants []CreateGrant `json:"grants,omitempty"`
}

// CreatorsAnswer says what is known of who may create topics.
// +kubebuilder:validation:Enum=Listed;Everyone;Unknown
type CreatorsAnswer string

// CreateGrant is one ACL that lets a principal create topics.
type CreateGrant struct {
	// principal is as in the ACL, such as User:billing.
	// +required
	Principal string `json:"principal"`
	// host is the only address that it counts for; absent for any.
	// +optional
	Host string `json:"host,omitempty"`
	// operation is Create or All.
	// +required
	Operation string `json:"operation"`
	// cluster says that the ACL is one on the cluster: topics of any name.
	// +optional
	Cluster bool `json:"cluster,omitempty"`
	// pattern is the name of the topic, or the beginning of names when prefixed; * is any name.
	// +optional
	Pattern string `json:"pattern,omitempty"`
	// prefixed says that pattern is the beginning of names.
	// +optional
	Prefixed bool `json:"prefixed,omitempty"`
}
