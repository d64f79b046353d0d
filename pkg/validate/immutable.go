package validate

import (
	"strconv"

	"github.com/topicgate/topicgate/pkg/topic"
)

// immutable: the effective topic name and the cluster never change, in whatever way they are written; else the old topic
// would be left behind without a word. What the status pinned at the first sync binds too.
func immutable(in Input) finding {
	var found finding
	if was := formerName(in); was != "" && was != in.New.TopicName {
		found.violations = append(found.violations, topic.Violation{
			Field:   topic.Of(topic.KindTopicName),
			Reason:  topic.ImmutableChanged,
			Value:   strconv.Quote(bounded(in.New.TopicName)),
			Problem: "the topic's name cannot change",
			Limit:   strconv.Quote(was),
			Source:  "TopicGate",
			Fix:     renameFix(in, was),
		})
	}
	if was := formerCluster(in); was != "" && was != in.New.Cluster {
		found.violations = append(found.violations, topic.Violation{
			Field:   topic.Of(topic.KindCluster),
			Reason:  topic.ImmutableChanged,
			Value:   strconv.Quote(bounded(in.New.Cluster)),
			Problem: "the cluster cannot change once it is set",
			Limit:   strconv.Quote(was),
			Source:  "TopicGate",
			Fix:     "keep " + strconv.Quote(was) + ", or declare a new object for the other cluster",
		})
	}
	return found
}

func formerName(in Input) string {
	if in.New.Recorded.TopicName != "" {
		return in.New.Recorded.TopicName
	}
	if in.Old != nil {
		return in.Old.TopicName
	}
	return ""
}

// formerCluster is what binds the cluster: the status once a topic was synced, else what the old object said. An absent
// reference may be set once.
func formerCluster(in Input) string {
	if in.New.Recorded.Cluster != "" {
		return in.New.Recorded.Cluster
	}
	if in.Old != nil {
		return in.Old.Cluster
	}
	return ""
}

func renameFix(in Input, was string) string {
	if in.New.ExplicitName {
		return "set topicName to " + strconv.Quote(was) + ", or declare a new object for the new name"
	}
	return "write topicName: " + strconv.Quote(was) + " again"
}
