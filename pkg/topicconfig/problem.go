package topicconfig

// Reason says, in one word of TopicGate's closed list of reasons, why a config is refused.
type Reason string

const (
	// ReasonUnknownKey means: this version of Kafka has no topic config of that name.
	ReasonUnknownKey Reason = "ConfigKeyUnknown"
	// ReasonInvalidValue means: the value cannot be read, or lies outside its limits.
	ReasonInvalidValue Reason = "ConfigValueInvalid"
	// ReasonConflict means: two values that are good alone contradict each other.
	ReasonConflict Reason = "ConfigConflict"
	// ReasonHarmful means: brokers accept it and then break on it, so TopicGate does not.
	ReasonHarmful Reason = "ConfigValueHarmful"
)

// Source says who sets the limit that was broken.
type Source string

const (
	// SourceKafka limits are the broker's: it would answer INVALID_CONFIG (code 40).
	SourceKafka Source = "Kafka"
	// SourceTopicGate limits are ours, on purpose stricter than the broker's.
	SourceTopicGate Source = "TopicGate"
)

// Problem is one thing wrong with a config key or value.
type Problem struct {
	// Reason is the kind of refusal.
	Reason Reason
	// Source is who sets the limit.
	Source Source
	// Limit is the rule that was broken, in words.
	Limit string
	// Fix is a value that would pass (for an unknown key: a key), the one that was probably meant where that can be
	// told; empty where there is none.
	Fix string
	// Message is what is wrong, in one sentence that quotes the refused value and leaves its key to the reader's context.
	Message string
}

// KeyProblem is a Problem of one key among a topic's configs.
type KeyProblem struct {
	Key string
	Problem
	// AssumesDefaults says that the problem rests on a default of the brokers' too, as Broker.Defaults tells it.
	AssumesDefaults bool
	// AssumesTiering says that it rests on Broker.Tiering.
	AssumesTiering bool
}
