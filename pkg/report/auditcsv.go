package report

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// auditColumns are the columns of the CSV form. Columns are added at the end; none changes or goes.
func auditColumns() []string {
	return []string{
		"record", "cluster", "clusterID", "kind", "severity", "topic", "topicID", "namespace", "object", "subject", "origin", "originOf",
		"baseline", "partitions", "replicas", "bytes", "records", "oldestRecord", "lastWrite", "firstSeen", "groups", "principals", "config",
		"candidateOwner", "ownerEvidence", "recommendation", "message", "fix",
	}
}

// writeAuditCSV is RFC 4180: a row for each topic, whose kind is its class, and one for each finding.
func writeAuditCSV(w io.Writer, a AuditReport) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(auditColumns()); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	for _, c := range a.Clusters {
		for _, t := range c.Topics {
			if err := out.Write(row(c, topicCells(t))); err != nil {
				return fmt.Errorf("writing CSV: %w", err)
			}
		}
		for _, f := range c.Findings {
			if err := out.Write(row(c, findingCells(f))); err != nil {
				return fmt.Errorf("writing CSV: %w", err)
			}
		}
	}
	out.Flush()
	return out.Error()
}

func row(c AuditCluster, cells map[string]string) []string {
	cells["cluster"], cells["clusterID"] = c.Name, c.ID
	columns := auditColumns()
	values := make([]string, len(columns))
	for i, column := range columns {
		values[i] = harmless(clean(cells[column]))
	}
	return values
}

// harmless keeps spreadsheets from taking a text for a formula.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@", rune(text[0])) {
		return "'" + text
	}
	return text
}

func topicCells(t AuditTopic) map[string]string {
	cells := map[string]string{
		"record": "topic", "kind": t.Class, "topic": t.Name, "topicID": t.TopicID, "baseline": strconv.FormatBool(t.Baseline),
		"partitions": number(t.Partitions), "replicas": number(t.Replicas), "bytes": number(t.Bytes), "records": number(t.Records),
		"oldestRecord": orUnknown(t.OldestRecord), "lastWrite": orUnknown(t.LastWrite), "firstSeen": orUnknown(t.FirstSeen),
		"groups":     semicolons(t.groupNames(), t.Groups != nil && !t.unseen("groups")),
		"principals": semicolons(t.Principals, t.Principals != nil && !t.unseen("principals")),
		"config":     strings.Join(t.configs(), "; "), "recommendation": t.Recommendation, "message": strings.Join(t.Reasons, "; "),
	}
	if t.Object != nil {
		cells["namespace"], cells["object"] = t.Object.Namespace, t.Object.Name
	}
	if t.Origin != nil {
		cells["origin"], cells["originOf"] = t.Origin.Kind, t.Origin.Of
		cells["message"] = strings.Join(append(slices.Clone(t.Reasons), t.evidence()...), "; ")
	}
	if t.CandidateOwner != nil {
		cells["candidateOwner"], cells["ownerEvidence"] = t.CandidateOwner.Name, t.CandidateOwner.Evidence
	}
	return cells
}

// semicolons joins what is known; a question mark says that there may be more, or that nobody knows.
func semicolons(items []string, known bool) string {
	if !known {
		items = append(slices.Clone(items), unknown)
	}
	return strings.Join(items, "; ")
}

func findingCells(f AuditFinding) map[string]string {
	cells := map[string]string{
		"record": "finding", "kind": f.Kind, "severity": f.Severity, "topic": f.Topic, "topicID": f.TopicID, "subject": f.Subject,
		"baseline": strconv.FormatBool(f.Baseline), "message": f.Message, "fix": f.Fix,
	}
	if f.Object != nil {
		cells["namespace"], cells["object"] = f.Object.Namespace, f.Object.Name
	}
	return cells
}

// configs are the topic-level configs, sorted.
func (t AuditTopic) configs() []string {
	var texts []string
	for _, key := range slices.Sorted(maps.Keys(t.Config)) {
		texts = append(texts, clean(key)+"="+clean(t.Config[key]))
	}
	return texts
}

// evidence is what origin and owner rest on.
func (t AuditTopic) evidence() []string {
	var texts []string
	if t.Origin != nil && t.Origin.Evidence != "" {
		texts = append(texts, cmp.Or(t.Origin.Kind, "origin")+": "+t.Origin.Evidence)
	}
	return texts
}
