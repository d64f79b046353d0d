package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Impact is what policies would break among the topics that there are.
type Impact struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	// Policies are the policies that are asked about.
	Policies   []string          `json:"policies"`
	Total      ImpactCounts      `json:"total"`
	Namespaces []NamespaceImpact `json:"namespaces"`
	Topics     []TopicImpact     `json:"topics"`
}

// ImpactCounts counts topics, each by the worst that it breaks. New are those that break something that today's policies
// let pass.
type ImpactCounts struct {
	Topics int `json:"topics"`
	// Matched are the topics that the policies are about.
	Matched  int `json:"matched"`
	Deny     int `json:"deny"`
	Warn     int `json:"warn"`
	Audit    int `json:"audit"`
	Excepted int `json:"excepted"`
	Skipped  int `json:"skipped"`
	New      int `json:"new"`
}

// NamespaceImpact is a namespace's share.
type NamespaceImpact struct {
	Namespace string `json:"namespace"`
	ImpactCounts
}

// TopicImpact is a topic that breaks something.
type TopicImpact struct {
	Place
	Namespace string          `json:"namespace"`
	Name      string          `json:"name"`
	Topic     string          `json:"topic"`
	Cluster   string          `json:"cluster,omitempty"`
	Findings  []ImpactFinding `json:"findings"`
}

// ImpactFinding is something that a topic breaks.
type ImpactFinding struct {
	Finding
	// New says that today's policies let it pass.
	New bool `json:"new"`
	// Excepted says that an exception lets it pass.
	Excepted bool `json:"excepted,omitempty"`
}

// WriteImpact writes as text or json.
func WriteImpact(w io.Writer, format string, impact Impact) error {
	if format == "json" {
		return writeJSON(w, impact)
	}
	var out strings.Builder
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "NAMESPACE\tTOPICS\tMATCHED\tDENY\tWARN\tAUDIT\tEXCEPTED\tSKIPPED\tNEW") // a Builder never fails
	for _, row := range append(impact.Namespaces, NamespaceImpact{"(all)", impact.Total}) {
		c := row.ImpactCounts
		_, _ = fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n", row.Namespace, c.Topics, c.Matched, c.Deny, c.Warn, c.Audit, c.Excepted, c.Skipped, c.New)
	}
	_ = table.Flush()
	for _, topic := range impact.Topics {
		fmt.Fprintf(&out, "\n%s%s/%s (%s on KafkaCluster %s):\n", prefix(topic.Place), topic.Namespace, topic.Name, topic.Topic, orDash(topic.Cluster))
		for _, finding := range topic.Findings {
			out.WriteString("• " + finding.mark() + " " + line(finding.Finding) + "\n")
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// mark says what a finding leads to, and whether it is news.
func (f ImpactFinding) mark() string {
	switch {
	case f.Level == Skip:
		return "(skipped)"
	case f.Excepted:
		return "(excepted)"
	case f.New:
		return "(" + string(f.Level) + ", new)"
	default:
		return "(" + string(f.Level) + ", broken today already)"
	}
}
