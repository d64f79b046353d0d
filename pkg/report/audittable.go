package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/topicgate/topicgate/pkg/audit"
)

func writeAuditTable(w io.Writer, a AuditReport) error { return writeAuditText(w, a, false) }

func writeAuditWide(w io.Writer, a AuditReport) error { return writeAuditText(w, a, true) }

func writeAuditText(w io.Writer, a AuditReport, wide bool) error {
	var out strings.Builder
	for i, c := range a.Clusters {
		if i > 0 {
			out.WriteString("\n")
		}
		out.WriteString(c.title() + "\n\n")
		c.table(&out, wide)
		c.grouped(&out, wide)
		for _, line := range c.summary() {
			out.WriteString(line + "\n")
		}
	}
	if len(a.Clusters) == 0 {
		out.WriteString("There is no KafkaCluster.\n")
	}
	if len(a.Selection) > 0 {
		out.WriteString("shown: " + strings.Join(a.Selection, "; ") + "\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// table lists topics, the largest first as in the report.
func (c AuditCluster) table(out *strings.Builder, wide bool) {
	if len(c.Topics) == 0 {
		out.WriteString("No topic is to be listed.\n\n")
		return
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	header := "TOPIC\tCLASS\tORIGIN\tPART\tRF\tSIZE\tLAST-WRITE\tGROUPS\tFIRST-SEEN\tOWNER?\tRECOMMENDATION"
	if wide {
		header += "\tTOPIC-ID\tRECORDS\tGROUP-NAMES\tPRINCIPALS\tCONFIG\tEVIDENCE\tREASONS"
	}
	_, _ = fmt.Fprintln(table, header) // a Builder never fails
	for _, t := range c.Topics {
		cells := []string{
			clean(t.Name), t.Class, shortened(t.origin(), wide), number(t.Partitions), number(t.Replicas), size(t.Bytes), orUnknown(t.LastWrite),
			t.groupCount(), t.seen(), shortened(t.owner(), wide), t.Recommendation,
		}
		if wide {
			cells = append(cells, t.widened()...)
		}
		_, _ = fmt.Fprintln(table, strings.Join(cells, "\t"))
	}
	_ = table.Flush()
	if slices.ContainsFunc(c.Topics, func(t AuditTopic) bool { return t.Baseline }) {
		out.WriteString("≤: the topic was there before TopicGate first looked\n")
	}
	out.WriteString("\n")
}

// shortened keeps one absurd name from making every line of the table too long.
func shortened(text string, wide bool) string {
	const most = 40
	if runes := []rune(text); !wide && len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

func (t AuditTopic) widened() []string {
	evidence := t.evidence()
	if t.CandidateOwner != nil && t.CandidateOwner.Evidence != "" {
		evidence = append(evidence, "owner: "+t.CandidateOwner.Evidence)
	}
	return []string{
		orUnknown(t.TopicID), number(t.Records), list(t.groupNames(), t.Groups != nil), list(cleanAll(t.Principals), t.Principals != nil),
		list(t.configs(), true), list(cleanAll(evidence), true), list(cleanAll(t.Reasons), true),
	}
}

// mostOfKind is how many findings of one kind a person is shown unless more is asked for.
const mostOfKind = 20

// findingGroup is the findings of one kind and severity.
type findingGroup struct {
	Kind, Severity string
	Findings       []AuditFinding
	// Fix is what all of them are mended by; empty where they differ.
	Fix string
	// Listed says that each is about a topic of the table, which tells more.
	Listed bool
}

// tabled says that a finding about a topic of the table says no more than the table does.
func tabled(kind string) bool {
	return kind == string(audit.KindOrphan) || kind == string(audit.KindNoOwner) || kind == string(audit.KindUnknown)
}

// groups keep the order of the findings: the gravest first.
func (c AuditCluster) groups() []findingGroup {
	listed := map[string]bool{}
	for _, t := range c.Topics {
		listed[t.Name] = true
	}
	var groups []findingGroup
	for _, f := range c.Findings {
		at := slices.IndexFunc(groups, func(g findingGroup) bool { return g.Kind == f.Kind && g.Severity == f.Severity })
		if at < 0 {
			at = len(groups)
			groups = append(groups, findingGroup{Kind: f.Kind, Severity: f.Severity, Fix: f.Fix, Listed: tabled(f.Kind)})
		}
		group := &groups[at]
		group.Findings = append(group.Findings, f)
		group.Listed = group.Listed && listed[f.Topic]
		if group.Fix != f.Fix {
			group.Fix = ""
		}
	}
	return groups
}

// grouped lists findings by kind.
func (c AuditCluster) grouped(out *strings.Builder, wide bool) {
	for _, group := range c.groups() {
		fmt.Fprintf(out, "%s (%s): %d\n", group.Kind, group.Severity, len(group.Findings))
		if group.Listed && !wide {
			out.WriteString("  each is in the table above\n")
		} else {
			group.bullets(out, wide)
		}
		if group.Fix != "" {
			out.WriteString("  fix: " + clean(group.Fix) + "\n")
		}
		out.WriteString("\n")
	}
}

func (g findingGroup) bullets(out *strings.Builder, all bool) {
	for i, f := range g.Findings {
		if i == mostOfKind && !all {
			fmt.Fprintf(out, "  … and %d more; -o wide lists all\n", len(g.Findings)-i)
			return
		}
		out.WriteString("  • ")
		if about := f.about(); about != "" && !strings.HasPrefix(f.Message, f.Subject+" ") {
			out.WriteString(about + ": ")
		}
		out.WriteString(clean(f.Message))
		if g.Fix == "" && f.Fix != "" {
			out.WriteString("; fix: " + clean(f.Fix))
		}
		out.WriteString("\n")
	}
}
