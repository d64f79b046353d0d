package naming

import "fmt"

// Mode says how an object's metadata.name and its topic's name must relate; a cluster chooses one.
type Mode string

const (
	// Strict means: topicName is absent or equals metadata.name, so the API server's uniqueness is the topic's, within a
	// namespace. Upper case and underscores cannot be expressed.
	Strict Mode = "Strict"
	// Explicit is the default and the meaning of the empty Mode: topicName is free, absent means metadata.name.
	Explicit Mode = "Explicit"
	// Derived means: metadata.name must be Encode of the topic's name. For objects that tools write.
	Derived Mode = "Derived"
)

// TopicName returns the name the object's topic has: topicName where it is set, metadata.name otherwise.
func TopicName(metadataName, topicName string, hasTopicName bool) string {
	if hasTopicName {
		return topicName
	}
	return metadataName
}

// CheckMode judges the relation of the two names; nil means that mode allows it. Whether the name itself is legal or
// reserved is asked of Legal and Reservations. A mode
// that is none of the three is refused, and no value fixes that: guessing would admit what the cluster forbids.
func CheckMode(mode Mode, metadataName, topicName string, hasTopicName bool) *Problem {
	switch mode {
	case Strict:
		return checkStrict(metadataName, topicName, hasTopicName)
	case Explicit, "":
		return nil
	case Derived:
		return checkDerived(metadataName, TopicName(metadataName, topicName, hasTopicName), hasTopicName)
	}
	return &Problem{
		Reason:  ReasonMismatch,
		Field:   FieldTopicName,
		Limit:   "the cluster's naming is Strict, Explicit or Derived",
		Message: fmt.Sprintf("the cluster's naming mode %q is not known", string(mode)),
	}
}

func checkStrict(metadataName, topicName string, hasTopicName bool) *Problem {
	if !hasTopicName || topicName == metadataName {
		return nil
	}
	return &Problem{
		Reason: ReasonMismatch,
		Field:  FieldTopicName,
		Limit:  "with naming Strict, topicName is absent or equals metadata.name",
		Fix:    metadataName,
		Message: fmt.Sprintf("topicName %s differs from metadata.name %s; remove topicName, or rename the object",
			quote(topicName), quote(metadataName)),
	}
}

func checkDerived(metadataName, topic string, hasTopicName bool) *Problem {
	const limit = "with naming Derived, metadata.name is the encoding of the topic's name"
	want := Encode(topic)
	if metadataName == want {
		return nil
	}
	// An encoded name without topicName: whoever wrote it had the topic's real name in mind.
	if meant, ok := Decode(metadataName); ok && !hasTopicName {
		return &Problem{
			Reason: ReasonMismatch, Field: FieldTopicName, Limit: limit, Fix: meant,
			Message: fmt.Sprintf("metadata.name %s is the encoding of topic name %s, but topicName is absent",
				quote(metadataName), quote(meant)),
		}
	}
	return &Problem{
		Reason: ReasonMismatch, Field: FieldObjectName, Limit: limit, Fix: want,
		Message: fmt.Sprintf("metadata.name %s is not the encoding of topic name %s", quote(metadataName), quote(topic)),
	}
}
