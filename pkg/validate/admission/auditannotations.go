package admission

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// The audit annotations of an answer. The API server puts the webhook's name in front.
const (
	annotatePolicies   = "policies"
	annotateViolations = "violations"
	annotateExceptions = "exceptions"
)

// mostAnnotated is how many bytes one audit annotation may have.
const mostAnnotated = 4 << 10

// annotated is a violation as the audit log keeps it.
type annotated struct {
	Outcome string   `json:"outcome"`
	Rules   []string `json:"rules,omitempty"`
	Field   string   `json:"field"`
	Text    string   `json:"text"`
}

// auditAnnotations tell the audit log which policies matched, what they said, also that of rules which only audit, and on
// which exceptions the object rests. Nil where none matched.
func auditAnnotations(verdict validate.Verdict) map[string]string {
	result, notes := verdict.Policies, map[string]string{}
	if len(result.Matched) > 0 {
		notes[annotatePolicies] = bounded(strings.Join(result.Matched, ","), mostAnnotated)
	}
	if list := annotatedOf(result); len(list) > 0 {
		notes[annotateViolations] = compact(list)
	}
	if used := exceptionsOf(result); len(used) > 0 {
		notes[annotateExceptions] = bounded(strings.Join(used, ","), mostAnnotated)
	}
	if len(notes) == 0 {
		return nil
	}
	return notes
}

func annotatedOf(result policy.Result) []annotated {
	var list []annotated
	add := func(outcome v1alpha1.Enforcement, violations []topic.Violation) {
		for _, violation := range violations {
			list = append(list, annotated{string(outcome), violation.Rules, topic.Plain(dialect.Path(violation.Field)), bounded(topic.Plain(violation.Text()), 300)})
		}
	}
	add(v1alpha1.EnforcementDeny, result.Violations)
	add(v1alpha1.EnforcementWarn, result.Warnings)
	add(v1alpha1.EnforcementAudit, result.Audited)
	return list
}

// exceptionsOf are the names of the exceptions that a topic rests on, sorted.
func exceptionsOf(result policy.Result) []string {
	used := make([]string, len(result.Excepted))
	for i, one := range result.Excepted {
		used[i] = one.Exception
	}
	slices.Sort(used)
	return slices.Compact(used)
}

// compact is as much of the list as there is room for, as JSON; a last element counts what there is no room for.
func compact(list []annotated) string {
	const most = mostAnnotated / 50 // fewer bytes has no element
	for kept := min(len(list), most); kept > 0; kept-- {
		shown := make([]any, kept, kept+1)
		for i := range shown {
			shown[i] = list[i]
		}
		if kept < len(list) {
			shown = append(shown, map[string]int{"more": len(list) - kept})
		}
		text, err := json.Marshal(shown)
		if err == nil && len(text) <= mostAnnotated {
			return string(text)
		}
	}
	return "[]"
}

// bounded is the beginning of a text, of at most so many bytes.
func bounded(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most-len("…")], "") + "…"
}
