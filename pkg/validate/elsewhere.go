package validate

import (
	"strconv"

	"github.com/topicgate/topicgate/pkg/topic"
)

// managedElsewhere: a topic that another product's object declares is that product's to change; two would change it in turn.
// Who owns a topic already keeps it, and the audit names both.
func managedElsewhere(in Input) finding {
	live := in.Facts.Live
	if live == nil || live.Owned || live.Elsewhere == (topic.Ref{}) {
		return finding{}
	}
	other := "kafkatopics." + live.Elsewhere.Group + " " + live.Elsewhere.String()
	return in.byBrokers(topic.Violation{
		Field:   nameField(in.New),
		Reason:  topic.ManagedElsewhere,
		Value:   strconv.Quote(bounded(in.New.TopicName)),
		Problem: "the topic is declared by " + other,
		Limit:   "one product for a topic",
		Source:  in.clusterSource(),
		Fix:     "delete that object first, keeping the topic, or choose another topic name",
	})
}
