package validate

import (
	"slices"

	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
)

// Op is what is about to happen to the object.
type Op string

// What is about to happen to the object.
const (
	// Create: the object is new to the API server.
	Create Op = "Create"
	// Update: the object's spec is being changed; Input.Old is set.
	Update Op = "Update"
	// Delete: the object's deletion is asked for.
	Delete Op = "Delete"
	// Sync: the syncer is about to act on the stored object.
	Sync Op = "Sync"
)

// Input is everything a verdict rests on.
type Input struct {
	Op Op
	// Old is the object before an Update; nil otherwise.
	Old   *topic.Declared
	New   topic.Declared
	Facts Facts
}

// Verdict is what the rules say. It refuses when there is any violation.
type Verdict struct {
	// Violations refuse.
	Violations []topic.Violation
	// Warnings are legal but unwise, were there before, or could not be checked.
	Warnings []topic.Violation
	// Policies is what the TopicPolicies said; their violations and warnings are among those above.
	Policies policy.Result
}

// Refused says whether anything in the verdict refuses.
func (v Verdict) Refused() bool { return len(v.Violations) > 0 }

// Evaluate judges one object by every rule, then by the TopicPolicies; the order of what it lists is that of the rules.
func Evaluate(in Input) Verdict {
	if in.Op == Delete {
		return merge(Verdict{}, deletionProtected(in))
	}
	verdict := Verdict{}
	for _, r := range rules() {
		found := r.check(in)
		verdict = merge(verdict, ratchet(r, in, found))
	}
	return addPolicies(verdict, in)
}

// finding is what one rule says.
type finding struct {
	violations, warnings []topic.Violation
}

func refuse(violations ...topic.Violation) finding { return finding{violations: violations} }

func warn(warnings ...topic.Violation) finding { return finding{warnings: warnings} }

func merge(verdict Verdict, found finding) Verdict {
	verdict.Violations = append(verdict.Violations, found.violations...)
	verdict.Warnings = append(verdict.Warnings, found.warnings...)
	return verdict
}

// ratchet turns what was wrong before, in the same way, into warnings.
func ratchet(r rule, in Input, found finding) finding {
	if r.kind == advice {
		return fresh(r, in, found)
	}
	old, ok := before(r.kind, in)
	if len(found.violations) == 0 || !ok {
		return found
	}
	known := map[violationKey]bool{}
	for _, violation := range r.check(Input{Op: in.Op, New: old, Facts: in.Facts}).violations {
		known[keyOf(violation, old)] = true
	}
	ratcheted := finding{warnings: found.warnings}
	for _, violation := range found.violations {
		if !known[keyOf(violation, in.New)] {
			ratcheted.violations = append(ratcheted.violations, violation)
			continue
		}
		violation.Problem += " (it was so before, hence only a warning)"
		ratcheted.warnings = append(ratcheted.warnings, violation)
	}
	return ratcheted
}

// fresh drops advice that the old object gave rise to already: whoever edits something else has heard it.
func fresh(r rule, in Input, found finding) finding {
	if in.Op == Sync {
		return finding{} // nobody is there to hear it
	}
	if in.Old == nil || len(found.warnings) == 0 {
		return found
	}
	heard := map[violationKey]bool{}
	for _, warning := range r.check(Input{Op: in.Op, New: *in.Old, Facts: in.Facts}).warnings {
		heard[keyOf(warning, *in.Old)] = true
	}
	return warn(slices.DeleteFunc(found.warnings, func(w topic.Violation) bool { return heard[keyOf(w, in.New)] })...)
}

type violationKey struct {
	field  topic.Field
	reason topic.Reason
	value  string
}

// keyOf is what makes two violations the same. A config value that is shown shortened counts in full.
func keyOf(v topic.Violation, of topic.Declared) violationKey {
	if text := of.Config[v.Field.Key()].Text; v.Field.Kind() == topic.KindConfig && bounded(text) != text {
		return violationKey{v.Field, v.Reason, text}
	}
	return violationKey{v.Field, v.Reason, v.Value}
}

// before is what counts as the old object for a kind of rule; false where nothing does.
func before(kind ruleKind, in Input) (topic.Declared, bool) {
	owned := in.Facts.Live != nil && in.Facts.Live.Owned
	taken := owned || in.mayTake()
	switch {
	case kind == transition:
		return topic.Declared{}, false
	case in.Old != nil:
		return *in.Old, true
	case kind == aboutObject && in.Op == Sync && owned:
		return in.New, true
	case kind == aboutTopic && taken:
		return in.Facts.Live.As(in.New), true
	default:
		return topic.Declared{}, false
	}
}
