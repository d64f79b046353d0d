package sync

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/topicgate/topicgate/pkg/topic"
)

// The answers are those of a real API server: test/e2e has it give the first three.
func TestTheAnswerToTheProbeIsReadForWhatItProves(t *testing.T) {
	t.Parallel()
	topics := schema.GroupResource{Group: "topicgate.io", Resource: "kafkatopics"}
	refused := &apierrors.StatusError{ErrStatus: metav1.Status{
		Code: 422, Reason: metav1.StatusReasonInvalid, Message: `admission webhook "kafkatopics.topicgate.io" denied the request: …`,
		Details: &metav1.StatusDetails{Causes: []metav1.StatusCause{{Type: "ClusterNotFound", Field: "spec.clusterRef.name"}}},
	}}
	policy := refused.ErrStatus.DeepCopy()
	policy.Details.Causes = []metav1.StatusCause{{Message: "ValidatingAdmissionPolicy 'topicgate' denied the request"}}
	cases := map[string]struct {
		answer error
		want   topic.Reason
	}{
		"taken":                      {nil, topic.NotEnforced},
		"refused by the webhook":     {refused, topic.Enforced},
		"the webhook did not answer": {apierrors.NewInternalError(errors.New(`failed calling webhook "kafkatopics.topicgate.io": failed to call webhook: connect: connection refused`)), topic.WebhookUnreachable},
		"refused by somebody else":   {&apierrors.StatusError{ErrStatus: *policy}, topic.ProbeFailed},
		"not allowed to ask":         {apierrors.NewForbidden(topics, "topicgate-admission-probe", errors.New("no create")), topic.ProbeFailed},
		"no such namespace":          {apierrors.NewNotFound(schema.GroupResource{Resource: "namespaces"}, "topicgate-syncer"), topic.ProbeFailed},
		"the webhook was undecided":  {apierrors.NewInternalError(errors.New("could not decide, try again")), topic.ProbeFailed},
		"no API server":              {errors.New("connect: connection refused"), topic.ProbeFailed},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := judgeProbe(c.answer)
			assert.Equal(t, c.want, found.Reason)
			assert.NotContains(t, found.Message, "refused:", "what differs from call to call would be a write a minute")
		})
	}
}
