package v1alpha1

// PolicyRule is one rule of a policy: exactly one of its typed members is present.
type PolicyRule struct {
	// name is the rule's name, shown as [policy/rule] behind everything that it says.
	// +required
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name"`
	// help is a link, or a sentence, for whoever breaks the rule.
	// +optional
	// +kubebuilder:validation:MaxLength=1024
	Help string `json:"help,omitempty"`
	// severity is how much a violation matters in reports: low, medium or high. Absent is medium.
	// +optional
	Severity Severity `json:"severity,omitempty"`
	// enforcement is this rule's own; absent, the policy's counts.
	// +optional
	Enforcement Enforcement `json:"enforcement,omitempty"`

	// topicName is about the name on the brokers.
	// +optional
	TopicName *TopicNameRule `json:"topicName,omitempty"`
	// partitions is about the number of partitions.
	// +optional
	Partitions *PartitionsRule `json:"partitions,omitempty"`
	// replication is about replicas and min.insync.replicas.
	// +optional
	Replication *ReplicationRule `json:"replication,omitempty"`
	// config is about the values of topic configs.
	// +optional
	// +listType=map
	// +listMapKey=key
	// +kubebuilder:validation:MaxItems=256
	Config []ConfigRule `json:"config,omitempty"`
	// configKeys is about which topic configs may be set at all.
	// +optional
	ConfigKeys *ConfigKeysRule `json:"configKeys,omitempty"`
	// metadata is about the KafkaTopic's labels and annotations.
	// +optional
	Metadata *MetadataRule `json:"metadata,omitempty"`
	// deletion is about what deleting the KafkaTopic does.
	// +optional
	Deletion *DeletionRule `json:"deletion,omitempty"`
	// quota limits what a namespace may have on one KafkaCluster.
	// +optional
	Quota *QuotaRule `json:"quota,omitempty"`
	// cel is an expression of your own.
	// +optional
	CEL *CELRule `json:"cel,omitempty"`
}

// Severity is how much a violation matters in reports.
// +kubebuilder:validation:Enum=low;medium;high
type Severity string

// How much a violation matters in reports.
const (
	SeverityLow    Severity = "low"
	SeverityMedium Severity = "medium"
	SeverityHigh   Severity = "high"
)

// TopicNameRule is about the name on the brokers; everything that is present must hold.
type TopicNameRule struct {
	// template is what the name must look like: {{namespace}}, {{cluster}}, {{label:key}}, {{annotation:key}} and
	// {{namespaceLabel:key}} stand for those values, <int> for a whole number, any other <word> for
	// [a-z][a-z0-9-]*, and all else for itself.
	// +optional
	// +kubebuilder:validation:MaxLength=512
	Template string `json:"template,omitempty"`
	// anyOf are regular expressions (RE2) of which one must match the whole name.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=1024
	AnyOf []string `json:"anyOf,omitempty"`
	// prefixes of which the name must have one.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=249
	Prefixes []string `json:"prefixes,omitempty"`
	// suffixes of which the name must have one.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=249
	Suffixes []string `json:"suffixes,omitempty"`
	// minLength is the fewest characters.
	// +optional
	MinLength *int64 `json:"minLength,omitempty"`
	// maxLength is the most characters; Kafka itself allows 249.
	// +optional
	MaxLength *int64 `json:"maxLength,omitempty"`
	// reserved are globs of names that nobody may use.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=256
	Reserved []string `json:"reserved,omitempty"`
}

// PartitionsRule is about the number of partitions.
type PartitionsRule struct {
	// min is the fewest.
	// +optional
	Min *int64 `json:"min,omitempty"`
	// max is the most.
	// +optional
	Max *int64 `json:"max,omitempty"`
	// multipleOf is what the number must be a multiple of, such as the number of racks.
	// +optional
	MultipleOf *int64 `json:"multipleOf,omitempty"`
	// powerOfTwo wants 1, 2, 4, 8 and so on.
	// +optional
	PowerOfTwo bool `json:"powerOfTwo,omitempty"`
	// maxGrowthPercent is by how much one change may add, of what there was: 100 doubles.
	// +optional
	MaxGrowthPercent *int64 `json:"maxGrowthPercent,omitempty"`
	// maxGrowth is how many partitions one change may add.
	// +optional
	MaxGrowth *int64 `json:"maxGrowth,omitempty"`
}

// ReplicationRule is about replicas and min.insync.replicas.
type ReplicationRule struct {
	// min is the fewest replicas.
	// +optional
	Min *int64 `json:"min,omitempty"`
	// max is the most replicas.
	// +optional
	Max *int64 `json:"max,omitempty"`
	// oneOf are the only numbers of replicas.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=50
	OneOf []int64 `json:"oneOf,omitempty"`
	// atMostBrokers wants no more replicas than there are live brokers.
	// +optional
	AtMostBrokers bool `json:"atMostBrokers,omitempty"`
	// atMostRacks wants no more replicas than the brokers have racks, so that no two share one.
	// +optional
	AtMostRacks bool `json:"atMostRacks,omitempty"`
	// minRacks is over how many racks the replicas must be able to spread: at least so many replicas, on brokers of at
	// least so many racks.
	// +optional
	MinRacks *int64 `json:"minRacks,omitempty"`
	// minInsyncReplicas is about the topic config min.insync.replicas.
	// +optional
	MinInsyncReplicas *MinInsyncRule `json:"minInsyncReplicas,omitempty"`
}

// MinInsyncRule is about the topic config min.insync.replicas.
type MinInsyncRule struct {
	// min is the least.
	// +optional
	Min *int64 `json:"min,omitempty"`
	// max is the most.
	// +optional
	Max *int64 `json:"max,omitempty"`
	// minRelativeToReplicas is the least, counted from the replicas: -1 is one less than those.
	// +optional
	MinRelativeToReplicas *int64 `json:"minRelativeToReplicas,omitempty"`
	// maxRelativeToReplicas is the most, counted from the replicas: -1 lets one broker be down.
	// +optional
	MaxRelativeToReplicas *int64 `json:"maxRelativeToReplicas,omitempty"`
}

// MetadataRule is about the KafkaTopic's labels and annotations.
type MetadataRule struct {
	// labels that the KafkaTopic must carry.
	// +optional
	// +listType=map
	// +listMapKey=key
	// +kubebuilder:validation:MaxItems=100
	Labels []MetadataKeyRule `json:"labels,omitempty"`
	// annotations that the KafkaTopic must carry.
	// +optional
	// +listType=map
	// +listMapKey=key
	// +kubebuilder:validation:MaxItems=100
	Annotations []MetadataKeyRule `json:"annotations,omitempty"`
}

// MetadataKeyRule is about one label or annotation.
type MetadataKeyRule struct {
	// key is the label or annotation.
	// +required
	// +kubebuilder:validation:MaxLength=317
	Key string `json:"key"`
	// optional judges the value only where the key is present.
	// +optional
	Optional bool `json:"optional,omitempty"`
	// pattern is a regular expression (RE2) that must match the whole value.
	// +optional
	// +kubebuilder:validation:MaxLength=1024
	Pattern string `json:"pattern,omitempty"`
	// oneOf are the only values.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=1024
	OneOf []string `json:"oneOf,omitempty"`
	// example is a value that would pass, for the message.
	// +optional
	// +kubebuilder:validation:MaxLength=256
	Example string `json:"example,omitempty"`
}

// DeletionRule is about what deleting a KafkaTopic does.
type DeletionRule struct {
	// oneOf are the only deletion policies (the KafkaTopic's own, or the KafkaCluster's default).
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=2
	OneOf []DeletionPolicy `json:"oneOf,omitempty"`
	// protect keeps the topic of a KafkaTopic whose deletion would delete it: WhenNotEmpty while it holds records,
	// WhenConsumed while a consumer group with members reads it, InUse in both cases, Always. It adds to what the
	// KafkaCluster protects; the annotation topicgate.io/allow-delete-until lifts both.
	// +optional
	Protect PolicyProtection `json:"protect,omitempty"`
}

// PolicyProtection says when a topic is kept whose KafkaTopic is being deleted.
// +kubebuilder:validation:Enum=WhenNotEmpty;WhenConsumed;InUse;Always
type PolicyProtection string

// When a topic is kept whose KafkaTopic is being deleted.
const (
	PolicyProtectNotEmpty PolicyProtection = "WhenNotEmpty"
	PolicyProtectConsumed PolicyProtection = "WhenConsumed"
	PolicyProtectInUse    PolicyProtection = "InUse"
	PolicyProtectAlways   PolicyProtection = "Always"
)

// QuotaRule limits what a namespace may have on one KafkaCluster. It counts every KafkaTopic of the namespace on that
// KafkaCluster, also those that the policy does not match, and judges those that it matches.
type QuotaRule struct {
	// topics is the most KafkaTopics.
	// +optional
	Topics *int64 `json:"topics,omitempty"`
	// partitions is the most partitions of all topics together.
	// +optional
	Partitions *int64 `json:"partitions,omitempty"`
	// replicas is the most replicas: partitions times replicas of each topic.
	// +optional
	Replicas *int64 `json:"replicas,omitempty"`
	// storage is the most bytes, such as 2Ti: retention.bytes times partitions times replicas of each topic. A topic
	// without a limit of its own (retention.bytes of -1) cannot be had under it.
	// +optional
	Storage *Amount `json:"storage,omitempty"`
}

// CELRule is an expression in the Common Expression Language, as in a ValidatingAdmissionPolicy.
type CELRule struct {
	// field is the path that a violation is shown at, such as spec.config or spec.config[retention.ms]; absent is spec.
	// +optional
	// +kubebuilder:validation:MaxLength=512
	Field string `json:"field,omitempty"`
	// expression must be true. It knows object and oldObject (oldObject is null for new ones), namespaceObject, request (operation),
	// topic (name, partitions, replicas, config: the effective ones, and sources), cluster (name, version, brokers,
	// racks) and usage (topics, partitions, replicas of the namespace on that cluster, without this topic).
	// +required
	// +kubebuilder:validation:MaxLength=10240
	Expression string `json:"expression"`
	// message says what is wrong, when the expression is false.
	// +optional
	// +kubebuilder:validation:MaxLength=1024
	Message string `json:"message,omitempty"`
	// messageExpression makes that message; where it fails, message is shown.
	// +optional
	// +kubebuilder:validation:MaxLength=5120
	MessageExpression string `json:"messageExpression,omitempty"`
}
