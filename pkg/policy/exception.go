package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// Exception is a compiled TopicPolicyException.
type Exception struct {
	// Name is the TopicPolicyException's.
	Name string
	// ExpiresAt is from when on it counts no more.
	ExpiresAt time.Time

	reason   string
	policies []v1alpha1.ExceptedPolicy
	match    matcher
	limits   []rule
	// keys are the topic configs that the limits speak of.
	keys   map[string]bool
	broken bool
}

// CompileException reads an exception. It always returns one; with problems it excepts nothing.
func CompileException(object *v1alpha1.TopicPolicyException) (*Exception, []Problem) {
	c := &compiler{newest: topicconfig.For("")}
	spec := &object.Spec
	e := &Exception{
		Name: object.Name, ExpiresAt: spec.ExpiresAt.UTC(), reason: oneLine(spec.Reason), policies: spec.Policies,
		match: matcher{clusters: spec.Match.Clusters, namespaces: spec.Match.Namespaces, topicNames: spec.Match.TopicNames},
		keys:  map[string]bool{},
	}
	if strings.TrimSpace(spec.Reason) == "" {
		c.problem("spec.reason", "", "nobody could tell why it was granted", "a reason, such as the number of a change request")
	}
	if spec.ExpiresAt.IsZero() {
		c.problem("spec.expiresAt", "", "would never end", "a time, such as 2027-01-31T00:00:00Z")
	}
	if len(spec.Policies) == 0 {
		c.problem("spec.policies", "", "excepts from nothing", "the names of policies and rules")
	}
	if len(spec.Match.Namespaces)+len(spec.Match.TopicNames) == 0 {
		c.problem("spec.match", "", "matches every topic, which would turn the rules off", "namespaces or topicNames; to turn a rule off, change its policy")
	}
	e.compileLimits(c, spec.Limits)
	e.broken = len(c.problems) > 0
	return e, c.problems
}

// compileLimits reads what may be had instead, each as the rule that it stands in for.
func (e *Exception) compileLimits(c *compiler, spec *v1alpha1.ExceptionLimits) {
	if spec == nil {
		return
	}
	for _, member := range []struct {
		kind    ruleKind
		present bool
		rule    v1alpha1.PolicyRule
	}{
		{kindPartitions, spec.Partitions != nil, v1alpha1.PolicyRule{Partitions: spec.Partitions}},
		{kindReplication, spec.Replication != nil, v1alpha1.PolicyRule{Replication: spec.Replication}},
		{kindConfig, len(spec.Config) > 0, v1alpha1.PolicyRule{Config: spec.Config}},
		{kindQuota, spec.Quota != nil, v1alpha1.PolicyRule{Quota: spec.Quota}},
	} {
		if member.present {
			r := rule{kind: member.kind, spec: &member.rule, name: e.Name}
			c.compileKind("spec.limits."+string(member.kind), &r)
			e.limits = append(e.limits, r)
		}
	}
	for _, config := range spec.Config {
		e.keys[config.Key] = true
	}
	if len(e.limits) == 0 {
		c.problem("spec.limits", "", "limits nothing", "partitions, replication, config or quota; or no limits at all")
	}
}

// covers says whether the exception is about a rule and a topic, whatever the time.
func (e *Exception) covers(r *rule, in Input) bool {
	return !e.broken && e.match.match(in) == yes && slices.ContainsFunc(e.policies, func(p v1alpha1.ExceptedPolicy) bool {
		return p.Name == r.policy && (len(p.Rules) == 0 || slices.Contains(p.Rules, r.name))
	})
}

// standIn is the limit that stands in for what a rule of a kind says of a field; nil where the exception waives it.
func (e *Exception) standIn(kind ruleKind, field topic.Field) *rule {
	for i := range e.limits {
		if e.limits[i].kind == kind && (kind != kindConfig || e.keys[field.Key()]) {
			return &e.limits[i]
		}
	}
	return nil
}

// waive settles what an exception makes of a finding: waived with a warning, or bounded by the exception's own limit.
func (e *Exception) waive(r *rule, found finding, s *subject) (bounded []finding) {
	limits := e.standIn(r.kind, found.field)
	if limits == nil {
		return nil
	}
	for _, f := range limits.findings(s) {
		if f.field == found.field {
			f.problem += ", also by TopicPolicyException " + e.Name
			bounded = append(bounded, f)
		}
	}
	return bounded
}

// text is what an exception is shown as: until when, how many days that is, and why.
func (e *Exception) text(now time.Time) string {
	days := int(e.ExpiresAt.Sub(now).Hours() / 24)
	left := fmt.Sprintf("%d days left", days)
	switch days {
	case 0:
		left = "less than a day left"
	case 1:
		left = "1 day left"
	}
	return fmt.Sprintf("allowed by TopicPolicyException %s until %s (%s): %s", e.Name, e.ExpiresAt.UTC().Format(time.DateOnly), left, e.reason)
}

// exceptionFor is the exception that covers a finding now, the one that lasts longest; and one that would, had it not
// expired.
func (s *Set) exceptionFor(r *rule, in Input) (active, expired *Exception) {
	for _, e := range s.exceptions {
		switch {
		case !e.covers(r, in):
		case !in.Facts.Now.Before(e.ExpiresAt):
			if expired == nil || e.ExpiresAt.After(expired.ExpiresAt) {
				expired = e
			}
		case active == nil || e.ExpiresAt.After(active.ExpiresAt):
			active = e
		}
	}
	return active, expired
}
