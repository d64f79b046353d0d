package report

import (
	"fmt"
	"io"
	"strings"
)

// writeGitHub writes workflow commands, which GitHub Actions shows as annotations of a pull request's lines.
func writeGitHub(w io.Writer, r Report) error {
	var out strings.Builder
	for _, result := range r.Results {
		for _, finding := range result.Findings {
			out.WriteString(annotation(result, finding) + "\n")
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func annotation(result Result, finding Finding) string {
	command := map[Level]string{Deny: "error", Warn: "warning"}[finding.Level]
	if command == "" {
		command = "notice"
	}
	var properties []string
	if finding.File != "" {
		properties = append(properties, "file="+escapeProperty(finding.File),
			fmt.Sprintf("line=%d", max(finding.Line, 1)), fmt.Sprintf("col=%d", max(finding.Column, 1)))
	}
	title := result.Namespace + "/" + result.Name + ": " + strings.Join(finding.Rules, ", ")
	properties = append(properties, "title="+escapeProperty(title))
	return "::" + command + " " + strings.Join(properties, ",") + "::" + escapeData(line(finding))
}

// escapeData and escapeProperty are what GitHub's runner undoes.
func escapeData(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

func escapeProperty(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(text)
}
