package validate

import (
	"maps"
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
		found = merged(found, configValue(in, table, key, in.New.Config[key]))
	}
	return found
}

func configValue(in Input, table topicconfig.Table, key string, value topic.Value) finding {
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
		return refuse(violation)
	}
	definition, known := table.Lookup(key)
	if !known || !brokersKnow(in, key) {
		return unknownKey(in, table, key, violation)
	}
	_, problem := definition.Parse(value.Text)
	if problem == nil {
		return finding{}
	}
	return refuse(configProblem(violation, *problem))
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

// unknownKey: a key that the brokers lack is refused. One that they list and Kafka does not have is a vendor's, whose values
// cannot be checked; where nobody knows what they list, the cluster says what to think of it.
func unknownKey(in Input, table topicconfig.Table, key string, violation topic.Violation) finding {
	var listed []string
	setting := ""
	if in.Facts.Cluster != nil {
		listed, setting = in.Facts.Cluster.ConfigKeys, in.Facts.Cluster.UnknownConfig
	}
	vendors := slices.Contains(listed, key)
	problem := table.Unknown(key)
	violation.Reason = topic.ConfigKeyUnknown
	violation.Problem, violation.Limit = problem.Message, problem.Limit
	violation.Fix = "remove the line"
	if problem.Fix != "" {
		violation.Fix = "write " + problem.Fix + " instead"
	}
	if _, kafkas := table.Lookup(key); kafkas {
		violation.Problem, violation.Fix = "Kafka has this config, but the cluster's brokers do not", "remove the line"
	}
	if vendors {
		violation.Problem = "not one of Kafka's own configs but the brokers', so its value cannot be checked"
		violation.Fix = "make sure of it in the vendor's documentation"
	}
	switch {
	case vendors && setting == unknownDeny:
		violation.Source, violation.Fix = in.clusterSource(), "remove the line, or ask the platform team to set unknownConfig: Warn"
		return refuse(violation)
	case vendors, setting == unknownWarn && len(listed) == 0:
		return warn(violation)
	default:
		return refuse(violation)
	}
}

// What a cluster can say about keys that are not Kafka's own.
const unknownWarn, unknownDeny = "Warn", "Deny"

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
	for _, problem := range topicconfig.Check(in.table(), in.New.Texts(), in.broker()) {
		found = merged(found, conflict(in, problem))
	}
	if problem := turnedOff(in); problem != nil {
		found = merged(found, in.byBrokers(conflicting(in, *problem)))
	}
	return found
}

// broker is what is known of the brokers' own configuration.
func (in Input) broker() topicconfig.Broker {
	if in.Facts.Cluster == nil {
		return topicconfig.Broker{}
	}
	return topicconfig.Broker{Tiering: in.Facts.Cluster.Tiering, Defaults: in.Facts.Cluster.ConfigDefaults}
}

// conflict refuses what contradicts itself, and what contradicts the brokers' own configuration as far as that is known.
func conflict(in Input, problem topicconfig.KeyProblem) finding {
	violation := conflicting(in, problem)
	switch {
	case problem.AssumesDefaults && in.broker().Defaults == nil:
		violation.Problem += " (going by Kafka's own defaults, as the brokers' are not known; the syncer checks again)"
		return warn(violation)
	case problem.AssumesDefaults || problem.AssumesTiering:
		return in.byBrokers(violation)
	}
	return refuse(violation)
}

func conflicting(in Input, problem topicconfig.KeyProblem) topic.Violation {
	violation := topic.Violation{Field: topic.ConfigField(problem.Key), Source: in.kafkaSource()}
	if value, declared := in.New.Config[problem.Key]; declared {
		violation.Value = strconv.Quote(bounded(value.Text))
	}
	return configProblem(violation, problem.Problem)
}

// turnedOff is what is wrong with a change that ends a topic's tiered storage; nil where none does. Only what the syncer
// will do to the topic counts: a key that the object never had stays as it is on the brokers.
func turnedOff(in Input) *topicconfig.KeyProblem {
	live := in.Facts.Live
	if live == nil || !live.ConfigKnown {
		return nil
	}
	after := maps.Clone(live.Config)
	for _, key := range in.New.Recorded.ManagedConfig {
		if !in.New.HandsOff(key) {
			delete(after, key)
		}
	}
	if after == nil {
		after = map[string]string{}
	}
	maps.Copy(after, in.New.Texts())
	return topicconfig.CheckTurnOff(in.table(), live.Config, after)
}

func merged(found, more finding) finding {
	return finding{violations: append(found.violations, more.violations...), warnings: append(found.warnings, more.warnings...)}
}

func sortedKeys(config map[string]topic.Value) []string {
	keys := make([]string, 0, len(config))
	for key := range config {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
