package status_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/sync/status"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

var cluster = status.Cluster{Name: "prod", ID: "cluster-1"}

// outcome makes a status from the one before, at a moment.
type outcome func(before v1alpha1.KafkaTopicStatus, now time.Time) v1alpha1.KafkaTopicStatus

func settled(unlisted ...string) outcome {
	return func(before v1alpha1.KafkaTopicStatus, now time.Time) v1alpha1.KafkaTopicStatus {
		return status.Settled(before, 1, cluster, plan.Settled{Live: testutil.Live("orders", 3, 1), Managed: []string{"retention.ms"}, Unlisted: unlisted}, now)
	}
}

func refused(reason topic.Reason) outcome {
	return func(before v1alpha1.KafkaTopicStatus, now time.Time) v1alpha1.KafkaTopicStatus {
		return status.Refused(before, 1, cluster, plan.Refusal{Reason: reason, Message: "because"}, now)
	}
}

func outcomes() map[string]outcome {
	all := map[string]outcome{
		"settled":                      settled(),
		"settled with foreign configs": settled("segment.ms"),
	}
	for _, meaning := range topic.Reasons() {
		all["refused as "+string(meaning.Reason)] = refused(meaning.Reason)
	}
	return all
}

// TestTheSameOutcomeIsTheSameStatus is law 7: what has not changed is not written, however much time goes by.
func TestTheSameOutcomeIsTheSameStatus(t *testing.T) {
	t.Parallel()
	for name, make := range outcomes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := make(v1alpha1.KafkaTopicStatus{}, testutil.Start())
			again := make(first, testutil.Start().Add(time.Hour))
			assert.True(t, equality.Semantic.DeepEqual(first, again), "%+v\n%+v", first, again)
		})
	}
}

// TestReconcilingAndStalledAreThereOnlyWhenTrue is kstatus' shape, whatever came before.
func TestReconcilingAndStalledAreThereOnlyWhenTrue(t *testing.T) {
	t.Parallel()
	for former, before := range outcomes() {
		for name, make := range outcomes() {
			after := make(before(v1alpha1.KafkaTopicStatus{}, testutil.Start()), testutil.Start().Add(time.Minute))
			shaped(t, former+", then "+name, after.Conditions)
			assert.Equal(t, int64(1), after.ObservedGeneration)
		}
	}
}

func shaped(t *testing.T, name string, conditions []metav1.Condition) {
	t.Helper()
	ready := meta.FindStatusCondition(conditions, v1alpha1.ConditionReady)
	require.NotNil(t, ready, name)
	signs := 0
	for _, condition := range conditions {
		assert.NotEmpty(t, condition.Reason, name)
		switch condition.Type {
		case v1alpha1.ConditionReconciling, v1alpha1.ConditionStalled:
			signs++
			assert.Equal(t, metav1.ConditionTrue, condition.Status, name)
			assert.Equal(t, ready.Reason, condition.Reason, name)
		}
	}
	want := 1
	if ready.Status == metav1.ConditionTrue {
		want = 0
	}
	assert.Equal(t, want, signs, name)
}

func TestSettledPinsTheTopic(t *testing.T) {
	t.Parallel()
	after := settled()(v1alpha1.KafkaTopicStatus{}, testutil.Start())
	assert.Equal(t, &v1alpha1.SyncedCluster{Name: "prod", ID: "cluster-1"}, after.Cluster)
	assert.Equal(t, "orders", after.TopicName)
	assert.Equal(t, "id-orders", after.TopicID)
	assert.Equal(t, []string{"retention.ms"}, after.ManagedConfig)
}

func TestARefusalKeepsWhatWasRecorded(t *testing.T) {
	t.Parallel()
	before := settled()(v1alpha1.KafkaTopicStatus{}, testutil.Start())
	after := refused(topic.DuplicateClaim)(before, testutil.Start())
	assert.Equal(t, before.TopicID, after.TopicID)
	assert.Equal(t, before.ManagedConfig, after.ManagedConfig)
}

func TestARefusalRecordsTheTopicThatItTellsOf(t *testing.T) {
	t.Parallel()
	live := testutil.Live("orders", 3, 1)
	after := status.Refused(v1alpha1.KafkaTopicStatus{}, 1, cluster, plan.Refusal{Reason: topic.WaitingForLeaders, Live: &live}, testutil.Start())
	assert.Equal(t, "id-orders", after.TopicID)
}

func TestMessagesAreBounded(t *testing.T) {
	t.Parallel()
	for name, long := range map[string]string{"ASCII": strings.Repeat("x", 40_000), "other scripts": strings.Repeat("…", 20_000)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refusal := plan.Refusal{Reason: topic.KafkaRefused, Message: long}
			first := status.Refused(v1alpha1.KafkaTopicStatus{}, 1, cluster, refusal, testutil.Start())
			for _, condition := range first.Conditions {
				assert.Less(t, len(condition.Message), 32_768, "the API server refuses more")
				assert.True(t, utf8.ValidString(condition.Message), "JSON would replace half a character, and the status never settle")
			}
			assert.True(t, equality.Semantic.DeepEqual(first, status.Refused(first, 1, cluster, refusal, testutil.Start())))
		})
	}
}

func TestTheInputIsLeftAlone(t *testing.T) {
	t.Parallel()
	before := refused(topic.Pending)(settled("a")(v1alpha1.KafkaTopicStatus{}, testutil.Start()), testutil.Start())
	kept := *before.DeepCopy()
	for _, make := range outcomes() {
		make(before, testutil.Start().Add(time.Minute))
	}
	assert.Equal(t, kept, before, "it lies in a shared cache")
}
