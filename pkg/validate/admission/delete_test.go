package admission_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/validate/admission"
)

func TestDeletionsOfProtectedTopics(t *testing.T) {
	deletable := kafkaTopic(shop, "orders", owning("t-orders"), func(t *v1alpha1.KafkaTopic) { t.Spec.DeletionPolicy = v1alpha1.DeletionDelete })
	for name, c := range map[string]struct {
		change func(*corev1.Namespace, *v1alpha1.KafkaCluster)
		want   string
	}{
		"are forbidden":                      {func(*corev1.Namespace, *v1alpha1.KafkaCluster) {}, "DeletionProtected"},
		"are not where nothing is protected": {func(_ *corev1.Namespace, c *v1alpha1.KafkaCluster) { c.Spec.Deletion.Protection = "None" }, ""},
		"are not where the cluster is gone":  {func(_ *corev1.Namespace, c *v1alpha1.KafkaCluster) { c.Name = "another" }, ""},
		"are not where the namespace goes, too": {func(n *corev1.Namespace, _ *v1alpha1.KafkaCluster) {
			n.DeletionTimestamp, n.Finalizers = &metav1.Time{Time: now()}, []string{"kubernetes"}
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			objects := world()
			objects[2].(*v1alpha1.KafkaCluster).Spec.Deletion.Protection = v1alpha1.ProtectAlways
			c.change(objects[0].(*corev1.Namespace), objects[2].(*v1alpha1.KafkaCluster))
			response := admission.ValidateTopicDelete(lookup(t, objects, nil))(t.Context(), request(t, admissionv1.Delete, deletable, nil))
			assert.Equal(t, c.want == "", response.Allowed)
			assert.Equal(t, c.want, reasons(response))
			if !response.Allowed {
				assert.EqualValues(t, 403, response.Result.Code)
				assert.Equal(t, metav1.StatusReasonForbidden, response.Result.Reason)
				assert.True(t, strings.HasPrefix(response.Result.Message, "shop/orders cannot be deleted now:\n• metadata: "), response.Result.Message)
			}
		})
	}
}

func TestPoliciesProtectFromDeletionToo(t *testing.T) {
	deletable := kafkaTopic(shop, "orders", owning("t-orders"), func(t *v1alpha1.KafkaTopic) { t.Spec.DeletionPolicy = v1alpha1.DeletionDelete })
	gate := governed(t, admission.UnmatchedAllow, topicPolicy(t, "shared", `{enforcement: Deny, rules: [{name: kept, deletion: {protect: Always}}]}`))
	response := admission.ValidateTopicDelete(gate)(t.Context(), request(t, admissionv1.Delete, deletable, nil))
	assert.Equal(t, "DeletionProtected", reasons(response))
	assert.Contains(t, response.Result.Message, "[shared/kept]")
	gate.Policies.Unread()
	assert.True(t, admission.ValidateTopicDelete(gate)(t.Context(), request(t, admissionv1.Delete, deletable, nil)).Allowed, "the lock is the syncer's")
}
