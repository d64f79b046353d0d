package audit

import (
	"cmp"
	"slices"

	"github.com/topicgate/topicgate/pkg/topic"
)

// Examine makes the report on one cluster.
func Examine(world World) Report {
	report := Report{
		Cluster: world.Cluster.Name, ClusterID: world.Cluster.ID, Taken: world.Now, Incomplete: world.Cluster.Incomplete,
		Counts: Count(world.Entries), Topics: undeclared(world),
	}
	found := findings{world: world}
	found.cluster()
	found.topics(report.Topics)
	found.objects()
	found.rules()
	found.exceptions()
	slices.SortFunc(found.list, before)
	report.Findings = found.list
	return report
}

// undeclared lists the topics that no KafkaTopic of ours declares, the largest first.
func undeclared(world World) []Topic {
	var topics []Topic
	for _, entry := range world.Entries {
		if entry.Class != topic.ClassManaged {
			topics = append(topics, world.look(entry))
		}
	}
	slices.SortFunc(topics, func(a, b Topic) int {
		return cmp.Or(cmp.Compare(b.Size.Bytes, a.Size.Bytes), cmp.Compare(a.Name, b.Name))
	})
	return topics
}

// look says what is to be made of one topic.
func (w World) look(entry topic.Entry) Topic {
	made := Topic{Entry: entry, CandidateOwner: candidateOwner(entry)}
	made.Recommendation, made.Reasons = w.recommend(entry)
	return made
}

// before is the order of findings: the gravest first.
func before(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(rank(a.Severity), rank(b.Severity)),
		cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.Object.Namespace, b.Object.Namespace),
		cmp.Compare(a.Topic, b.Topic),
		cmp.Compare(a.Object.Name, b.Object.Name),
		cmp.Compare(a.Subject, b.Subject),
		cmp.Compare(a.Message, b.Message),
	)
}

func rank(severity Severity) int { return slices.Index([]Severity{High, Medium, Low, Info}, severity) }
