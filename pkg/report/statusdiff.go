package report

import (
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// TopicDiff is what differs between a KafkaTopic's spec and the brokers.
type TopicDiff struct {
	APIVersion string      `json:"apiVersion"`
	Kind       string      `json:"kind"`
	Object     AuditObject `json:"object"`
	Topic      string      `json:"topic"`
	Cluster    string      `json:"cluster"`
	// Live says where the brokers' side comes from.
	Live   string       `json:"live"`
	Values []TopicValue `json:"values"`
	// Differs says that something does; Notes are what could not be compared, and why.
	Differs bool     `json:"differs"`
	Notes   []string `json:"notes,omitempty"`
}

// TopicValue is one value of a topic on both sides.
type TopicValue struct {
	// Field is partitions, replicas or config[KEY].
	Field string `json:"field"`
	// Spec and Live are absent where nothing is written there.
	Spec *string `json:"spec,omitempty"`
	Live *string `json:"live,omitempty"`
	// Wins says what becomes of it: spec, hands off, nobody lists it, or the brokers' default.
	Wins string `json:"wins"`
	// State is same, differs or unknown.
	State ValueState `json:"state"`
}

// ValueState says how two sides compare.
type ValueState string

// How two sides compare.
const (
	ValueSame    ValueState = "same"
	ValueDiffers ValueState = "differs"
	// ValueUnknown: the live value could not be read.
	ValueUnknown ValueState = "unknown"
)

// Who decides about a value.
const (
	winsSpec      = "spec"
	winsHandsOff  = "hands off"
	winsNobody    = "nobody lists it"
	winsDefaulted = "a policy's default"
	winsBrokers   = "brokers"
)

// Compare puts a spec beside what is on the brokers; a nil live topic, or one without known configs, leaves values unknown.
// Values compare by meaning, as the syncer compares them.
func Compare(declared topic.Declared, live *topic.Observed, table topicconfig.Table) []TopicValue {
	c := comparison{declared, live, table}
	values := []TopicValue{c.count("partitions", declared.Partitions, false), c.count("replicas", declared.Replicas, true)}
	keys := map[string]bool{}
	for key := range declared.Config {
		keys[key] = true
	}
	if live != nil {
		for key := range live.Config {
			keys[key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		values = append(values, c.config(key))
	}
	return values
}

type comparison struct {
	declared topic.Declared
	live     *topic.Observed
	table    topicconfig.Table
}

func (c comparison) count(field string, spec *int64, replicas bool) TopicValue {
	made := TopicValue{Field: field, Wins: winsSpec, State: ValueUnknown}
	if spec != nil {
		made.Spec = new(strconv.FormatInt(*spec, 10))
	}
	if c.live != nil {
		count := c.live.Partitions
		if replicas {
			count = c.live.Replicas
		}
		if count > 0 { // zero is not known yet
			made.Live = new(strconv.FormatInt(count, 10))
		}
	}
	switch {
	case spec == nil:
		made.Wins, made.State = winsBrokers, ValueSame
	case made.Live == nil:
	case *made.Live == *made.Spec:
		made.State = ValueSame
	default:
		made.State = ValueDiffers
	}
	return made
}

func (c comparison) config(key string) TopicValue {
	value, listed := c.declared.Config[key]
	made := TopicValue{Field: "config[" + key + "]", Wins: c.wins(key, listed), State: ValueDiffers}
	if listed {
		made.Spec = &value.Text
	}
	if c.known() {
		if text, set := c.live.Config[key]; set {
			made.Live = &text
		}
	}
	switch {
	case made.Wins == winsHandsOff || made.Wins == winsDefaulted:
		made.State = ValueSame
	case !c.known():
		made.State = ValueUnknown
	case listed && made.Live != nil && c.table.Same(key, *made.Live, value.Text):
		made.State = ValueSame
	}
	return made
}

func (c comparison) known() bool { return c.live != nil && c.live.ConfigKnown }

// wins says who decides about a config.
func (c comparison) wins(key string, listed bool) string {
	switch {
	case c.declared.HandsOff(key) || !listed && strings.HasSuffix(key, ".replication.throttled.replicas"):
		return winsHandsOff
	case listed || slices.Contains(c.declared.Recorded.ManagedConfig, key): // what the syncer set, it takes away
		return winsSpec
	case slices.Contains(c.declared.Recorded.DefaultedConfig, key):
		return winsDefaulted
	default:
		return winsNobody
	}
}

// Differing are the values that differ.
func Differing(values []TopicValue) []TopicValue { return inState(values, ValueDiffers) }

// Uncompared are the values of which the live side is not known.
func Uncompared(values []TopicValue) []TopicValue { return inState(values, ValueUnknown) }

func inState(values []TopicValue, state ValueState) []TopicValue {
	return slices.DeleteFunc(slices.Clone(values), func(v TopicValue) bool { return v.State != state })
}

// StatusFormats are the formats of WriteTopicStatus and WriteTopicDiff.
func StatusFormats() []string { return []string{"text", "json", "yaml"} }

// WriteTopicDiff writes it in one of the StatusFormats.
func WriteTopicDiff(w io.Writer, format string, diff TopicDiff) error {
	if format != "text" {
		return writeData(w, format, diff)
	}
	var out strings.Builder
	out.WriteString("--- KafkaTopic " + clean(diff.Object.String()) + " (spec)\n+++ topic " + clean(diff.Topic) + " on KafkaCluster " + clean(diff.Cluster) +
		" (" + diff.Live + ")\n")
	switch rows := valueRows(Differing(diff.Values)); {
	case len(rows) > 1:
		table(&out, rows)
	case diff.Differs:
		out.WriteString("  it differs, as the notes say\n")
	default:
		out.WriteString("  no difference in what could be compared\n")
	}
	for _, note := range diff.Notes {
		out.WriteString("note: " + clean(note) + "\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func valueRows(values []TopicValue) [][]string {
	rows := [][]string{{"FIELD", "SPEC", "LIVE", "WINS"}}
	for _, value := range values {
		live := "(not set)"
		switch {
		case value.Live != nil:
			live = bounded(*value.Live)
		case value.State == ValueUnknown:
			live = unknown
		}
		spec := "(not listed)"
		if value.Spec != nil {
			spec = bounded(*value.Spec)
		}
		rows = append(rows, []string{value.Field, spec, live, value.Wins})
	}
	return rows
}
