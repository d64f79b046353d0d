package policy

import (
	"fmt"
	"strconv"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// rule is a compiled rule.
type rule struct {
	policy, name, help string
	enforcement        v1alpha1.Enforcement
	// ignore is the policy's failurePolicy: what cannot be judged only warns.
	ignore bool
	// broken says why the rule did not compile; it is undecided for every topic then.
	broken string
	// kind is which member of the rule is set.
	kind ruleKind
	// numbers appends the whole numbers that the rule is about, with what it asks of them; nil when it is about none. The list
	// is the caller's to use again: most reviews find nothing wrong, and should cost no memory.
	numbers func(s *subject, list []number) []number
	// judge finds everything else; nil when there is nothing else.
	judge func(*subject) []finding
	// usage says that the rule reads what the namespace has.
	usage bool
	// names is the compiled rule about names, where it is one.
	names *nameRule
	// static are the limits that hold for every topic, whatever its facts.
	static map[topic.Field][]limit
	// spec is what the rule was made of.
	spec *v1alpha1.PolicyRule
}

func (r *rule) tag() string { return r.policy + "/" + r.name }

// ruleKind is which typed member a rule has.
type ruleKind string

const (
	kindName        ruleKind = "topicName"
	kindPartitions  ruleKind = "partitions"
	kindReplication ruleKind = "replication"
	kindConfig      ruleKind = "config"
	kindConfigKeys  ruleKind = "configKeys"
	kindMetadata    ruleKind = "metadata"
	kindDeletion    ruleKind = "deletion"
	kindQuota       ruleKind = "quota"
	kindCEL         ruleKind = "cel"
)

// number is a whole number of a topic, with what a rule asks of it.
type number struct {
	field  topic.Field
	reason topic.Reason
	value  int64
	// source is whose the value is.
	source string
	limits []limit
	// unlimited says that value stands for a -1.
	unlimited bool
	// undecided says why the number, or a limit, is not known.
	undecided string
}

// finding is one thing that a rule finds wrong, or could not find out.
type finding struct {
	field  topic.Field
	reason topic.Reason
	value  string
	// plain is the value without whose it is, which is what makes it the same as before; empty where value says no more.
	plain string
	// problem says what is wrong, limit what would be allowed, fix what to write.
	problem, limit, fix string
	// over is how far off it is, for numbers; more is worse.
	over int64
	// change findings are about the change itself and never ratcheted.
	change bool
	// undecided says why the rule could not be judged; all else is empty then, but the field.
	undecided string
}

// findings is everything that the rule says of a topic.
func (r *rule) findings(s *subject) []finding {
	if r.broken != "" {
		return []finding{{field: topic.Of(topic.KindSpec), undecided: r.broken}}
	}
	var found []finding
	if r.numbers != nil {
		s.scratch = r.numbers(s, s.scratch[:0])
		for i := range s.scratch {
			found = s.scratch[i].addTo(found)
		}
	}
	if r.judge != nil {
		found = append(found, r.judge(s)...)
	}
	return found
}

// addTo adds what is wrong with the number.
func (n *number) addTo(found []finding) []finding {
	if n.undecided != "" {
		return append(found, finding{field: n.field, undecided: n.undecided})
	}
	for _, l := range n.limits {
		if over := l.over(n.value); over != 0 {
			value := n.value
			if n.unlimited {
				value, l.problem = -1, "unlimited, which the policy does not allow"
			}
			found = append(found, finding{
				field: n.field, reason: n.reason, value: shown(value, n.source), plain: shown(value, sourceObject),
				problem: l.says(), limit: l.words(), over: over, change: l.change,
			})
		}
	}
	return found
}

// shown is a number with whose it is, where the object itself does not say it.
func shown(n int64, source string) string {
	text := strconv.FormatInt(n, 10)
	if source == sourceObject {
		return text
	}
	return fmt.Sprintf("%s (%s)", text, source)
}

func undecided(field topic.Field, why string) []finding {
	return []finding{{field: field, undecided: why}}
}
