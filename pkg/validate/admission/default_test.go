package admission_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admission/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/validate/admission"
)

// TestDefaultingTwiceIsDefaultingOnce patches random objects, new and changed ones, and patches what came of it again:
// nothing is left to do then, and what was written stays as it was.
func TestDefaultingTwiceIsDefaultingOnce(t *testing.T) {
	t.Parallel()
	marked := cluster("main", "id-main")
	marked.Annotations = map[string]string{v1alpha1.DefaultClusterAnnotation: "true"}
	judge := admission.DefaultTopic(lookup(t, world(marked), nil))
	for seed := range uint64(500) {
		rng := rand.New(rand.NewPCG(seed, 5))
		given, old := randomTopic(t, rng), randomTopic(t, rng)
		if rng.IntN(2) == 0 {
			old = nil
		}
		once := patched(t, judge, given, old)
		require.JSONEq(t, string(once), string(patched(t, judge, once, old)), "seed %d", seed)
		untouchedBut(t, given, once)
	}
}

// randomTopic is an object as a user may write it, with and without what can be filled in.
func randomTopic(t *testing.T, rng *rand.Rand) []byte {
	t.Helper()
	spec := map[string]any{}
	for key, value := range map[string]any{
		"clusterRef": map[string]any{"name": "prod"}, "topicName": "Orders", "partitions": 3, "replicas": 3,
		"config": map[string]any{"retention.ms": 6.048e8, "unknown": nil}, "unmanagedConfig": []any{"a"}, "deletionPolicy": "Delete",
	} {
		if rng.IntN(2) == 0 {
			spec[key] = value
		}
	}
	object := map[string]any{
		"apiVersion": "topicgate.io/v1alpha1", "kind": "KafkaTopic",
		"metadata": map[string]any{"name": "orders", "namespace": shop, "labels": map[string]any{"a": "b"}},
	}
	if len(spec) > 0 || rng.IntN(2) == 0 {
		object["spec"] = spec
	}
	text, err := json.Marshal(object)
	require.NoError(t, err)
	return text
}

func patched(t *testing.T, judge admission.Judge, object, old []byte) []byte {
	t.Helper()
	asked := request(t, admissionv1.Create, nil, kafkaTopic(shop, "orders"))
	asked.Object.Raw = object
	if old != nil {
		asked.Operation, asked.OldObject.Raw = admissionv1.Update, old
	}
	response := judge(t.Context(), asked)
	require.True(t, response.Allowed)
	if response.Patch == nil {
		return object
	}
	patch, err := jsonpatch.DecodePatch(response.Patch)
	require.NoError(t, err)
	result, err := patch.Apply(object)
	require.NoError(t, err)
	return result
}

// untouchedBut takes the filled field out again, and expects what was given.
func untouchedBut(t *testing.T, given, filled []byte) {
	t.Helper()
	var before, after map[string]any
	require.NoError(t, json.Unmarshal(given, &before))
	require.NoError(t, json.Unmarshal(filled, &after))
	spec, _ := before["spec"].(map[string]any)
	if _, written := spec["clusterRef"]; !written {
		if now, ok := after["spec"].(map[string]any); ok {
			delete(now, "clusterRef")
			if before["spec"] == nil && len(now) == 0 {
				delete(after, "spec")
			}
		}
	}
	require.Equal(t, before, after)
}
