package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// SuiteResult is how a suite of policy tests went.
type SuiteResult struct {
	File  string       `json:"file"`
	Name  string       `json:"name"`
	Cases []CaseResult `json:"cases"`
}

// Failed says whether any case failed.
func (s SuiteResult) Failed() bool {
	return slices.ContainsFunc(s.Cases, func(c CaseResult) bool { return len(c.Failures) > 0 })
}

// CaseResult is how one case went.
type CaseResult struct {
	Place
	Name string `json:"name"`
	// Expect and Got are allow, warn or deny; Got is skip where a rule could not be judged and nothing worse was found.
	Expect string `json:"expect"`
	Got    string `json:"got"`
	// Failures say what is not as it should be; empty for a case that passed.
	Failures []string `json:"failures,omitempty"`
	// Findings are what the rules said.
	Findings []Finding `json:"findings,omitempty"`
}

// SuiteReport is the JSON form of several suites.
type SuiteReport struct {
	APIVersion string        `json:"apiVersion"`
	Kind       string        `json:"kind"`
	Suites     []SuiteResult `json:"suites"`
}

// SuiteFormats are the formats of WriteSuites.
func SuiteFormats() []string { return []string{"text", "json", "junit"} }

// WriteSuites writes in one of the SuiteFormats.
func WriteSuites(w io.Writer, format string, suites []SuiteResult) error {
	switch format {
	case "json":
		return writeJSON(w, SuiteReport{APIVersion, "PolicyTestReport", suites})
	case "junit":
		return writeSuitesJUnit(w, suites)
	default:
		return writeSuitesText(w, suites)
	}
}

func writeSuitesText(w io.Writer, suites []SuiteResult) error {
	var out strings.Builder
	failed, all := 0, 0
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "RESULT\tEXPECT\tGOT\tSUITE\tCASE") // a Builder never fails
	var details strings.Builder
	for _, suite := range suites {
		for _, test := range suite.Cases {
			all++
			result := "pass"
			if len(test.Failures) > 0 {
				failed++
				result = "FAIL"
				test.details(&details)
			}
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", result, test.Expect, test.Got, suite.Name, test.Name)
		}
	}
	_ = table.Flush()
	out.WriteString(details.String())
	fmt.Fprintf(&out, "\n%s: %d passed, %d failed\n", count(all, "case"), all-failed, failed)
	_, err := io.WriteString(w, out.String())
	return err
}

func (c CaseResult) details(out *strings.Builder) {
	fmt.Fprintf(out, "\n%s%s:\n", prefix(c.Place), c.Name)
	for _, failure := range c.Failures {
		out.WriteString("  " + failure + "\n")
	}
	for _, finding := range c.Findings {
		out.WriteString("  • (" + string(finding.Level) + ") " + line(finding) + "\n")
	}
}

func writeSuitesJUnit(w io.Writer, suites []SuiteResult) error {
	made := junitSuites{Name: "topicgate policy test"}
	for _, suite := range suites {
		tests := junitSuite{Name: suite.Name}
		for _, test := range suite.Cases {
			one := junitCase{Class: suite.Name, Name: test.Name, File: test.File, Line: test.Line}
			if len(test.Failures) > 0 {
				one.Failure = &junitFailure{Message: test.Failures[0], Type: "fail", Text: strings.Join(test.Failures, "\n")}
			}
			tests.add(one)
		}
		made.add(tests)
	}
	return made.write(w)
}
