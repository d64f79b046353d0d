package status

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// Admission is what the last probe found: whether the API server refuses what the webhook refuses.
type Admission struct {
	// Reason is Enforced, NotEnforced, WebhookUnreachable or ProbeFailed; empty before the first probe.
	Reason  topic.Reason
	Message string
}

// WithAdmission is a status that tells what the last probe found. Before the first one it stays as it was.
func WithAdmission(after v1alpha1.KafkaClusterStatus, generation int64, found Admission, now time.Time) v1alpha1.KafkaClusterStatus {
	if found.Reason == "" {
		return after
	}
	value := metav1.ConditionFalse
	switch found.Reason { //nolint:exhaustive // the others are False
	case topic.Enforced:
		value = metav1.ConditionTrue
	case topic.ProbeFailed:
		value = metav1.ConditionUnknown
	}
	after = *after.DeepCopy()
	conditions{&after.Conditions, now, generation}.set(v1alpha1.ConditionAdmissionEnforced, value, found.Reason, found.Message)
	return after
}
