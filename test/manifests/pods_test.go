package manifests_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/topicgate/topicgate/test/manifests"
)

// A Deployment that breaks the namespace's pod security is only warned about, a Pod is refused: so Pods are made.
func testPods(t *testing.T, config *rest.Config) {
	client := clientset(t, config)
	for name, namespace := range map[string]string{
		"topicgate-webhook": manifests.WebhookNamespace,
		"topicgate-syncer":  manifests.SyncerNamespace,
	} {
		deployment, err := client.AppsV1().Deployments(namespace).Get(t.Context(), name, metav1.GetOptions{})
		require.NoError(t, err)
		template := deployment.Spec.Template
		pod := &corev1.Pod{ObjectMeta: template.ObjectMeta, Spec: template.Spec}
		pod.Name = name

		t.Run("the Pod of "+name+" is admitted", func(t *testing.T) {
			_, err := client.CoreV1().Pods(namespace).Create(t.Context(), pod, metav1.CreateOptions{})
			require.NoError(t, err)
		})
		t.Run("any privilege more is refused to "+name, func(t *testing.T) {
			greedy := pod.DeepCopy()
			greedy.Name = "greedy"
			greedy.Spec.Containers[0].SecurityContext.Capabilities = nil
			_, err := client.CoreV1().Pods(namespace).Create(t.Context(), greedy, metav1.CreateOptions{})
			require.True(t, apierrors.IsForbidden(err), "%v", err)
			assert.ErrorContains(t, err, "violates PodSecurity")
		})
		t.Run(name+" writes to no file system and keeps two replicas", func(t *testing.T) {
			for _, container := range template.Spec.Containers {
				assert.True(t, *container.SecurityContext.ReadOnlyRootFilesystem)
				assert.NotEmpty(t, container.Resources.Requests)
				assert.NotEmpty(t, container.Resources.Limits.Memory())
			}
			assert.EqualValues(t, 2, *deployment.Spec.Replicas)
			assert.GreaterOrEqual(t, *template.Spec.TerminationGracePeriodSeconds, int64(30))
		})
	}
}
