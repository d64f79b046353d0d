package openreports

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	reports "github.com/openreports/reports-api/apis/openreports.io/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
)

const category = "Kafka Governance"

// result writes one finding.
func result(cluster string, finding audit.Finding, topics map[string]audit.Topic) reports.ReportResult {
	made := reports.ReportResult{
		Source: Source, Policy: "topicgate-audit", Rule: string(finding.Kind), Category: category, Scored: true,
		Severity: reports.ResultSeverity(finding.Severity), Result: outcome(finding.Kind), Description: finding.Message,
		Subjects: subjects(finding), Properties: map[string]string{"resultID": id(cluster, finding), "cluster": cluster},
	}
	set(made.Properties, "fix", finding.Fix)
	set(made.Properties, "topic", finding.Topic)
	set(made.Properties, "topicID", finding.TopicID)
	if found, is := topics[finding.Topic]; is && finding.Object.Name == "" {
		describe(made.Properties, found)
	}
	return made
}

// unfinished is the result that says that not every topic could be seen; none when all were.
func unfinished(report audit.Report) []reports.ReportResult {
	if report.Incomplete == "" {
		return nil
	}
	made := result(report.Cluster, audit.Finding{Kind: audit.KindUnknown, Severity: audit.Medium, Subject: "audit"}, nil)
	made.Description = "not every topic could be seen, so there may be more orphans than are listed: " + report.Incomplete
	return []reports.ReportResult{made}
}

func outcome(kind audit.Kind) reports.Result {
	switch kind {
	case audit.KindUnknown:
		return "error"
	case audit.KindOrphan, audit.KindMissing, audit.KindDuplicate, audit.KindNameCollision, audit.KindRecreated, audit.KindRefused,
		audit.KindAutoCreateEnabled, audit.KindExceptionExpired:
		return "fail"
	case audit.KindDrift, audit.KindViolation, audit.KindNoOwner, audit.KindIgnoreExpired, audit.KindExceptionExpiring,
		audit.KindExceptionUnused, audit.KindCreateAclTooBroad:
	}
	return "warn"
}

// id is the same as long as the finding is. Readers take results of equal text about one cluster for one, unless they have it.
func id(cluster string, finding audit.Finding) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q %q %q %q", cluster, finding.Kind, finding.Topic, finding.TopicID,
		finding.Object.Namespace, finding.Object.Name, finding.Subject, finding.Message))
	return hex.EncodeToString(sum[:12])
}

func subjects(finding audit.Finding) []corev1.ObjectReference {
	switch {
	case finding.Object.Name != "":
		return []corev1.ObjectReference{{
			APIVersion: v1alpha1.GroupVersion().String(), Kind: or(finding.Object.Kind, "KafkaTopic"),
			Namespace: finding.Object.Namespace, Name: finding.Object.Name,
		}}
	case finding.Topic != "":
		return []corev1.ObjectReference{topicRef(finding.Topic)}
	default:
		return nil
	}
}

// describe adds the record of a topic that nothing declares. What is not known is left out.
func describe(into map[string]string, found audit.Topic) {
	set(into, "class", string(found.Class))
	set(into, "origin", string(found.Origin.Kind))
	set(into, "originOf", found.Origin.Of)
	set(into, "partitions", strconv.FormatInt(found.Partitions, 10))
	set(into, "replicas", strconv.FormatInt(found.Replicas, 10))
	if found.Size.Known {
		set(into, "sizeBytesAtMost", strconv.FormatInt(found.Size.Bytes, 10))
	}
	if !found.Findings.Examined.IsZero() && found.Findings.Records >= 0 {
		set(into, "recordsAtMost", strconv.FormatInt(found.Findings.Records, 10))
	}
	set(into, "firstSeen", date(found.FirstSeen))
	set(into, "lastWrite", date(found.LastWrite))
	set(into, "groups", groupNames(found))
	set(into, "principals", strings.Join(found.Findings.Principals, ", "))
	set(into, "candidateOwner", found.CandidateOwner.Name)
	set(into, "recommendation", string(found.Recommendation))
	set(into, "reasons", strings.Join(found.Reasons, "; "))
	if found.Baseline {
		set(into, "baseline", "true")
	}
}

func groupNames(found audit.Topic) string {
	var names []string
	for _, group := range found.Findings.Groups {
		name := group.Name
		if group.Members > 0 {
			name += " (active)"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

func set(into map[string]string, name, value string) {
	if value != "" {
		into[name] = value
	}
}

func date(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
