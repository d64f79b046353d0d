package render

import (
	"slices"
	"strconv"
	"strings"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// tables is what CEL needs to know of the configs of one version, by key, in the webhook's words where they are fixed.
type tables struct {
	line, source        string
	keys                []string
	null, array, object string
	unknown, refused    map[string]string
	lowest, highest     map[string]int64
	also                map[string][]int64
	limits              map[string]string
	floors              map[string]int64
	whys, fractions     map[string]string
	bools, narrow       []string
	enums, lists        map[string][]string
}

// hidden are configs that brokers take without listing them.
func hidden() []string { return []string{"internal.segment.bytes"} }

func tablesOf(table topicconfig.Table) tables {
	t := tables{
		line: table.Line(), source: "Kafka " + table.Line(), keys: table.Keys(),
		unknown: map[string]string{}, refused: map[string]string{}, lowest: map[string]int64{}, highest: map[string]int64{},
		also: map[string][]int64{}, limits: map[string]string{}, floors: map[string]int64{}, whys: map[string]string{},
		fractions: map[string]string{}, enums: map[string][]string{}, lists: map[string][]string{},
		null: noScalar("null"), array: noScalar("[]"), object: noScalar("{}"),
	}
	for _, key := range t.keys {
		def, _ := table.Lookup(key)
		t.add(def)
	}
	for _, key := range hidden() {
		def, known := table.Lookup(key)
		if _, problem := def.Parse("1"); known && problem != nil {
			t.keys = append(t.keys, key)
			t.refused[key] = t.violation(*problem, "remove the line").Text()
		}
	}
	t.addUnknown(table)
	return t
}

// add takes what is known of one config apart into the tables.
func (t *tables) add(def topicconfig.Def) {
	switch def.Type {
	case topicconfig.TypeInt, topicconfig.TypeLong:
		t.addNumber(def)
	case topicconfig.TypeDouble:
		if _, problem := def.Parse("x"); problem != nil {
			t.fractions[def.Key] = "; limit: " + problem.Limit + " (" + t.source + ")"
		}
	case topicconfig.TypeBool:
		t.bools = append(t.bools, def.Key)
	case topicconfig.TypeString:
		if len(def.Values) > 0 {
			t.enums[def.Key] = def.Values
		}
	case topicconfig.TypeList:
		if len(def.Values) > 0 {
			t.lists[def.Key] = def.Values
		}
	}
}

func (t *tables) addNumber(def topicconfig.Def) {
	t.lowest[def.Key], t.highest[def.Key] = def.Range.Min, def.Range.Max
	if def.Type == topicconfig.TypeInt {
		t.narrow = append(t.narrow, def.Key)
	}
	if len(def.Range.Also) > 0 {
		t.also[def.Key] = def.Range.Also
	}
	if _, problem := def.Parse("x"); problem != nil {
		t.limits[def.Key] = problem.Limit + " (" + t.source + ")"
	}
	// What Kafka takes and TopicGate does not begins at the lowest number, and the fix is where it ends.
	_, problem := def.Parse(strconv.FormatInt(def.Range.Min, 10))
	if problem == nil || problem.Reason != topicconfig.ReasonHarmful {
		return
	}
	floor, err := strconv.ParseInt(problem.Fix, 10, 64)
	_, why, _ := strings.Cut(problem.Message, ", but ")
	if err == nil {
		problem.Message = why
		t.floors[def.Key], t.whys[def.Key] = floor, t.violation(*problem, "").Text()
	}
}

// addUnknown holds what there is to say about keys that people bring from elsewhere: other versions, the brokers' own
// configuration, the fields beside the configs.
func (t *tables) addUnknown(table topicconfig.Table) {
	foreign := []string{
		"partitions", "num.partitions", "partition.count", "replicas", "replication.factor", "default.replication.factor",
		"log.retention.minutes", "log.retention.hours", "log.roll.hours", "log.roll.jitter.hours",
	}
	for _, key := range t.keys {
		def, _ := table.Lookup(key)
		foreign = append(foreign, def.Synonym, strings.ReplaceAll(key, ".", "_"))
	}
	for _, release := range topicconfig.Releases() {
		foreign = append(foreign, topicconfig.For(release).Keys()...)
	}
	for _, key := range foreign {
		if key == "" || slices.Contains(t.keys, key) {
			continue
		}
		problem, fix := table.Unknown(key), "remove the line"
		if problem.Fix != "" {
			fix = "write " + problem.Fix + " instead"
		}
		problem.Fix = ""
		t.unknown[key] = t.violation(problem, fix).Text()
	}
}

// violation says a problem in the words of the webhook.
func (t *tables) violation(problem topicconfig.Problem, fix string) topic.Violation {
	said := topic.Violation{Problem: problem.Message, Limit: problem.Limit, Source: t.source, Fix: fix}
	if problem.Source == topicconfig.SourceTopicGate {
		said.Source = "TopicGate"
	}
	if problem.Fix != "" {
		said.Fix = "write " + strconv.Quote(problem.Fix)
	}
	return said
}

// noScalar is what the webhook says of a value that is none.
func noScalar(token string) string {
	_, err := topicconfig.FromScalar([]byte(token))
	if err == nil {
		return ""
	}
	return topic.Violation{
		Problem: err.Error(), Limit: "a string, a number or a bool", Source: "TopicGate",
		Fix: "write a value; or drop the line to go back to the brokers' default; or list the key in unmanagedConfig to leave it alone",
	}.Text()
}
