package manifests_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/test/manifests"
)

func newNamespace(name string) *corev1.Namespace {
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
}

func TestRenderOrdersForApplying(t *testing.T) {
	objects, err := manifests.Render(manifests.Default)
	require.NoError(t, err)
	require.NotEmpty(t, objects)
	assert.Equal(t, "Namespace", objects[0].GetKind())
	last := objects[len(objects)-2:]
	assert.Equal(t, "MutatingWebhookConfiguration", last[0].GetKind())
	assert.Equal(t, "ValidatingWebhookConfiguration", last[1].GetKind())
	for _, object := range objects {
		assert.Equal(t, "topicgate", object.GetLabels()["app.kubernetes.io/part-of"], "%s %s", object.GetKind(), object.GetName())
	}
}

func TestDefaultsAtAdmissionAreOptIn(t *testing.T) {
	entries := func(dir string) (names []string) {
		objects, err := manifests.Render(dir)
		require.NoError(t, err)
		for _, object := range objects {
			if object.GetKind() == "MutatingWebhookConfiguration" {
				for _, webhook := range strictly[admissionregistrationv1.MutatingWebhookConfiguration](t, object).Webhooks {
					names = append(names, webhook.Name)
				}
			}
		}
		return names
	}
	assert.Equal(t, []string{"kafkatopics.topicgate.io"}, entries(manifests.Default))
	assert.Equal(t, []string{"kafkatopics.topicgate.io", "kafkatopics-defaults.topicgate.io"}, entries(manifests.PolicyDefaults),
		"the defaults come last: what is filled in depends on the cluster")
}

func TestNetworkPoliciesAndAlertsAreOptIn(t *testing.T) {
	count := func(dir, kind string) (found int) {
		objects, err := manifests.Render(dir)
		require.NoError(t, err)
		for _, object := range objects {
			if object.GetKind() == kind {
				found++
			}
		}
		return found
	}
	assert.Zero(t, count(manifests.Default, "NetworkPolicy"))
	assert.Equal(t, 2, count("test/manifests/testdata/network-policies", "NetworkPolicy"))
	assert.Zero(t, count(manifests.Default, "PrometheusRule"))
	assert.Equal(t, 1, count("test/manifests/testdata/alerts", "PrometheusRule"))
}

func TestWhatEnforcesIsOptInAndNarrowed(t *testing.T) {
	for dir, resource := range map[string]string{
		"test/manifests/testdata/enforce-strimzi":   "kafkas",
		"test/manifests/testdata/enforce-koperator": "kafkaclusters",
	} {
		granted := func(dir string) (rules []rbacv1.PolicyRule) {
			objects, err := manifests.Render(dir)
			require.NoError(t, err)
			for _, object := range objects {
				if object.GetKind() == "ClusterRole" && strings.HasPrefix(object.GetName(), "topicgate-syncer-enforce-") {
					rules = append(rules, strictly[rbacv1.ClusterRole](t, object).Rules...)
				}
			}
			return rules
		}
		assert.Empty(t, granted(manifests.Default))
		rules := granted(dir)
		require.Len(t, rules, 1, dir)
		assert.Equal(t, []string{resource}, rules[0].Resources)
		assert.Equal(t, []string{"get", "patch"}, rules[0].Verbs)
		assert.Equal(t, []string{"prod"}, rules[0].ResourceNames)
	}
}
