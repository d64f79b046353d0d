package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitFailure `xml:"failure"`
	Skipped *junitSkip    `xml:"skipped"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

type junitSkip struct {
	Message string `xml:"message,attr"`
}

// writeJUnit writes a suite for each object, and in it a test case for TopicGate's own rules and for each policy.
func writeJUnit(w io.Writer, r Report) error {
	suites := junitSuites{Name: "topicgate"}
	for _, result := range r.Results {
		suites.add(suiteOf(result))
	}
	return suites.write(w)
}

func (s *junitSuites) add(suite junitSuite) {
	s.Tests, s.Failures, s.Skipped = s.Tests+suite.Tests, s.Failures+suite.Failures, s.Skipped+suite.Skipped
	s.Suites = append(s.Suites, suite)
}

func (s *junitSuites) write(w io.Writer) error {
	text, err := xml.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("writing JUnit: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}

func (s *junitSuite) add(test junitCase) {
	s.Tests++
	if test.Failure != nil {
		s.Failures++
	}
	if test.Skipped != nil {
		s.Skipped++
	}
	s.Cases = append(s.Cases, test)
}

func suiteOf(result Result) junitSuite {
	suite := junitSuite{Name: result.Namespace + "/" + result.Name}
	for _, group := range groups(result) {
		suite.add(caseOf(result, group))
	}
	return suite
}

// groups are who judged an object: TopicGate itself, and the policies.
func groups(result Result) []string {
	names := slices.Clone(result.Policies)
	for _, finding := range result.Findings {
		names = append(names, groupsOf(finding)...)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == builtIn })
	slices.Sort(names)
	return append([]string{builtIn}, slices.Compact(names)...)
}

const builtIn = "builtin"

func groupsOf(finding Finding) []string {
	var names []string
	for _, rule := range finding.Rules {
		name, _, _ := strings.Cut(rule, "/")
		names = append(names, name)
	}
	return names
}

func caseOf(result Result, group string) junitCase {
	made := junitCase{Class: result.Namespace + "/" + result.Name, Name: "TopicPolicy " + group, File: result.File, Line: result.Line}
	if group == builtIn {
		made.Name = "TopicGate's own rules"
	}
	texts := map[Level][]string{}
	for _, finding := range result.Findings {
		if slices.Contains(groupsOf(finding), group) {
			texts[finding.Level] = append(texts[finding.Level], prefix(finding.Place)+line(finding))
		}
	}
	if denied := texts[Deny]; len(denied) > 0 {
		made.Failure = &junitFailure{Message: "breaks " + count(len(denied), "rule"), Type: "deny", Text: strings.Join(denied, "\n")}
	} else if skipped := texts[Skip]; len(skipped) > 0 || result.Outcome == Unchanged {
		made.Skipped = &junitSkip{Message: strings.Join(skipped, "\n")}
	}
	made.Output = strings.Join(slices.Concat(texts[Warn], texts[Audit]), "\n")
	return made
}
