package policy

import (
	"cmp"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// Evaluate judges a topic by every rule of every policy that matches it.
func (s *Set) Evaluate(in Input) Result {
	if s.Empty() {
		return Result{}
	}
	found := s.matching(in)
	e := &evaluation{set: s, in: in, policies: found.policies}
	for _, p := range found.policies {
		e.result.Matched = append(e.result.Matched, p.Name)
	}
	for _, p := range found.untold {
		e.untold(p)
	}
	e.subject = e.subjectOf(in.New)
	for _, p := range found.policies {
		for i := range p.rules {
			e.judge(&p.rules[i])
		}
	}
	e.conclude()
	return e.result
}

// evaluation is one topic being judged.
type evaluation struct {
	set      *Set
	in       Input
	policies []*Policy
	subject  *subject
	// old is what was wrong before, made when it is first asked for.
	old    map[oldKey]oldFinding
	spent  uint64
	told   []told
	result Result
}

// oldKey is what makes a violation the same as one before.
type oldKey struct {
	rule  string
	field topic.Field
	limit string
	// undecided says that the rule could not be judged.
	undecided bool
}

type oldFinding struct {
	over  int64
	value string
}

// told is a finding with what becomes of it.
type told struct {
	finding
	rule *rule
	// outcome is Deny, Warn, Audit, Grandfathered or Excepted.
	outcome string
	// suffix is put behind the problem.
	suffix string
}

func (e *evaluation) subjectOf(declared topic.Declared) *subject {
	in := e.in
	in.New = declared
	return &subject{Input: in, declared: declared, defaults: defaultsOf(e.policies, in, declared), cost: &e.spent}
}

func (e *evaluation) judge(r *rule) {
	for _, f := range r.findings(e.subject) {
		if f.undecided != "" {
			e.undecided(r, f)
			continue
		}
		e.settle(r, f)
	}
}

// settle decides what becomes of a finding.
func (e *evaluation) settle(r *rule, f finding) {
	active, expired := e.set.exceptionFor(r, e.in)
	var bounded []finding
	if active != nil {
		bounded = active.waive(r, f, e.subject)
	}
	switch {
	case active != nil && len(bounded) == 0:
		e.except(r, f, active)
	case r.enforcement == v1alpha1.EnforcementDeny && e.grandfathered(r, f):
		e.tell(told{finding: f, rule: r, outcome: Grandfathered, suffix: " (it was so before, hence only a warning)"})
	case active != nil:
		for _, b := range bounded {
			e.tell(told{finding: b, rule: r, outcome: string(r.enforcement)})
		}
	case expired != nil:
		e.tell(told{finding: f, rule: r, outcome: string(r.enforcement), suffix: " (TopicPolicyException " + expired.Name + " has expired)"})
	default:
		e.tell(told{finding: f, rule: r, outcome: string(r.enforcement)})
	}
}

// except lets a finding pass by leave of an exception.
func (e *evaluation) except(r *rule, f finding, active *Exception) {
	f.reason = topic.PolicyExcepted
	e.tell(told{finding: f, rule: r, outcome: ByException, suffix: "; " + active.text(e.in.Facts.Now)})
	e.result.Excepted = append(e.result.Excepted, Excepted{
		Exception: active.Name, Policy: r.policy, Rule: r.name, Reason: active.reason, ExpiresAt: active.ExpiresAt,
	})
}

func (e *evaluation) tell(t told) {
	e.told = append(e.told, t)
	e.result.Hits = append(e.result.Hits, Hit{
		Policy: t.rule.policy, Rule: t.rule.name, Enforcement: string(t.rule.enforcement), Outcome: t.outcome, Field: t.field,
	})
}

// undecided notes that a rule could not be judged; the failurePolicy says what that leads to.
func (e *evaluation) undecided(r *rule, f finding) {
	e.result.Undecided = append(e.result.Undecided, Undecided{Policy: r.policy, Rule: r.name, Why: f.undecided})
	outcome := r.enforcement
	if outcome == v1alpha1.EnforcementDeny && (r.ignore || e.undecidedBefore(r, f)) {
		outcome = v1alpha1.EnforcementWarn
	}
	e.told = append(e.told, told{
		finding: finding{field: f.field, reason: topic.PolicyUndecided, problem: "could not be judged: " + f.undecided},
		rule:    r, outcome: string(outcome),
	})
}

// undecidedBefore says that the rule could not have judged the object as it was either: an outage of the brokers, or a rule that
// does not compile, must not hold up a change of something else.
func (e *evaluation) undecidedBefore(r *rule, f finding) bool {
	_, known := e.before()[oldKey{rule: r.tag(), field: f.field, undecided: true}]
	return known
}

// before is what was wrong with the object before; nothing for a new one.
func (e *evaluation) before() map[oldKey]oldFinding {
	if e.old == nil && e.in.Old != nil {
		e.old = e.findOld()
	}
	return e.old
}

// untold notes a policy of which nobody can tell whether it is about the topic.
func (e *evaluation) untold(p *Policy) {
	why := "the labels of namespace " + e.in.New.Ref.Namespace + " are not known, so nobody can tell whether the policy is about the topic"
	for i := range p.rules {
		e.undecided(&p.rules[i], finding{field: topic.Of(topic.KindSpec), undecided: why})
	}
}

// grandfathered says whether a finding is no worse than what was there before.
func (e *evaluation) grandfathered(r *rule, f finding) bool {
	unseen := r.kind == kindMetadata || r.kind == kindDeletion // brokers hold neither
	if f.change || e.in.Found && unseen {
		return false
	}
	before, known := e.before()[oldKey{rule: r.tag(), field: f.field, limit: f.limit}]
	return known && (cmp.Or(f.plain, f.value) == before.value || f.over < before.over)
}

// findOld is what was wrong with the object before, by the rules as they are now.
func (e *evaluation) findOld() map[oldKey]oldFinding {
	old := map[oldKey]oldFinding{}
	subject := e.subjectOf(*e.in.Old)
	subject.Old = nil
	for _, p := range e.policies {
		for i := range p.rules {
			r := &p.rules[i]
			for _, f := range r.findings(subject) {
				old[oldKey{r.tag(), f.field, f.limit, f.undecided != ""}] = oldFinding{f.over, cmp.Or(f.plain, f.value)}
			}
		}
	}
	return old
}
