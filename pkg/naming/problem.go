package naming

// Reason says, in one word of TopicGate's closed list of reasons, why a name is refused.
type Reason string

const (
	// ReasonIllegal means: Kafka refuses the name itself (INVALID_TOPIC_EXCEPTION, code 17).
	ReasonIllegal Reason = "TopicNameIllegal"
	// ReasonReserved means: Kafka would take the name, but it belongs to the brokers or to a platform product.
	ReasonReserved Reason = "TopicNameReserved"
	// ReasonMismatch means: metadata.name and topicName do not relate as the cluster's naming mode demands.
	ReasonMismatch Reason = "TopicNameMismatch"
)

// Field is one of the two names an object has.
type Field string

const (
	// FieldTopicName is the name of the topic in Kafka: topicName, or metadata.name where that is absent.
	FieldTopicName Field = "topicName"
	// FieldObjectName is metadata.name.
	FieldObjectName Field = "metadata.name"
)

// Problem is one thing wrong with a name.
type Problem struct {
	// Reason is the kind of refusal.
	Reason Reason
	// Field is the name to change, the one that Fix is a value for.
	Field Field
	// Limit is the rule that was broken, in words a user can act on without knowing Kafka's source.
	Limit string
	// Fix is a value that would pass this rule, to be put in place of the refused one; empty where none can be known.
	Fix string
	// Message is the whole story in one sentence: the bad value and what is wrong with it.
	Message string
}
