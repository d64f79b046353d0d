// Package report writes what was found out about manifests: as text for people, as JSON, and in the formats that continuous
// integration shows beside the code. It is pure; every writer gets an io.Writer.
package report

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// APIVersion is the version of the JSON form. Fields are added to it; none changes or goes.
const APIVersion = "topicgate.io/report/v1"

// Level says what a finding leads to.
type Level string

// What a finding leads to.
const (
	// Deny refuses the object.
	Deny Level = "deny"
	// Warn tells whoever applies it.
	Warn Level = "warn"
	// Audit is only recorded.
	Audit Level = "audit"
	// Skip is a rule that could not be judged, for want of facts.
	Skip Level = "skip"
)

// What else becomes of an object, beside the level of its worst finding.
const (
	Pass      Level = "pass"
	Unchanged Level = "unchanged"
)

// Report is everything that was found out.
type Report struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Summary    Summary  `json:"summary"`
	Rules      []Rule   `json:"rules,omitempty"`
	Results    []Result `json:"results"`
}

// Summary counts objects by their outcome.
type Summary struct {
	Topics int `json:"topics"`
	Passed int `json:"passed"`
	Denied int `json:"denied"`
	Warned int `json:"warned"`
	// Incomplete counts objects of which nothing is wrong as far as they could be judged.
	Incomplete int `json:"incomplete"`
	Unchanged  int `json:"unchanged"`
	Deleted    int `json:"deleted"`
	// Skipped counts rules that could not be judged, over all objects.
	Skipped int `json:"skipped"`
	// Ignored counts objects of other kinds.
	Ignored int `json:"ignored"`
}

// Rule is a rule that something was said by.
type Rule struct {
	// ID is policy/rule, or builtin/reason for TopicGate's own.
	ID          string `json:"id"`
	Description string `json:"description"`
	// Severity is low, medium or high.
	Severity    string `json:"severity"`
	Enforcement string `json:"enforcement"`
	// Help is a sentence of the rule's author, HelpURI a link.
	Help    string `json:"help,omitempty"`
	HelpURI string `json:"helpURI,omitempty"`
}

// Place is a place in a file; lines and columns count from 1, and 0 is unknown.
type Place struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// String is file:line:column, as far as it is known.
func (p Place) String() string {
	if p.File == "" || p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, max(p.Column, 1))
}

// Result is one object with what was found.
type Result struct {
	Place
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Topic is the name on the brokers, Cluster the KafkaCluster's.
	Topic   string `json:"topic"`
	Cluster string `json:"cluster,omitempty"`
	// Operation is Create, Update or Delete.
	Operation string `json:"operation"`
	Outcome   Level  `json:"outcome"`
	// Policies are those that match the object.
	Policies []string  `json:"policies,omitempty"`
	Findings []Finding `json:"findings,omitempty"`
}

// Finding is one thing said about an object.
type Finding struct {
	Place
	Level Level `json:"level"`
	// Rules are policy/rule, or builtin/reason.
	Rules []string `json:"rules"`
	// Reason is a word of TopicGate's closed list, the same as in conditions and events.
	Reason string `json:"reason,omitempty"`
	// Path is the field's path in the object.
	Path       string `json:"path,omitempty"`
	Value      string `json:"value,omitempty"`
	Problem    string `json:"problem"`
	Limit      string `json:"limit,omitempty"`
	Source     string `json:"source,omitempty"`
	Fix        string `json:"fix,omitempty"`
	Suggestion string `json:"suggestion,omitempty"`
	Help       string `json:"help,omitempty"`
	// Message is all of it in one line, as the webhook says it.
	Message string `json:"message"`
}

var errFormat = errors.New("there is no such format")

// Formats are the formats of Write.
func Formats() []string { return []string{"text", "json", "junit", "sarif", "github"} }

// Write writes a report in one of the Formats. Its error is the writer's, or says that there is no such format.
func Write(w io.Writer, format string, r Report) error {
	switch format {
	case "text":
		return writeText(w, r)
	case "json":
		return writeJSON(w, r)
	case "junit":
		return writeJUnit(w, r)
	case "sarif":
		return writeSARIF(w, r)
	case "github":
		return writeGitHub(w, r)
	default:
		return fmt.Errorf("writing %q: %w; want one of %s", format, errFormat, strings.Join(Formats(), ", "))
	}
}

// at is an object's findings of a level.
func (r Result) at(level Level) []Finding {
	var found []Finding
	for _, finding := range r.Findings {
		if finding.Level == level {
			found = append(found, finding)
		}
	}
	return found
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Warnings counts the findings that warn, over all objects.
func (r Report) Warnings() int {
	n := 0
	for _, result := range r.Results {
		n += len(result.at(Warn))
	}
	return n
}
