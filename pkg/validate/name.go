package validate

import (
	"strconv"

	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
)

// nameLegal: Kafka takes 1 to 249 of [a-zA-Z0-9._-], and neither "." nor "..".
func nameLegal(in Input) finding {
	var found finding
	for _, problem := range naming.Legal(in.New.TopicName) {
		found.violations = append(found.violations, nameViolation(in, topic.TopicNameIllegal, problem, "Kafka"))
	}
	return found
}

// nameReserved: what belongs to the brokers, to a known platform or to the cluster's own is nobody's to declare.
func nameReserved(in Input) finding {
	var reserved naming.Reservations
	if in.Facts.Cluster != nil {
		reserved = in.Facts.Cluster.Reserved
	}
	problem := reserved.Check(in.New.TopicName)
	if problem == nil {
		return finding{}
	}
	source := "TopicGate"
	if (naming.Reservations{}).Check(in.New.TopicName) == nil {
		source = in.clusterSource()
	}
	return refuse(nameViolation(in, topic.TopicNameReserved, *problem, source))
}

// nameMode: object and topic name relate as the cluster wants.
func nameMode(in Input) finding {
	if in.Facts.Cluster == nil {
		return finding{}
	}
	problem := naming.CheckMode(in.Facts.Cluster.Naming, in.New.Ref.Name, in.New.TopicName, in.New.ExplicitName)
	if problem == nil {
		return finding{}
	}
	return refuse(nameViolation(in, topic.TopicNameMismatch, *problem, in.clusterSource()))
}

func nameViolation(in Input, reason topic.Reason, problem naming.Problem, source string) topic.Violation {
	violation := topic.Violation{
		Field:   nameField(in.New),
		Reason:  reason,
		Value:   strconv.Quote(bounded(in.New.TopicName)),
		Problem: problem.Message,
		Limit:   problem.Limit,
		Source:  source,
		Fix:     "ask the platform team", // no name would pass
	}
	if problem.Fix != "" {
		violation.Fix = "use " + strconv.Quote(problem.Fix)
	}
	if problem.Field == naming.FieldObjectName {
		violation.Field = topic.Of(topic.KindObjectName)
		violation.Value = strconv.Quote(in.New.Ref.Name)
	}
	return violation
}

// nameField is where the effective name is written.
func nameField(declared topic.Declared) topic.Field {
	if declared.ExplicitName {
		return topic.Of(topic.KindTopicName)
	}
	return topic.Of(topic.KindObjectName)
}

// bounded keeps an absurd value from filling the answer.
func bounded(text string) string {
	const most = 64
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most]) + "…"
}
