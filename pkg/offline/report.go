package offline

import (
	"cmp"
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/offline/manifest"
	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// Runbook is where the reasons of TopicGate's own rules are explained.
const Runbook = "https://github.com/topicgate/topicgate/blob/main/docs/runbook.md#"

// Reporting says how verdicts are reported.
type Reporting struct {
	// Strict denies what could not be judged.
	Strict bool
	// Policies are the policies that were asked, for what their rules are like.
	Policies []Found[v1alpha1.TopicPolicy]
	// Ignored counts objects of other kinds.
	Ignored int
}

// Report puts verdicts into words and numbers.
func Report(verdicts []Verdict, how Reporting) report.Report {
	made := report.Report{APIVersion: report.APIVersion, Kind: "ValidationReport", Results: []report.Result{}}
	made.Summary.Ignored = how.Ignored
	for _, verdict := range verdicts {
		result := how.result(verdict)
		made.Results = append(made.Results, result)
		tally(&made.Summary, result)
	}
	made.Rules = rulesOf(made.Results, how.Policies)
	return made
}

func tally(summary *report.Summary, result report.Result) {
	summary.Topics++
	switch result.Outcome {
	case report.Deny:
		summary.Denied++
	case report.Warn:
		summary.Warned++
	case report.Unchanged:
		summary.Unchanged++
	case report.Skip:
		summary.Incomplete++
	case report.Pass, report.Audit:
		summary.Passed++
	}
	if result.Operation == string(validate.Delete) {
		summary.Deleted++
	}
	for _, finding := range result.Findings {
		if finding.Level == report.Skip {
			summary.Skipped += len(finding.Rules)
		}
	}
}

func (how Reporting) result(verdict Verdict) report.Result {
	declared := verdict.In.New
	result := report.Result{
		Place:     place(verdict.Topic.Document, "metadata.name"),
		Namespace: declared.Ref.Namespace, Name: declared.Ref.Name, Topic: declared.TopicName, Cluster: declared.Cluster,
		Operation: string(verdict.Op), Policies: verdict.Policies.Matched, Outcome: report.Pass,
	}
	if verdict.Unchanged {
		result.Outcome = report.Unchanged
	}
	document := verdict.Topic.Document
	for _, said := range []struct {
		level      report.Level
		violations []topic.Violation
	}{{report.Deny, verdict.Violations}, {report.Warn, verdict.Warnings}, {report.Audit, verdict.Policies.Audited}} {
		for _, violation := range said.violations {
			result.Findings = append(result.Findings, findingOf(document, said.level, violation))
			result.Outcome = worse(result.Outcome, said.level)
		}
	}
	for _, skip := range verdict.Skipped {
		level := report.Skip
		if how.Strict {
			level = report.Deny
		}
		result.Findings = append(result.Findings, skip.finding(document, level))
		result.Outcome = worse(result.Outcome, level)
	}
	return result
}

func (s Skip) finding(document manifest.Document, level report.Level) report.Finding {
	return report.Finding{
		Place: place(document, ""), Level: level, Rules: s.Rules, Reason: string(topic.PolicyUndecided),
		Problem: topic.Plain(s.Why), Message: topic.Plain("could not be judged: " + s.Why + " [" + strings.Join(s.Rules, ", ") + "]"),
	}
}

// worse is the outcome that counts of two.
func worse(a, b report.Level) report.Level {
	order := []report.Level{report.Unchanged, report.Pass, report.Skip, report.Audit, report.Warn, report.Deny}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

func findingOf(document manifest.Document, level report.Level, v topic.Violation) report.Finding {
	path := dialect.Path(v.Field)
	rules := v.Rules
	if len(rules) == 0 {
		rules = []string{BuiltIn(v.Reason)}
	}
	return report.Finding{
		Place: place(document, path), Level: level, Rules: rules, Reason: string(v.Reason), Path: topic.Plain(path),
		Value: topic.Plain(v.Value), Problem: topic.Plain(v.Problem), Limit: topic.Plain(v.Limit), Source: topic.Plain(v.Source), Fix: topic.Plain(v.Fix),
		Suggestion: topic.Plain(v.Suggestion), Help: topic.Plain(v.Help), Message: topic.Plain(v.Text()),
	}
}

func place(document manifest.Document, path string) report.Place {
	at := document.At(path)
	return report.Place{File: at.File, Line: at.Line, Column: at.Column}
}

// rulesOf are the rules that something was said by, sorted.
func rulesOf(results []report.Result, policies []Found[v1alpha1.TopicPolicy]) []report.Rule {
	known := describe(policies)
	said := map[string]report.Rule{}
	for _, result := range results {
		for _, finding := range result.Findings {
			for _, id := range finding.Rules {
				rule, ours := known[id]
				if !ours {
					rule = builtInRule(id, finding.Level)
				}
				said[id] = rule
			}
		}
	}
	rules := make([]report.Rule, 0, len(said))
	for _, rule := range said {
		rules = append(rules, rule)
	}
	slices.SortFunc(rules, func(a, b report.Rule) int { return cmp.Compare(a.ID, b.ID) })
	return rules
}

func describe(policies []Found[v1alpha1.TopicPolicy]) map[string]report.Rule {
	known := map[string]report.Rule{}
	for _, found := range policies {
		spec := found.Object.Spec
		for _, rule := range spec.Rules {
			described := report.Rule{
				ID:          found.Object.Name + "/" + rule.Name,
				Description: "rule " + rule.Name + " of TopicPolicy " + found.Object.Name,
				Severity:    cmp.Or(string(rule.Severity), string(v1alpha1.SeverityMedium)),
				Enforcement: string(cmp.Or(rule.Enforcement, spec.Enforcement)),
				Help:        topic.Plain(rule.Help),
			}
			if link, _, _ := strings.Cut(rule.Help, " "); strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "http://") {
				described.HelpURI = topic.Plain(link)
			}
			known[described.ID] = described
		}
	}
	return known
}

func builtInRule(id string, level report.Level) report.Rule {
	_, reason, _ := strings.Cut(id, "/")
	rule := report.Rule{ID: id, Description: reason + ", a rule of TopicGate's own", Severity: string(v1alpha1.SeverityHigh), Enforcement: "Deny"}
	if level != report.Deny {
		rule.Severity, rule.Enforcement = string(v1alpha1.SeverityLow), "Warn"
	}
	rule.HelpURI = Runbook + strings.ToLower(reason)
	return rule
}
