package validate

import (
	"slices"
	"sort"
	"strconv"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// table is the topic configs of the cluster's Kafka, or the newest known where there is no cluster.
func (in Input) table() topicconfig.Table {
	if in.Facts.Cluster == nil {
		return topicconfig.For("")
	}
	return in.Facts.Cluster.Configs
}

// configValues: every key is one that the brokers know, and every value one that Kafka reads and survives.
func configValues(in Input) finding {
	var found finding
	table := in.table()
	for _, key := range sortedKeys(in.New.Config) {
		if violation, wrong := configValue(in, table, key, in.New.Config[key]); wrong {
			found.violations = append(found.violations, violation)
		}
	}
	return found
}

func configValue(in Input, table topicconfig.Table, key string, value topic.Value) (topic.Violation, bool) {
	violation := topic.Violation{
		Field:  topic.ConfigField(key),
		Reason: topic.ConfigValueInvalid,
		Value:  strconv.Quote(bounded(value.Text)),
		Source: in.kafkaSource(),
	}
	if value.Problem != "" {
		violation.Value = ""
		violation.Problem = value.Problem
		violation.Limit = "a string, a number or a bool"
		violation.Source = "TopicGate"
		violation.Fix = "write a value; or drop the line to go back to the brokers' default; or list the key in unmanagedConfig to leave it alone"
		return violation, true
	}
	definition, known := table.Lookup(key)
	if !known || !brokersKnow(in, key) {
		return unknownKey(in, table, key, violation)
	}
	_, problem := definition.Parse(value.Text)
	if problem == nil {
		return violation, false
	}
	return configProblem(violation, *problem), true
}

// configProblem says in the words of a violation what the table says of a value.
func configProblem(violation topic.Violation, problem topicconfig.Problem) topic.Violation {
	violation.Reason = topic.Reason(problem.Reason)
	violation.Problem, violation.Limit = problem.Message, problem.Limit
	if problem.Source == topicconfig.SourceTopicGate {
		violation.Source = "TopicGate"
	}
	violation.Fix = "remove the line" // no value would pass
	if problem.Fix != "" {
		violation.Fix = "write " + strconv.Quote(problem.Fix)
	}
	return violation
}

// brokersKnow says whether the brokers themselves list the key; without their list, the table decides.
func brokersKnow(in Input, key string) bool {
	return in.Facts.Cluster == nil || len(in.Facts.Cluster.ConfigKeys) == 0 || slices.Contains(in.Facts.Cluster.ConfigKeys, key)
}

// unknownKey refuses a key that neither the table nor the brokers know. A vendor's own key is known to the brokers alone:
// its values are theirs to judge.
func unknownKey(in Input, table topicconfig.Table, key string, violation topic.Violation) (topic.Violation, bool) {
	if in.Facts.Cluster != nil && slices.Contains(in.Facts.Cluster.ConfigKeys, key) {
		return topic.Violation{}, false
	}
	problem := table.Unknown(key)
	violation.Reason = topic.ConfigKeyUnknown
	violation.Problem, violation.Limit = problem.Message, problem.Limit
	violation.Fix = "remove the line"
	if problem.Fix != "" {
		violation.Fix = "write " + problem.Fix + " instead"
	}
	return violation, true
}

// configConflicts: two settings must not contradict each other, nor a key be both set and left alone.
func configConflicts(in Input) finding {
	var found finding
	for _, key := range sortedKeys(in.New.Config) {
		if in.New.HandsOff(key) {
			found.violations = append(found.violations, topic.Violation{
				Field:   topic.ConfigField(key),
				Reason:  topic.ConfigConflict,
				Value:   strconv.Quote(bounded(in.New.Config[key].Text)),
				Problem: "the key is also in unmanagedConfig, which leaves it alone",
				Limit:   "either of the two",
				Source:  "TopicGate",
				Fix:     "remove it from one of them",
			})
		}
	}
	for _, problem := range topicconfig.Check(in.table(), in.New.Texts()) {
		violation := topic.Violation{
			Field:  topic.ConfigField(problem.Key),
			Value:  strconv.Quote(bounded(in.New.Config[problem.Key].Text)),
			Source: in.kafkaSource(),
		}
		found.violations = append(found.violations, configProblem(violation, problem.Problem))
	}
	return found
}

func sortedKeys(config map[string]topic.Value) []string {
	keys := make([]string, 0, len(config))
	for key := range config {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
