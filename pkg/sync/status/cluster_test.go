package status_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/sync/status"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

type clusterOutcome func(before v1alpha1.KafkaClusterStatus, now time.Time) v1alpha1.KafkaClusterStatus

func reached(change func(*status.Seen)) clusterOutcome {
	return func(before v1alpha1.KafkaClusterStatus, now time.Time) v1alpha1.KafkaClusterStatus {
		off := false
		seen := status.Seen{
			Name: "prod", Cluster: topic.Cluster{ID: "cluster-1", Version: "4.4", Brokers: []topic.Broker{{ID: 1, AutoCreate: &off}}},
			Audit: &status.Audited{Counts: audit.Counts{Total: 3, Orphan: 1}, Shards: 1},
		}
		change(&seen)
		return status.Reached(before, 1, seen, now)
	}
}

func unreached(reason topic.Reason) clusterOutcome {
	return func(before v1alpha1.KafkaClusterStatus, now time.Time) v1alpha1.KafkaClusterStatus {
		return status.Unreached(before, 1, topic.Failure{Reason: reason, Message: "because"}, now)
	}
}

func clusterOutcomes() map[string]clusterOutcome {
	return map[string]clusterOutcome{
		"all well":              reached(func(*status.Seen) {}),
		"paused":                reached(func(s *status.Seen) { s.Paused = true }),
		"frozen":                reached(func(s *status.Seen) { s.Frozen, s.Message = topic.ClusterChanged, "another" }),
		"deletions held":        reached(func(s *status.Seen) { s.Held = []string{"a", "b"} }),
		"an incomplete look":    reached(func(s *status.Seen) { s.Audit.Incomplete = "no DESCRIBE" }),
		"before the first look": reached(func(s *status.Seen) { s.Audit = nil }),
		"no broker answers":     unreached(topic.KafkaUnreachable),
		"wrong credentials":     unreached(topic.CredentialsInvalid),
	}
}

func TestTheSameClusterIsTheSameStatus(t *testing.T) {
	t.Parallel()
	for name, make := range clusterOutcomes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := make(v1alpha1.KafkaClusterStatus{}, testutil.Start())
			again := make(first, testutil.Start().Add(time.Hour))
			assert.True(t, equality.Semantic.DeepEqual(first, again), "%+v\n%+v", first, again)
		})
	}
}

func TestAClusterIsReconcilingOrStalledOnlyWhenTrue(t *testing.T) {
	t.Parallel()
	for former, before := range clusterOutcomes() {
		for name, make := range clusterOutcomes() {
			after := make(before(v1alpha1.KafkaClusterStatus{}, testutil.Start()), testutil.Start().Add(time.Minute))
			shaped(t, former+", then "+name, after.Conditions)
		}
	}
}

func TestAnOutageKeepsWhatWasSeen(t *testing.T) {
	t.Parallel()
	before := clusterOutcomes()["all well"](v1alpha1.KafkaClusterStatus{}, testutil.Start())
	after := unreached(topic.KafkaUnreachable)(before, testutil.Start().Add(time.Minute))
	assert.Equal(t, before.Brokers, after.Brokers, "the webhook goes on judging by it")
	assert.Equal(t, before.Topics, after.Topics)
	assert.Equal(t, before.ClusterID, after.ClusterID)
}

func TestTheClusterIDIsPinnedWhileFrozen(t *testing.T) {
	t.Parallel()
	before := clusterOutcomes()["all well"](v1alpha1.KafkaClusterStatus{}, testutil.Start())
	frozen := reached(func(s *status.Seen) { s.Cluster.ID, s.Frozen = "another", topic.ClusterChanged })(before, testutil.Start())
	assert.Equal(t, "cluster-1", frozen.ClusterID)
	accepted := reached(func(s *status.Seen) { s.Cluster.ID = "another" })(frozen, testutil.Start())
	assert.Equal(t, "another", accepted.ClusterID)
}

func TestTheMostBrokersEverSeenStays(t *testing.T) {
	t.Parallel()
	three := reached(func(s *status.Seen) { s.Cluster.Brokers = make([]topic.Broker, 3) })(v1alpha1.KafkaClusterStatus{}, testutil.Start())
	one := reached(func(*status.Seen) {})(three, testutil.Start())
	assert.Equal(t, int64(3), one.MaxBrokersSeen)
	assert.Len(t, one.Brokers, 1)
}

func TestAutoCreate(t *testing.T) {
	t.Parallel()
	on, off := true, false
	tests := map[string]struct {
		brokers []topic.Broker
		value   metav1.ConditionStatus
		reason  topic.Reason
		says    string
	}{
		"off on every broker":              {[]topic.Broker{{ID: 1, AutoCreate: &off}, {ID: 2, AutoCreate: &off}}, metav1.ConditionTrue, topic.DisabledEverywhere, "every broker"},
		"on somewhere, by name":            {[]topic.Broker{{ID: 1, AutoCreate: &off}, {ID: 7, AutoCreate: &on, AutoCreateSource: "DEFAULT_CONFIG"}}, metav1.ConditionFalse, topic.EnabledOnBrokers, "7 (DEFAULT_CONFIG)"},
		"on somewhere beats not readable":  {[]topic.Broker{{ID: 1}, {ID: 7, AutoCreate: &on}}, metav1.ConditionFalse, topic.EnabledOnBrokers, "7"},
		"one that cannot be read: unknown": {[]topic.Broker{{ID: 1, AutoCreate: &off}, {ID: 2}}, metav1.ConditionUnknown, topic.NotReadable, "broker 2"},
		"no broker at all: unknown":        {nil, metav1.ConditionUnknown, topic.NotReadable, "could not be read"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			after := reached(func(s *status.Seen) { s.Cluster.Brokers = tt.brokers })(v1alpha1.KafkaClusterStatus{}, testutil.Start())
			condition := meta.FindStatusCondition(after.Conditions, v1alpha1.ConditionAutoCreateDisabled)
			require.NotNil(t, condition)
			assert.Equal(t, tt.value, condition.Status)
			assert.Equal(t, string(tt.reason), condition.Reason)
			assert.Contains(t, condition.Message, tt.says)
		})
	}
}

func TestHeldDeletionsNameTheCommandWithTheirCount(t *testing.T) {
	t.Parallel()
	held := clusterOutcomes()["deletions held"](v1alpha1.KafkaClusterStatus{}, testutil.Start())
	condition := meta.FindStatusCondition(held.Conditions, v1alpha1.ConditionDeletionsHeld)
	require.NotNil(t, condition)
	assert.Contains(t, condition.Message, "kubectl annotate tgc prod topicgate.io/release-deletions=2")
	none := clusterOutcomes()["all well"](held, testutil.Start())
	assert.Nil(t, meta.FindStatusCondition(none.Conditions, v1alpha1.ConditionDeletionsHeld))
}
