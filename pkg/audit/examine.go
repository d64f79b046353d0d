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
	for _, found := range report.Topics {
		if found.Class == topic.ClassOrphan || found.Class == topic.ClassReleased {
			report.Findings = append(report.Findings, Finding{
				Kind: KindOrphan, Severity: Medium, Topic: found.Name, TopicID: found.TopicID, Baseline: found.Baseline,
				Message: "the topic is on the brokers, and no KafkaTopic declares it",
			})
		}
	}
	return report
}

// undeclared lists the topics that no KafkaTopic declares, the largest first.
func undeclared(world World) []Topic {
	var topics []Topic
	for _, entry := range world.Entries {
		if entry.Class != topic.ClassManaged {
			topics = append(topics, Topic{Entry: entry, Recommendation: Investigate})
		}
	}
	slices.SortFunc(topics, func(a, b Topic) int {
		return cmp.Or(cmp.Compare(b.Size.Bytes, a.Size.Bytes), cmp.Compare(a.Name, b.Name))
	})
	return topics
}
