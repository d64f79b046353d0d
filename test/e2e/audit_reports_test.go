package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	reports "github.com/openreports/reports-api/apis/openreports.io/v1alpha1"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

// withReports installs the CRDs of OpenReports and the component that lets the syncer write reports.
func (w *world) withReports() {
	w.t.Helper()
	crds, err := manifests.FromModule(w.t.Context(), "github.com/openreports/reports-api", "config/crd/*.yaml")
	require.NoError(w.t, err)
	require.NoError(w.t, manifests.Apply(w.t.Context(), w.Plane.Config(), crds))
	component, err := manifests.Render("test/manifests/testdata/reports")
	require.NoError(w.t, err)
	require.NoError(w.t, manifests.Apply(w.t.Context(), w.Plane.Config(), withoutWebhook(component)))
}

// results are all results of one kind of reports, by what they are about and what they found.
func (w *world) results(kind string) map[string]reports.ReportResult {
	w.t.Helper()
	var list reports.ReportList
	require.NoError(w.t, json.Unmarshal([]byte(w.kubectl("get", kind, "-A", "-o", "json")), &list))
	found := map[string]reports.ReportResult{}
	for _, report := range list.Items {
		assert.Equal(w.t, "topicgate", report.Source)
		for _, result := range report.Results {
			about := result.Properties["topic"]
			if about == "" {
				about = result.Description
			}
			found[result.Rule+" "+about] = result
		}
	}
	return found
}

// reported waits for a result.
func (w *world) reported(kind, what string) (result reports.ReportResult) {
	w.t.Helper()
	wait.For(w.t, Patience, func(context.Context) error {
		all := w.results(kind)
		found, there := all[what]
		if !there {
			return fmt.Errorf("no result %q among %v", what, all)
		}
		result = found
		return nil
	})
	return result
}

func (w *world) notReported(kind, what string) {
	w.t.Helper()
	wait.For(w.t, Patience, func(context.Context) error {
		if found, there := w.results(kind)[what]; there {
			return fmt.Errorf("still there: %+v", found)
		}
		return nil
	})
}

func TestTheAuditIsPublishedAsReportsThatOutliveACrash(t *testing.T) {
	w := newWorld(t, kafkatest.Options{Properties: map[string]string{"auto.create.topics.enable": "true"}})
	w.withReports()
	w.namespace("team")
	kafkatest.AutoCreate(t, w.kafka.Internal(), "before-us")
	w.apply(w.cluster("audit: {interval: 1s, gracePeriod: 1s}", "adoption: {namespaceSelector: {}}"))
	w.class("before-us", "Orphan")
	old := w.reported("clusterreports", "Orphan before-us")
	assert.EqualValues(t, "info", old.Severity, "it was there before us")

	kafkatest.AutoCreate(t, w.kafka.Internal(), "surprise")
	seen := w.class("surprise", "Orphan")
	assert.EqualValues(t, "AutoCreated", seen.Origin.Kind)
	found := w.reported("clusterreports", "Orphan surprise")
	assert.EqualValues(t, "fail", found.Result)
	assert.Equal(t, seen.TopicID, found.Properties["topicID"])
	assert.Equal(t, "AutoCreated", found.Properties["origin"])
	w.reported("clusterreports", "AutoCreateEnabled broker 1 creates any topic that a client asks for (auto.create.topics.enable=true, STATIC_BROKER_CONFIG)")
	w.apply(topicYAML("orders", "partitions: 1", "replicas: 1"))
	w.ready("orders")
	owner := w.reported("reports", "NoOwner orders")
	assert.Equal(t, "team", owner.Subjects[0].Namespace)
	w.quiet()

	w.syncer.Kill()
	assert.Contains(t, w.results("clusterreports"), "Orphan surprise", "reports outlive the syncer")
	w.startSyncer()
	kafkatest.AutoCreate(t, w.kafka.Internal(), "second")
	w.reported("clusterreports", "Orphan second")
	after := w.reported("clusterreports", "Orphan surprise")
	assert.Equal(t, found.Timestamp, after.Timestamp, "when it was found")
	assert.Equal(t, found.Properties["firstSeen"], after.Properties["firstSeen"])

	w.apply(topicYAML("surprise", "partitions: 1", "replicas: 1"))
	w.ready("surprise")
	w.notReported("clusterreports", "Orphan surprise")
	w.kubectl("label", "namespace", "team", "topicgate.io/owner=team-a")
	w.notReported("reports", "NoOwner orders")
	w.quiet()
}
