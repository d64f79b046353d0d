package report

import (
	"fmt"
	"io"
	"strings"
)

// mostMarkdown is how many topics fit into an issue: GitHub takes 65,536 characters.
const mostMarkdown = 150

// writeAuditMarkdown is for an issue or a pull request.
func writeAuditMarkdown(w io.Writer, a AuditReport) error {
	var out strings.Builder
	out.WriteString("# Kafka topic audit\n\n")
	fmt.Fprintf(&out, "Taken %s.\n", a.Taken)
	if len(a.Selection) > 0 {
		out.WriteString("Shown: " + prose(strings.Join(a.Selection, "; ")) + ".\n")
	}
	for _, c := range a.Clusters {
		c.markdown(&out)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func (c AuditCluster) markdown(out *strings.Builder) {
	out.WriteString("\n## " + prose(c.title()) + "\n\n")
	for _, line := range c.summary() {
		out.WriteString("- " + prose(line) + "\n")
	}
	if len(c.Topics) > 0 {
		out.WriteString("\n| Topic | Class | Origin | Partitions | Replicas | Size | Last write | Groups | First seen | Owner? | Recommendation |\n")
		out.WriteString("|---|---|---|--:|--:|--:|---|---|---|---|---|\n")
	}
	for i, t := range c.Topics {
		if i == mostMarkdown {
			fmt.Fprintf(out, "\n%d more topics are not shown here.\n", len(c.Topics)-i)
			break
		}
		cells := []string{
			code(t.Name), prose(t.Class), prose(t.origin()), number(t.Partitions), number(t.Replicas), size(t.Bytes), orUnknown(t.LastWrite),
			t.groupCount(), t.seen(), prose(t.owner()), recommended(t),
		}
		out.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	for _, group := range c.groups() {
		group.markdown(out)
	}
}

func recommended(t AuditTopic) string {
	if len(t.Reasons) == 0 {
		return prose(t.Recommendation)
	}
	return "**" + prose(t.Recommendation) + "**: " + prose(strings.Join(t.Reasons, "; "))
}

func (g findingGroup) markdown(out *strings.Builder) {
	fmt.Fprintf(out, "\n### %s (%s): %d\n\n", prose(g.Kind), prose(g.Severity), len(g.Findings))
	if g.Listed {
		out.WriteString("Each is in the table above.\n")
		return
	}
	for i, f := range g.Findings {
		if i == mostOfKind {
			fmt.Fprintf(out, "- … and %d more\n", len(g.Findings)-i)
			break
		}
		line := prose(f.Message)
		if about := f.about(); about != "" && !strings.HasPrefix(f.Message, f.Subject+" ") {
			line = code(about) + ": " + line
		}
		if g.Fix == "" && f.Fix != "" {
			line += "; fix: " + prose(f.Fix)
		}
		out.WriteString("- " + line + "\n")
	}
	if g.Fix != "" {
		out.WriteString("\nFix: " + prose(g.Fix) + "\n")
	}
}

// prose escapes what Markdown gives a meaning to, links that it would make of bare addresses included. Behind an at sign
// stands a space of no width, or the text could notify somebody.
func prose(text string) string {
	var out strings.Builder
	for i, r := range clean(text) {
		switch {
		case r == '@':
			out.WriteString("@&#8203;")
		case strings.ContainsRune("\\`*_[]<>|~&$#", r), i == 0 && len(text) > 1 && strings.ContainsRune("-+=", r):
			out.WriteString("\\" + string(r))
		default:
			out.WriteRune(r)
		}
	}
	return strings.NewReplacer("://", `\://`, "www.", `www\.`).Replace(out.String())
}

// code is a name as it is. Its fence is longer than any run of backticks in the name; a bar would end a cell.
func code(text string) string {
	text = clean(text)
	fence, run := 1, 0
	for _, r := range text {
		if r != '`' {
			run = 0
			continue
		}
		run++
		fence = max(fence, run+1)
	}
	if fence > 1 {
		text = " " + text + " "
	}
	mark := strings.Repeat("`", fence)
	return mark + strings.ReplaceAll(text, "|", `\|`) + mark
}
