package policy

import (
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// compileDeletion reads a rule about what deleting a KafkaTopic does.
func (c *compiler) compileDeletion(path string, spec *v1alpha1.DeletionRule) func(*subject) []finding {
	if len(spec.OneOf) == 0 && spec.Protect == "" {
		c.problem(path, "", "asks nothing", "oneOf or protect")
	}
	if len(spec.OneOf) == 0 {
		return nil
	}
	allowed := make([]string, len(spec.OneOf))
	for i, policy := range spec.OneOf {
		allowed[i] = string(policy)
	}
	slices.Sort(allowed)
	return func(s *subject) []finding {
		effective := s.declared.EffectiveDeletion(s.Facts.Cluster.DefaultDeletion)
		if slices.Contains(allowed, string(effective)) {
			return nil
		}
		value := string(effective)
		if s.declared.Deletion == "" {
			value += " (KafkaCluster " + s.Facts.Cluster.Name + ")"
		}
		return []finding{{
			field: topic.Of(topic.KindDeletion), reason: topic.PolicyViolation, value: value, plain: string(effective), over: 1,
			problem: "not among what the policy allows", limit: "one of " + strings.Join(allowed, ", "),
			fix: "set deletionPolicy: " + allowed[0],
		}}
	}
}

// Protection is what matching policies protect a topic from being deleted by: None, InUse or Always as a KafkaCluster
// says it, or WhenNotEmpty or WhenConsumed; the strictest wins, and the two halves of InUse make a whole. With it come the
// rules that say so, as policy/rule.
func (s *Set) Protection(in Input) (protect string, rules []string) {
	if s.Empty() {
		return "", nil
	}
	found := map[v1alpha1.PolicyProtection]bool{}
	for _, b := range NewSet(s.matching(in).policies, nil).denying(kindDeletion) {
		if protect := b.rule.spec.Deletion.Protect; protect != "" {
			found[protect] = true
			rules = append(rules, b.rule.tag())
		}
	}
	return strictest(found), rules
}

func strictest(found map[v1alpha1.PolicyProtection]bool) string {
	switch {
	case found[v1alpha1.PolicyProtectAlways]:
		return string(v1alpha1.PolicyProtectAlways)
	case found[v1alpha1.PolicyProtectInUse], found[v1alpha1.PolicyProtectNotEmpty] && found[v1alpha1.PolicyProtectConsumed]:
		return string(v1alpha1.PolicyProtectInUse)
	case found[v1alpha1.PolicyProtectNotEmpty]:
		return string(v1alpha1.PolicyProtectNotEmpty)
	case found[v1alpha1.PolicyProtectConsumed]:
		return string(v1alpha1.PolicyProtectConsumed)
	}
	return ""
}
