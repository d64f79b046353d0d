package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// conclude turns what was found into what is said: one violation for one field and one limit, the strictest outcome first,
// sorted by field with the tightest limit first.
func (e *evaluation) conclude() {
	slices.SortStableFunc(e.told, func(a, b told) int {
		return cmp.Or(
			cmp.Compare(order(a.field), order(b.field)), cmp.Compare(a.field.Key(), b.field.Key()),
			cmp.Compare(b.over, a.over), cmp.Compare(a.limit, b.limit), cmp.Compare(strictness(a.outcome), strictness(b.outcome)),
			cmp.Compare(a.rule.tag(), b.rule.tag()),
		)
	})
	suggested := e.suggestions()
	for i := 0; i < len(e.told); {
		same := 1
		for i+same < len(e.told) && e.told[i].same(e.told[i+same]) {
			same++
		}
		e.say(e.told[i:i+same], suggested)
		i += same
	}
}

// order is the place of a field in a refusal: that of KafkaTopic's own fields.
func order(field topic.Field) int {
	return slices.Index([]topic.FieldKind{
		topic.KindObject, topic.KindObjectName, topic.KindLabel, topic.KindAnnotation, topic.KindCluster, topic.KindTopicName,
		topic.KindPartitions, topic.KindReplicas, topic.KindConfig, topic.KindUnmanaged, topic.KindDeletion, topic.KindSpec,
	}, field.Kind())
}

// strictness orders outcomes, the strictest first.
func strictness(outcome string) int {
	return slices.Index([]string{
		string(v1alpha1.EnforcementDeny), string(v1alpha1.EnforcementWarn), Grandfathered, ByException, string(v1alpha1.EnforcementAudit),
	}, outcome)
}

// same says that two findings are one violation.
func (t told) same(other told) bool {
	return t.field == other.field && t.limit == other.limit && t.problem == other.problem && t.value == other.value
}

// say words one violation; the first of those that are the same has the strictest outcome, and carries all their tags.
func (e *evaluation) say(group []told, suggested map[topic.Field]string) {
	first := group[0]
	v := topic.Violation{
		Field: first.field, Reason: first.reason, Value: first.value, Problem: first.problem + first.suffix, Limit: first.limit, Fix: first.fix,
	}
	sources := make([]string, 0, len(group))
	for _, t := range group {
		v.Rules = append(v.Rules, t.rule.tag())
		sources = append(sources, t.rule.policy)
		v.Help = cmp.Or(v.Help, t.rule.help)
	}
	slices.Sort(v.Rules)
	v.Rules = slices.Compact(v.Rules)
	v.Source = sourceOf(sources)
	if v.Limit == "" {
		v.Source = ""
	}
	if value, ok := suggested[first.field]; ok && v.Fix == "" && first.wanting() {
		v.Suggestion = value
		v.Fix = "set " + value
	}
	switch first.outcome {
	case string(v1alpha1.EnforcementDeny):
		e.result.Violations = append(e.result.Violations, v)
	case string(v1alpha1.EnforcementAudit):
		e.result.Audited = append(e.result.Audited, v)
	default:
		e.result.Warnings = append(e.result.Warnings, v)
	}
}

// sourceOf names the policies that set a limit.
func sourceOf(policies []string) string {
	slices.Sort(policies)
	policies = slices.Compact(policies)
	switch most := 5; {
	case len(policies) == 1:
		return "TopicPolicy " + policies[0]
	case len(policies) > most:
		return fmt.Sprintf("TopicPolicies %s, and %d more", strings.Join(policies[:most], ", "), len(policies)-most)
	default:
		return "TopicPolicies " + strings.Join(policies, ", ")
	}
}
