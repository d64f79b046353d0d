package offline

import (
	"cmp"
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// Change is a change of policies.
type Change struct {
	// Policies are the names of those that are new or changed.
	Policies []string
	// Before are the policies as they are today. After, with the change, is what the world holds.
	Before *policy.Set
}

// Assess tells what a change of policies would break among topics, not ratcheted: what was there before counts too.
func Assess(world World, topics []Found[v1alpha1.KafkaTopic], change Change) (report.Impact, error) {
	made := report.Impact{
		APIVersion: report.APIVersion, Kind: "PolicyImpact", Policies: slices.Clone(change.Policies),
		Namespaces: []report.NamespaceImpact{}, Topics: []report.TopicImpact{},
	}
	slices.Sort(made.Policies)
	counts := map[string]*report.ImpactCounts{}
	for _, found := range topics {
		verdict, impact, err := change.assess(world, found)
		if err != nil {
			return made, err
		}
		if counts[impact.Namespace] == nil {
			counts[impact.Namespace] = &report.ImpactCounts{}
		}
		matched := slices.ContainsFunc(verdict.Policies.Matched, change.about)
		for _, c := range []*report.ImpactCounts{counts[impact.Namespace], &made.Total} {
			countImpact(c, impact, matched)
		}
		if len(impact.Findings) > 0 {
			made.Topics = append(made.Topics, impact)
		}
	}
	for namespace, count := range counts {
		made.Namespaces = append(made.Namespaces, report.NamespaceImpact{Namespace: namespace, ImpactCounts: *count})
	}
	slices.SortFunc(made.Namespaces, func(a, b report.NamespaceImpact) int { return cmp.Compare(a.Namespace, b.Namespace) })
	slices.SortStableFunc(made.Topics, func(a, b report.TopicImpact) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	return made, nil
}

// about says whether a policy is one of those that change.
func (c Change) about(name string) bool { return slices.Contains(c.Policies, name) }

func (c Change) assess(world World, found Found[v1alpha1.KafkaTopic]) (Verdict, report.TopicImpact, error) {
	in, err := world.Input(validate.Create, nil, found.Object)
	impact := report.TopicImpact{
		Place: place(found.Document, "metadata.name"), Namespace: in.New.Ref.Namespace, Name: in.New.Ref.Name,
		Topic: in.New.TopicName, Cluster: in.New.Cluster,
	}
	if err != nil {
		return Verdict{}, impact, err
	}
	in = unratcheted(in)
	now := Verdict{In: in, Topic: found, Op: validate.Create}
	now.Policies = validate.Evaluate(in).Policies
	now.Violations, now.Warnings = now.Policies.Violations, now.Policies.Warnings
	now.skip()
	in.Facts.Policies = c.Before
	broken := map[brokenRule]bool{}
	for _, hit := range validate.Evaluate(in).Policies.Hits {
		broken[brokenRule{hit.Policy + "/" + hit.Rule, hit.Field}] = true
	}
	impact.Findings = c.findings(now, broken)
	return now, impact, nil
}

// brokenRule is a rule broken by a field.
type brokenRule struct {
	rule  string
	field topic.Field
}

// unratcheted has nothing count as the topic before, while what is on the brokers still stands in for what the object
// leaves out.
func unratcheted(in validate.Input) validate.Input {
	if in.Facts.Live != nil {
		live := *in.Facts.Live
		live.Owned, live.TakeBack = false, false
		in.Facts.Live = &live
	}
	if in.Facts.Cluster != nil {
		cluster := *in.Facts.Cluster
		cluster.MayAdopt = false
		in.Facts.Cluster = &cluster
	}
	in.Old = nil
	return in
}

func (c Change) findings(verdict Verdict, broken map[brokenRule]bool) []report.ImpactFinding {
	var list []report.ImpactFinding
	for _, said := range []struct {
		level      report.Level
		violations []topic.Violation
	}{{report.Deny, verdict.Violations}, {report.Warn, verdict.Warnings}, {report.Audit, verdict.Policies.Audited}} {
		for _, violation := range said.violations {
			if !slices.ContainsFunc(violation.Rules, c.ofOurs) {
				continue
			}
			fresh := slices.ContainsFunc(violation.Rules, func(rule string) bool {
				return c.ofOurs(rule) && !broken[brokenRule{rule, violation.Field}]
			})
			list = append(list, report.ImpactFinding{
				Finding: findingOf(verdict.Topic.Document, said.level, violation),
				New:     fresh, Excepted: violation.Reason == topic.PolicyExcepted,
			})
		}
	}
	for _, skip := range verdict.Skipped {
		if skip.Rules = slices.DeleteFunc(slices.Clone(skip.Rules), func(rule string) bool { return !c.ofOurs(rule) }); len(skip.Rules) > 0 {
			list = append(list, report.ImpactFinding{Finding: skip.finding(verdict.Topic.Document, report.Skip)})
		}
	}
	return list
}

// ofOurs says whether a rule belongs to a policy that changes.
func (c Change) ofOurs(rule string) bool {
	name, _, _ := strings.Cut(rule, "/")
	return c.about(name)
}

// countImpact counts a topic once, by the worst that it breaks.
func countImpact(c *report.ImpactCounts, impact report.TopicImpact, matched bool) {
	c.Topics++
	if matched {
		c.Matched++
	}
	has := map[report.Level]bool{}
	excepted, fresh := false, false
	for _, finding := range impact.Findings {
		has[finding.Level] = has[finding.Level] || !finding.Excepted
		excepted, fresh = excepted || finding.Excepted, fresh || finding.New && !finding.Excepted
	}
	if fresh {
		c.New++
	}
	for _, count := range []struct {
		is bool
		n  *int
	}{{has[report.Deny], &c.Deny}, {has[report.Warn], &c.Warn}, {has[report.Audit], &c.Audit}, {excepted, &c.Excepted}, {has[report.Skip], &c.Skipped}} {
		if count.is {
			*count.n++
			return
		}
	}
}
