package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// WhoCan is who may create topics on a Kafka cluster, by whatever way.
type WhoCan struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Cluster    string `json:"cluster"`
	ClusterID  string `json:"clusterID,omitempty"`
	// Selector is the cluster's namespaceSelector; Namespaces are those that it admits, nil where nobody may list them.
	Selector   string   `json:"namespaceSelector"`
	Namespaces []string `json:"namespaces"`
	// Kubernetes may create KafkaTopics there; the syncer then makes the topics.
	Kubernetes []TopicMaker `json:"kubernetes"`
	Kafka      KafkaMakers  `json:"kafka"`
	// AutoCreation is what each broker does by itself.
	AutoCreation []AutoMaker `json:"autoCreation"`
	// Unseen is what could not be read, so the lists above may lack something; Outside is what they never cover.
	Unseen  []string `json:"unseen"`
	Outside []string `json:"outside"`
}

// TopicMaker is somebody who may create KafkaTopics.
type TopicMaker struct {
	// Kind is User, Group or ServiceAccount.
	Kind string `json:"kind"`
	Name string `json:"name"`
	// Means explains a group of Kubernetes' own.
	Means string `json:"means,omitempty"`
	// Namespace is the only one; empty for all that the cluster admits.
	Namespace string `json:"namespace,omitempty"`
	Through   string `json:"through"`
	Role      string `json:"role"`
	// Wildcard says that only a rule with a wildcard gives the right.
	Wildcard bool `json:"wildcard,omitempty"`
}

// KafkaMakers are who may create topics by asking the brokers.
type KafkaMakers struct {
	// Answer is Listed, Everyone or Unknown; Message says why, and what it does not cover.
	Answer  string `json:"answer"`
	Message string `json:"message,omitempty"`
	// Total counts the ACLs, of which Grants are the first.
	Total  int64        `json:"total"`
	Grants []KafkaMaker `json:"grants,omitempty"`
}

// KafkaMaker is an ACL that lets a principal create topics.
type KafkaMaker struct {
	Principal string `json:"principal"`
	Host      string `json:"host,omitempty"`
	Operation string `json:"operation"`
	Topics    string `json:"topics"`
}

// AutoMaker is a broker that may create topics by itself.
type AutoMaker struct {
	Broker int64 `json:"broker"`
	// Enabled is absent where it is not known; Means says who can have it create topics.
	Enabled *bool  `json:"enabled,omitempty"`
	Means   string `json:"means"`
}

// WhoCanFormats are the formats of WriteWhoCan.
func WhoCanFormats() []string { return []string{"text", "json", "yaml", "csv"} }

// WriteWhoCan writes it in one of the formats.
func WriteWhoCan(w io.Writer, format string, who WhoCan) error {
	switch format {
	case "csv":
		return who.writeCSV(w)
	case "text":
		_, err := io.WriteString(w, who.text())
		return err
	default:
		return writeData(w, format, who)
	}
}

func (w WhoCan) text() string {
	var out strings.Builder
	fmt.Fprintf(&out, "Who can create topics on KafkaCluster %s\n\n", AuditCluster{Name: w.Cluster, ID: w.ClusterID}.title()[len("KafkaCluster "):])
	fmt.Fprintf(&out, "By creating a KafkaTopic (namespaces: %s)\n", w.admitted())
	rows := [][]string{{"KIND", "NAME", "NAMESPACE", "THROUGH", "ROLE", ""}}
	for _, maker := range w.Kubernetes {
		namespace := maker.Namespace
		if namespace == "" {
			namespace = "all of them"
		}
		rows = append(rows, []string{maker.Kind, maker.Name, namespace, maker.Through, maker.Role, maker.remark()})
	}
	table(&out, rows)
	fmt.Fprintf(&out, "\nBy asking the brokers: %s\n", w.Kafka.sentence())
	rows = [][]string{{"PRINCIPAL", "HOST", "OPERATION", "TOPICS"}}
	for _, maker := range w.Kafka.Grants {
		rows = append(rows, []string{maker.Principal, orAny(maker.Host), maker.Operation, maker.Topics})
	}
	table(&out, rows)
	out.WriteString("\nBy auto-creation\n")
	rows = [][]string{{"BROKER", "auto.create.topics.enable", "WHO"}}
	for _, maker := range w.AutoCreation {
		rows = append(rows, []string{fmt.Sprint(maker.Broker), maker.enabled(), maker.Means})
	}
	table(&out, rows)
	section(&out, "Could not see", w.Unseen, "nothing was hidden from you")
	section(&out, "Not covered", w.Outside, "")
	return out.String()
}

func (w WhoCan) admitted() string {
	if w.Namespaces == nil {
		return w.Selector + "; which ones that are is not known"
	}
	return fmt.Sprintf("%s, %d now", w.Selector, len(w.Namespaces))
}

func (m TopicMaker) remark() string {
	var parts []string
	if m.Means != "" {
		parts = append(parts, m.Means)
	}
	if m.Wildcard {
		parts = append(parts, "by a wildcard")
	}
	return strings.Join(parts, "; ")
}

func (m KafkaMakers) sentence() string {
	text := m.Answer
	if m.Message != "" {
		text += ": " + clean(m.Message)
	}
	if shown := int64(len(m.Grants)); shown < m.Total {
		text += fmt.Sprintf(" (the first %d of %d ACLs)", shown, m.Total)
	}
	return text
}

func (m AutoMaker) enabled() string {
	if m.Enabled == nil {
		return unknown
	}
	return fmt.Sprint(*m.Enabled)
}

func orAny(host string) string {
	if host == "" {
		return "any"
	}
	return host
}

// table writes rows in columns; with a heading alone, that there are none.
func table(out *strings.Builder, rows [][]string) {
	if len(rows) == 1 {
		out.WriteString("  none\n")
		return
	}
	into := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		_, _ = fmt.Fprintln(into, "  "+strings.TrimRight(strings.Join(cleanAll(row), "\t"), "\t")) // a Builder never fails
	}
	_ = into.Flush()
}

func section(out *strings.Builder, title string, lines []string, none string) {
	if len(lines) == 0 && none == "" {
		return
	}
	out.WriteString("\n" + title + "\n")
	if len(lines) == 0 {
		out.WriteString("  " + none + "\n")
	}
	for _, line := range lines {
		out.WriteString("  • " + clean(line) + "\n")
	}
}

// writeCSV has a line for each way; what could not be seen is a line too, so that nobody takes the list for complete.
func (w WhoCan) writeCSV(to io.Writer) error {
	rows := [][]string{{"way", "kind", "name", "scope", "through", "remark"}}
	for _, maker := range w.Kubernetes {
		rows = append(rows, []string{"kubernetes", maker.Kind, maker.Name, maker.Namespace, maker.Through + ", " + maker.Role, maker.remark()})
	}
	rows = append(rows, []string{"kafka", "Answer", w.Kafka.Answer, "", "", w.Kafka.Message})
	for _, maker := range w.Kafka.Grants {
		rows = append(rows, []string{"kafka", "Principal", maker.Principal, maker.Topics, maker.Operation, maker.Host})
	}
	for _, maker := range w.AutoCreation {
		rows = append(rows, []string{"auto-creation", "Broker", fmt.Sprint(maker.Broker), "", maker.enabled(), maker.Means})
	}
	for _, line := range w.Unseen {
		rows = append(rows, []string{"unseen", "", "", "", "", line})
	}
	writer := csv.NewWriter(to)
	for _, row := range rows {
		for i := range row {
			row[i] = harmless(clean(row[i]))
		}
		if err := writer.Write(row); err != nil {
			return fmt.Errorf("writing CSV: %w", err)
		}
	}
	writer.Flush()
	return writer.Error()
}
