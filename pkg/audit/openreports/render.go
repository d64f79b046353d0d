// Package openreports writes the audit's report as OpenReports' ClusterReports and Reports (openreports.io/v1alpha1), which
// dashboards for policies read. It is pure: it makes objects, the syncer applies them.
//
// One ClusterReport holds what is about the cluster, further ones hold topics that nothing declares, and each namespace with
// findings about its KafkaTopics has Reports. Names are stable, none holds more than MaxResults results, and a label holds a
// hash of the content, so that a report is written only when it changed. References to kind Topic of kafka.apache.org name a
// topic on the brokers; there is no such kind.
package openreports

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	reports "github.com/openreports/reports-api/apis/openreports.io/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/audit/inventory"
)

const (
	// MaxResults is how many results one report holds at most: one of an orphan takes about 1 kB, and the API server refuses
	// objects of more than about 1.5 MB.
	MaxResults = 500
	// Source is what wrote the reports.
	Source = "topicgate"
	// ManagedBy and ClusterLabel are the labels that find the reports of one KafkaCluster.
	ManagedBy = "app.kubernetes.io/managed-by"
	// ClusterLabel names the KafkaCluster.
	ClusterLabel = v1alpha1.ClusterLabel
	// HashLabel is a hash of a report's content.
	HashLabel = v1alpha1.Group + "/content-hash"
)

// Rendered is one report to be; a ClusterReport when its namespace is empty. Both kinds have the same fields.
type Rendered struct{ reports.Report }

// Hash is that of the content, without the results' times.
func (r Rendered) Hash() string { return r.Labels[HashLabel] }

// Render writes a report as reports, sorted by namespace and name. The results have no times yet; see [Rendered.Date].
func Render(report audit.Report) ([]Rendered, error) {
	topics := map[string]audit.Topic{}
	for i := range report.Topics {
		topics[report.Topics[i].Name] = report.Topics[i]
	}
	groups := group(report, topics)
	var made []Rendered
	for _, key := range slices.SortedFunc(keys(groups), compareKeys) {
		rendered, err := render(report, key, groups[key])
		if err != nil {
			return nil, err
		}
		made = append(made, rendered)
	}
	return made, nil
}

// key names one report.
type key struct{ namespace, name string }

func compareKeys(a, b key) int {
	return cmp.Or(cmp.Compare(a.namespace, b.namespace), cmp.Compare(a.name, b.name))
}

func keys[V any](m map[key]V) func(func(key) bool) {
	return func(yield func(key) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// group sorts findings into reports. The one about the cluster is always there: its summary holds the totals.
func group(report audit.Report, topics map[string]audit.Topic) map[key][]reports.ReportResult {
	base := "topicgate-" + report.Cluster
	byTopic, byNamespace := []reports.ReportResult{}, map[string][]reports.ReportResult{}
	groups := map[key][]reports.ReportResult{{name: base}: unfinished(report)}
	for _, finding := range report.Findings {
		made := result(report.Cluster, finding, topics)
		switch {
		case finding.Object.Namespace != "":
			byNamespace[finding.Object.Namespace] = append(byNamespace[finding.Object.Namespace], made)
		case finding.Topic == "":
			groups[key{name: base}] = append(groups[key{name: base}], made)
		case finding.Kind == audit.KindNoOwner: // the orphan's own result says so
		default:
			byTopic = append(byTopic, made)
		}
	}
	spread(groups, "", base+"-topics", byTopic)
	for namespace, results := range byNamespace {
		spread(groups, namespace, base, results)
	}
	if about := groups[key{name: base}]; len(about) > MaxResults {
		groups[key{name: base}] = about[:MaxResults]
	}
	return groups
}

// spread puts results into as many reports (a power of two) as keep MaxResults each, by a hash of what they are about: a
// result that comes or goes then changes one report.
func spread(groups map[key][]reports.ReportResult, namespace, base string, results []reports.ReportResult) {
	if len(results) == 0 {
		return
	}
	for count := int64(1); ; count *= 2 {
		shards, largest := make([][]reports.ReportResult, count), 0
		for _, one := range results {
			i := audit.Shard(one.Properties["resultID"], count)
			shards[i] = append(shards[i], one)
			largest = max(largest, len(shards[i]))
		}
		if largest > MaxResults {
			continue
		}
		for i, shard := range shards {
			if len(shard) > 0 {
				groups[key{namespace, fmt.Sprintf("%s-%03d", base, i)}] = shard
			}
		}
		return
	}
}

func render(report audit.Report, at key, results []reports.ReportResult) (Rendered, error) {
	made := Rendered{reports.Report{
		Source:        Source,
		Configuration: &reports.ReportConfiguration{Limits: reports.Limits{MaxResults: MaxResults, StatusFilter: []reports.StatusFilter{"fail", "warn", "error"}}},
		Results:       results,
	}}
	made.Kind, made.APIVersion = "Report", reports.SchemeGroupVersion.String()
	if at.namespace == "" {
		made.Kind = "ClusterReport"
	}
	made.Namespace, made.Name = at.namespace, at.name
	for _, one := range results {
		count(&made.Summary, one.Result)
	}
	if at.namespace == "" && at.name == "topicgate-"+report.Cluster {
		made.Summary.Pass, made.Summary.Skip = int(report.Counts.Managed+report.Counts.Elsewhere), int(report.Counts.Ignored)
	}
	content, err := json.Marshal(made.Report)
	if err != nil {
		return made, fmt.Errorf("encoding report %q: %w", at.name, err)
	}
	sum := sha256.Sum256(content)
	made.Labels = map[string]string{ManagedBy: Source, ClusterLabel: inventory.Label(report.Cluster), HashLabel: hex.EncodeToString(sum[:16])}
	return made, nil
}

func count(summary *reports.ReportSummary, result reports.Result) {
	switch result {
	case "fail":
		summary.Fail++
	case "warn":
		summary.Warn++
	case "error":
		summary.Error++
	}
}

// Date gives the results their times: that of the same result in the report as it was, or now.
func (r Rendered) Date(was []reports.ReportResult, now metav1.Time) {
	since := map[string]metav1.Timestamp{}
	for i := range was {
		since[was[i].Properties["resultID"]] = was[i].Timestamp
	}
	for i := range r.Results {
		at, known := since[r.Results[i].Properties["resultID"]]
		if !known || at.Seconds == 0 {
			at = metav1.Timestamp{Seconds: now.Unix()}
		}
		r.Results[i].Timestamp = at
	}
}

// topicRef is a synthetic reference: ObjectReferences need not resolve, and readers show kind and name.
func topicRef(name string) corev1.ObjectReference {
	return corev1.ObjectReference{APIVersion: "kafka.apache.org/v1", Kind: "Topic", Name: name}
}
