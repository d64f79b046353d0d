package kafkacluster

import (
	"strconv"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// Violation is one thing wrong, or unwise, with a KafkaCluster.
type Violation struct {
	// Path is where in the object it is, as kubectl prints it.
	Path string
	topic.Violation
}

// Verdict is what the rules say. It refuses when there is any violation.
type Verdict struct {
	// Violations refuse.
	Violations []Violation
	// Warnings are legal but unwise, or were there before.
	Warnings []Violation
}

// Check judges a KafkaCluster by every rule. What was wrong in the same way with old, which is nil for a new one, only
// warns. otherDefault names another KafkaCluster that is marked default; empty when there is none.
func Check(cluster, old *v1alpha1.KafkaCluster, otherDefault string) Verdict {
	found := examine(cluster)
	before := map[[2]string]bool{}
	if old != nil {
		for _, violation := range examine(old).Violations {
			before[key(violation)] = true
		}
	}
	verdict := Verdict{Warnings: found.Warnings}
	for _, violation := range found.Violations {
		if before[key(violation)] {
			violation.Problem += " (it was so before, hence only a warning)"
			verdict.Warnings = append(verdict.Warnings, violation)
			continue
		}
		verdict.Violations = append(verdict.Violations, violation)
	}
	if cluster.Annotations[v1alpha1.DefaultClusterAnnotation] == "true" && otherDefault != "" {
		verdict.Warnings = append(verdict.Warnings, at("metadata.annotations["+v1alpha1.DefaultClusterAnnotation+"]", topic.Violation{
			Value:   `"true"`,
			Problem: "KafkaCluster " + strconv.Quote(otherDefault) + " is marked default too, so that neither is",
			Fix:     "mark one only",
		}))
	}
	return verdict
}

func key(v Violation) [2]string { return [2]string{v.Path, v.Value} }

// examine runs every rule, in the order of the fields.
func examine(cluster *v1alpha1.KafkaCluster) Verdict {
	var verdict Verdict
	for _, rule := range []func(*v1alpha1.KafkaCluster) Verdict{
		name, bootstrapServers, kafkaVersion, tls, sasl, selectors, reservedNames, intervals, deletionLimit, ignoreRules, operatedBy,
	} {
		found := rule(cluster)
		verdict.Violations = append(verdict.Violations, found.Violations...)
		verdict.Warnings = append(verdict.Warnings, found.Warnings...)
	}
	return verdict
}

func at(path string, violation topic.Violation) Violation {
	violation.Reason = topic.SpecInvalid
	if violation.Limit != "" && violation.Source == "" {
		violation.Source = "TopicGate"
	}
	return Violation{Path: path, Violation: violation}
}

func (v *Verdict) refuse(path string, violation topic.Violation) {
	v.Violations = append(v.Violations, at(path, violation))
}

func (v *Verdict) warn(path string, violation topic.Violation) {
	v.Warnings = append(v.Warnings, at(path, violation))
}

// quoted is a value as its owner would recognise it, and no longer than a line.
func quoted(text string) string {
	const most = 64
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return strconv.Quote(text)
}
