package openreports_test

import (
	"fmt"
	"testing"
	"time"

	reports "github.com/openreports/reports-api/apis/openreports.io/v1alpha1"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/audit/openreports"
	"github.com/topicgate/topicgate/pkg/topic"
)

// orphans is a report with so many orphans, and one finding in a namespace.
func orphans(n int) audit.Report {
	w := audit.World{Now: time.Unix(1_800_000_000, 0), Entries: map[string]topic.Entry{}, Cluster: audit.Cluster{Name: "prod", OwnerLabel: "team"}}
	for i := range n {
		name := fmt.Sprintf("topic-%d", i)
		w.Entries[name] = topic.Entry{Name: name, TopicID: "id-" + name, Class: topic.ClassOrphan, Partitions: 3, Replicas: 3}
	}
	w.Objects = []audit.Object{{Ref: topic.Ref{Namespace: "shop", Name: "orders"}, Topic: "topic-0", Drift: "retention.ms"}}
	return audit.Examine(w)
}

func render(t *testing.T, report audit.Report) map[string]openreports.Rendered {
	t.Helper()
	made, err := openreports.Render(report)
	require.NoError(t, err)
	byName := map[string]openreports.Rendered{}
	for _, one := range made {
		byName[one.Namespace+"/"+one.Name] = one
	}
	return byName
}

func TestReportsHoldNoMoreThanTheirLimitAndEveryOrphanOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for name, one := range render(t, orphans(3000)) {
		assert.LessOrEqual(t, len(one.Results), openreports.MaxResults, name)
		for _, result := range one.Results {
			if result.Rule == "Orphan" {
				seen[result.Subjects[0].Name]++
			}
		}
	}
	assert.Len(t, seen, 3000)
	for name, times := range seen {
		assert.Equal(t, 1, times, name)
	}
}

func TestAFindingAboutAnObjectIsInItsNamespace(t *testing.T) {
	t.Parallel()
	made := render(t, orphans(1))
	report, there := made["shop/topicgate-prod-000"]
	require.True(t, there)
	assert.Equal(t, "Report", report.Kind)
	assert.Len(t, report.Results, 2, "its drift, and that nobody owns it")
	about := made["/topicgate-prod"]
	assert.Equal(t, "ClusterReport", about.Kind)
}

func TestOneMoreOrphanChangesOneReport(t *testing.T) {
	t.Parallel()
	before, after := render(t, orphans(1500)), render(t, orphans(1501))
	changed := 0
	for name := range after {
		if before[name].Hash() != after[name].Hash() {
			changed++
		}
	}
	assert.Equal(t, 1, changed)
}

func TestTheSameReportHasTheSameHashWhateverTheTime(t *testing.T) {
	t.Parallel()
	report := orphans(10)
	before := render(t, report)
	report.Taken = report.Taken.Add(time.Hour)
	for name, one := range render(t, report) {
		assert.Equal(t, before[name].Hash(), one.Hash())
	}
}

func TestAResultKeepsTheTimeAtWhichItWasFound(t *testing.T) {
	t.Parallel()
	first, second := time.Unix(100, 0), time.Unix(200, 0)
	was := render(t, orphans(1))["/topicgate-prod-topics-000"]
	was.Date(nil, metav1.NewTime(first))
	now := render(t, orphans(2))["/topicgate-prod-topics-000"]
	now.Date(was.Results, metav1.NewTime(second))
	times := map[string]int64{}
	for _, result := range now.Results {
		times[result.Properties["topic"]] = result.Timestamp.Seconds
	}
	assert.Equal(t, map[string]int64{"topic-0": 100, "topic-1": 200}, times)
}

func TestAnIncompleteAuditSaysSo(t *testing.T) {
	t.Parallel()
	report := orphans(0)
	report.Incomplete = "no DESCRIBE on all topics"
	about := render(t, report)["/topicgate-prod"]
	require.NotEmpty(t, about.Results)
	assert.Equal(t, reports.Result("error"), about.Results[0].Result)
	assert.Contains(t, about.Results[0].Description, "no DESCRIBE on all topics")
}

func TestResultsHaveIDsOfTheirOwn(t *testing.T) {
	t.Parallel()
	report := orphans(0)
	report.Findings = nil
	for _, pattern := range []string{"a", "b"} {
		report.Findings = append(report.Findings, audit.Finding{Kind: audit.KindCreateAclTooBroad, Subject: "User:x", Message: "may create " + pattern})
	}
	results := render(t, report)["/topicgate-prod"].Results
	require.Len(t, results, 2)
	assert.NotEqual(t, results[0].Properties["resultID"], results[1].Properties["resultID"])
}
