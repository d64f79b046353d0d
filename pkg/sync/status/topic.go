// Package status turns what became of an object into its status. It is pure, and gives back the very same status when
// nothing changed, so that a converged system writes nothing.
package status

import (
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
)

// mostMessage bounds a condition's message; the API server refuses one above 32,768 characters.
const mostMessage = 4096

// Cluster names the cluster that a topic is pinned to at its first sync.
type Cluster struct{ Name, ID string }

// Settled is the status of an object whose topic is as declared.
func Settled(before v1alpha1.KafkaTopicStatus, generation int64, cluster Cluster, settled plan.Settled, now time.Time) v1alpha1.KafkaTopicStatus {
	after := observed(before, generation, cluster, settled.Live)
	after.ManagedConfig, after.DefaultedConfig = settled.Managed, settled.Defaulted
	set(&after.Conditions, now, generation, v1alpha1.ConditionReady, metav1.ConditionTrue, topic.Synced, "the topic is as declared")
	drop(&after.Conditions, v1alpha1.ConditionReconciling)
	drop(&after.Conditions, v1alpha1.ConditionStalled)
	setBreaks(&after.Conditions, now, generation, settled.Breaks)
	if len(settled.Unlisted) == 0 {
		drop(&after.Conditions, v1alpha1.ConditionDrifted)
	} else {
		set(&after.Conditions, now, generation, v1alpha1.ConditionDrifted, metav1.ConditionTrue, topic.UnlistedConfig,
			"set on the topic but not in the spec: "+join(settled.Unlisted)+"; list them in config or in unmanagedConfig")
	}
	return after
}

// setBreaks says which rules of policies the object breaks and is let.
func setBreaks(conditions *[]metav1.Condition, now time.Time, generation int64, breaks []string) {
	if len(breaks) == 0 {
		drop(conditions, v1alpha1.ConditionPolicyViolation)
		return
	}
	set(conditions, now, generation, v1alpha1.ConditionPolicyViolation, metav1.ConditionTrue, topic.PolicyViolation, join(breaks))
}

// Refused is the status of an object for which nothing was done, or for which Kafka did nothing.
func Refused(before v1alpha1.KafkaTopicStatus, generation int64, cluster Cluster, refusal plan.Refusal, now time.Time) v1alpha1.KafkaTopicStatus {
	after := *before.DeepCopy()
	after.ObservedGeneration = generation
	if refusal.Live != nil {
		after = observed(before, generation, cluster, *refusal.Live)
	}
	message := bounded(refusal.Message)
	set(&after.Conditions, now, generation, v1alpha1.ConditionReady, metav1.ConditionFalse, refusal.Reason, message)
	sign(&after.Conditions, now, generation, refusal.Reason, message)
	return after
}

// sign sets the one of Reconciling and Stalled that a reason calls for, and drops the other. What is True already keeps
// the time since when it is.
func sign(conditions *[]metav1.Condition, now time.Time, generation int64, reason topic.Reason, message string) {
	wanted, other := v1alpha1.ConditionStalled, v1alpha1.ConditionReconciling
	if topic.ConsequenceOf(reason) == topic.Retry {
		wanted, other = other, wanted
	}
	drop(conditions, other)
	set(conditions, now, generation, wanted, metav1.ConditionTrue, reason, message)
}

func observed(before v1alpha1.KafkaTopicStatus, generation int64, cluster Cluster, live topic.Observed) v1alpha1.KafkaTopicStatus {
	after := *before.DeepCopy()
	after.ObservedGeneration = generation
	after.Cluster = &v1alpha1.SyncedCluster{Name: cluster.Name, ID: cluster.ID}
	after.TopicName, after.TopicID = live.Name, live.ID
	after.Partitions, after.Replicas = live.Partitions, live.Replicas
	return after
}

func set(conditions *[]metav1.Condition, now time.Time, generation int64, kind string, value metav1.ConditionStatus, reason topic.Reason, message string) {
	meta.SetStatusCondition(conditions, metav1.Condition{
		Type: kind, Status: value, Reason: string(reason), Message: bounded(message),
		ObservedGeneration: generation, LastTransitionTime: metav1.NewTime(now.UTC().Truncate(time.Second)),
	})
}

func drop(conditions *[]metav1.Condition, kind string) { meta.RemoveStatusCondition(conditions, kind) }

func bounded(message string) string {
	if len(message) <= mostMessage {
		return message
	}
	return strings.ToValidUTF8(message[:mostMessage], "") + "…" // half a character would come back as another text
}

func join(names []string) string {
	const most = 10
	names = slices.Clone(names)
	if len(names) > most {
		names = append(names[:most], "…")
	}
	return strings.Join(names, ", ")
}
