package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

func writeText(w io.Writer, r Report) error {
	_, err := io.WriteString(w, r.findings()+r.Summary.text()+"\n")
	return err
}

// findings are a headline and bullets for each object and level, as the webhook words a refusal.
func (r Report) findings() string {
	var out strings.Builder
	for _, result := range r.Results {
		for _, part := range []struct {
			level Level
			says  func(int) string
		}{
			{Deny, func(n int) string { return "breaks " + count(n, "rule") }},
			{Warn, func(n int) string { return "has " + count(n, "warning") }},
			{Audit, func(n int) string { return "breaks " + count(n, "rule") + " that only audit" }},
			{Skip, func(n int) string { return "was not judged by " + count(n, "rule") }},
		} {
			if found := result.at(part.level); len(found) > 0 {
				n := len(found)
				if part.level == Skip {
					n = rulesIn(found)
				}
				fmt.Fprintf(&out, "%s%s/%s %s:\n", prefix(result.Place), result.Namespace, result.Name, part.says(n))
				bullets(&out, found)
			}
		}
	}
	return out.String()
}

func rulesIn(findings []Finding) int {
	n := 0
	for _, finding := range findings {
		n += len(finding.Rules)
	}
	return n
}

func prefix(place Place) string {
	if text := place.String(); text != "" {
		return text + " "
	}
	return ""
}

func bullets(out *strings.Builder, findings []Finding) {
	for _, finding := range findings {
		out.WriteString("• " + line(finding) + "\n")
	}
}

// line is a finding in one line, as the webhook says it.
func line(finding Finding) string {
	if finding.Path == "" {
		return finding.Message
	}
	return finding.Path + ": " + finding.Message
}

// text is the summary in one line.
func (s Summary) text() string {
	parts := []string{fmt.Sprintf("%d passed", s.Passed), fmt.Sprintf("%d denied", s.Denied), fmt.Sprintf("%d with warnings", s.Warned)}
	for _, more := range []struct {
		n    int
		what string
	}{{s.Incomplete, "not judged by every rule"}, {s.Unchanged, "unchanged"}, {s.Deleted, "deleted"}} {
		if more.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", more.n, more.what))
		}
	}
	text := count(s.Topics, "topic") + ": " + strings.Join(parts, ", ")
	if s.Skipped > 0 {
		text += "; " + count(s.Skipped, "rule") + " skipped"
	}
	if s.Ignored > 0 {
		text += "; " + count(s.Ignored, "object") + " of other kinds ignored"
	}
	return text
}

func writeJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
