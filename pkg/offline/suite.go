package offline

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/offline/manifest"
	"github.com/topicgate/topicgate/pkg/report"
)

// SuiteKind is the kind of files that `policy test` reads; the API server knows no such kind.
const SuiteKind = "PolicySuite"

// Suite is a table of cases that policies must decide as expected.
type Suite struct {
	APIVersion string    `json:"apiVersion"`
	Kind       string    `json:"kind"`
	Metadata   SuiteName `json:"metadata,omitzero"`
	// Policies are files with the policies and exceptions, relative to the suite's.
	Policies []string `json:"policies"`
	// Facts are files that `facts export` wrote, relative to the suite's.
	Facts []string `json:"facts,omitempty"`
	// Now is when the cases are judged (RFC 3339); the present when absent.
	Now   string `json:"now,omitempty"`
	Cases []Case `json:"cases"`
}

// SuiteName is the metadata of a suite.
type SuiteName struct {
	Name string `json:"name,omitempty"`
}

// Case is a KafkaTopic and what must become of it.
type Case struct {
	Name string `json:"name"`
	// Topic is a KafkaTopic, or the file that holds it; Old is what it was before.
	Topic json.RawMessage `json:"topic"`
	Old   json.RawMessage `json:"old,omitempty"`
	// NamespaceLabels are the labels of the topic's namespace. Without them, and without the namespace in the facts, rules
	// that ask for them cannot be judged.
	NamespaceLabels map[string]string `json:"namespaceLabels,omitempty"`
	// Expect is allow (nothing is said by policies, and nothing is refused), warn or deny.
	Expect string `json:"expect"`
	// Rules are exactly the rules, as policy/rule or builtin/reason, that refuse or, for warn, that warn. Absent, any.
	Rules []string `json:"rules,omitempty"`
	// Messages are regular expressions, each of which must match something that is said.
	Messages []string `json:"messages,omitempty"`
}

// TestCase is a case ready to be judged.
type TestCase struct {
	Case
	At    manifest.Position
	Topic Found[v1alpha1.KafkaTopic]
	Old   []Found[v1alpha1.KafkaTopic]
}

// Check says what is wrong with a case itself; empty when nothing is.
func (c Case) Check() string {
	if c.Name == "" {
		return "the case has no name"
	}
	if !slices.Contains([]string{"allow", "warn", "deny"}, c.Expect) {
		return fmt.Sprintf("case %q expects %q; want allow, warn or deny", c.Name, c.Expect)
	}
	for _, message := range c.Messages {
		if _, err := regexp.Compile(message); err != nil {
			return fmt.Sprintf("case %q: message %q is no regular expression: %v", c.Name, message, err)
		}
	}
	return ""
}

// Run judges a case in a world of its own.
func (c TestCase) Run(world World) (report.CaseResult, error) {
	result := report.CaseResult{
		Place: report.Place{File: c.At.File, Line: c.At.Line, Column: c.At.Column}, Name: c.Name, Expect: c.Expect,
	}
	verdicts, err := Judge(world, []Found[v1alpha1.KafkaTopic]{c.Topic}, c.Old)
	if err != nil {
		return result, err
	}
	judged := Reporting{}.result(verdicts[len(verdicts)-1]) // what the old object leaves behind is judged first
	result.Findings = slices.DeleteFunc(judged.Findings, func(f report.Finding) bool { return !counts(f) })
	result.Got = got(result.Findings)
	if result.Got != c.Expect {
		result.Failures = append(result.Failures, fmt.Sprintf("expected %s, got %s", c.Expect, result.Got))
	}
	result.Failures = append(result.Failures, c.wrongRules(result.Findings)...)
	result.Failures = append(result.Failures, c.unsaid(result.Findings)...)
	return result, nil
}

// counts says whether a finding counts in a test of policies: what TopicGate itself refuses does, its advice and what it
// cannot know do not.
func counts(finding report.Finding) bool {
	return finding.Level == report.Deny || !strings.HasPrefix(finding.Rules[0], "builtin/")
}

func got(findings []report.Finding) string {
	for _, level := range []report.Level{report.Deny, report.Skip, report.Warn} {
		if slices.ContainsFunc(findings, func(f report.Finding) bool { return f.Level == level }) {
			return string(level)
		}
	}
	return "allow"
}

// wrongRules compares the rules that refuse, or that warn where a warning is expected, with the expected ones.
func (c TestCase) wrongRules(findings []report.Finding) []string {
	if c.Rules == nil {
		return nil
	}
	var broken []string
	for _, finding := range findings {
		if string(finding.Level) == c.Expect {
			broken = append(broken, finding.Rules...)
		}
	}
	slices.Sort(broken)
	broken = slices.Compact(broken)
	expected := slices.Sorted(slices.Values(c.Rules))
	if slices.Equal(broken, expected) {
		return nil
	}
	return []string{fmt.Sprintf("expected the rules %s, got %s", strings.Join(expected, ", "), orNone(broken))}
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// unsaid are the expected messages that nothing says.
func (c TestCase) unsaid(findings []report.Finding) []string {
	var missing []string
	for _, message := range c.Messages {
		pattern, err := regexp.Compile(message)
		if err != nil || !slices.ContainsFunc(findings, func(f report.Finding) bool { return pattern.MatchString(f.Path + ": " + f.Message) }) {
			missing = append(missing, fmt.Sprintf("nothing says %q", message))
		}
	}
	return missing
}
