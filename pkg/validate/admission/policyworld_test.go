package admission_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admission/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/validate/admission"
)

// topicPolicy is a policy made of the YAML of its spec.
func topicPolicy(t testing.TB, name, spec string) *v1alpha1.TopicPolicy {
	t.Helper()
	made := &v1alpha1.TopicPolicy{
		TypeMeta:   metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion().String(), Kind: "TopicPolicy"},
		ObjectMeta: metav1.ObjectMeta{Name: name, UID: types.UID("uid-" + name), Generation: 1},
	}
	require.NoError(t, yaml.UnmarshalStrict([]byte(spec), &made.Spec))
	return made
}

// exception is an exception made of the YAML of its spec.
func exception(t testing.TB, name, spec string) *v1alpha1.TopicPolicyException {
	t.Helper()
	made := &v1alpha1.TopicPolicyException{
		TypeMeta:   metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion().String(), Kind: "TopicPolicyException"},
		ObjectMeta: metav1.ObjectMeta{Name: name, UID: types.UID("uid-" + name), Generation: 1},
	}
	require.NoError(t, yaml.UnmarshalStrict([]byte(spec), &made.Spec))
	return made
}

// governed is a lookup in the world, whose policies are those given.
func governed(t *testing.T, unmatched admission.Unmatched, objects ...client.Object) *admission.Lookup {
	t.Helper()
	made := lookup(t, world(objects...), nil)
	made.Policies = admission.NewPolicies(nil, unmatched, now)
	made.Policies.Show(t, objects...)
	return made
}

func labelled(pairs ...string) func(*v1alpha1.KafkaTopic) {
	return func(topic *v1alpha1.KafkaTopic) {
		topic.Labels = map[string]string{}
		for i := 0; i+1 < len(pairs); i += 2 {
			topic.Labels[pairs[i]] = pairs[i+1]
		}
	}
}

func configured(key, value string) func(*v1alpha1.KafkaTopic) {
	return func(topic *v1alpha1.KafkaTopic) {
		if topic.Spec.Config == nil {
			topic.Spec.Config = map[string]apiextensionsv1.JSON{}
		}
		topic.Spec.Config[key] = apiextensionsv1.JSON{Raw: []byte(value)}
	}
}

// about is a review's request about an object of a policy's kind.
func about(t *testing.T, operation admissionv1.Operation, kind string, old, object client.Object) *admissionv1.AdmissionRequest {
	t.Helper()
	made := &admissionv1.AdmissionRequest{
		UID: "u", Operation: operation, Name: object.GetName(),
		Kind: metav1.GroupVersionKind{Group: v1alpha1.Group, Version: "v1alpha1", Kind: kind},
	}
	made.Object = raw(t, object)
	if old != nil {
		made.OldObject = raw(t, old)
	}
	return made
}

func dry(request *admissionv1.AdmissionRequest) *admissionv1.AdmissionRequest {
	request.DryRun = new(true)
	return request
}

func mustJSON(t *testing.T, text string) (decoded []map[string]any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &decoded), text)
	return decoded
}

// clock is a time that a test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }
