package foreign

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// AutoCreateKey is the broker setting that lets any client create a topic by asking for it. Where nothing sets it, Kafka's
// default holds, which is true.
const AutoCreateKey = "auto.create.topics.enable"

// Change is what would switch auto-creation off in an object that describes brokers.
type Change struct {
	// Spec holds the fields to apply and no others; nil when they say so already.
	Spec map[string]any
	// Path is the field, as kubectl prints it, and Line what to write there.
	Path, Line string
	// Left names the settings of single brokers that keep it on there, and are not touched; each is a path with its value.
	Left []string
}

// StrimziOff is the change for Strimzi's Kafka object: one key of spec.kafka.config.
func StrimziOff(kafka map[string]any) Change {
	made := Change{Path: "spec.kafka.config", Line: AutoCreateKey + `: "false"`}
	value, set, _ := unstructured.NestedFieldNoCopy(kafka, "spec", "kafka", "config", AutoCreateKey)
	if !set || !isFalse(fmt.Sprint(value)) {
		made.Spec = map[string]any{"kafka": map[string]any{"config": map[string]any{AutoCreateKey: "false"}}}
	}
	return made
}

// KoperatorOff is the change for Koperator's KafkaCluster: one line of spec.readOnlyConfig, which is a single field, so that
// all of it is applied. A broker's own readOnlyConfig wins over it, and is named only.
func KoperatorOff(cluster map[string]any) Change {
	made := Change{Path: "spec.readOnlyConfig", Line: AutoCreateKey + "=false"}
	all := text(cluster, "spec", "readOnlyConfig")
	if value, set := Property(all, AutoCreateKey); !set || !isFalse(value) {
		made.Spec = map[string]any{"readOnlyConfig": SetProperty(all, AutoCreateKey, "false")}
	}
	brokers, _, _ := unstructured.NestedSlice(cluster, "spec", "brokers")
	for i, broker := range brokers {
		fields, _ := broker.(map[string]any)
		if value, set := Property(text(fields, "readOnlyConfig"), AutoCreateKey); set && !isFalse(value) {
			made.Left = append(made.Left, fmt.Sprintf("spec.brokers[%d].readOnlyConfig (broker %v): %s=%s", i, fields["id"], AutoCreateKey, bounded(value)))
		}
	}
	return made
}

// isFalse reads a value as Kafka reads a boolean.
func isFalse(value string) bool { return strings.EqualFold(strings.TrimSpace(value), "false") }

// bounded is text that somebody else wrote, no longer than a message can bear.
func bounded(value string) string {
	const most = 32
	if runes := []rune(value); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return value
}
