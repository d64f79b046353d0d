package admission_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admission/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/validate/admission"
)

func TestTheDefaultClusterIsFilledIn(t *testing.T) {
	marked := func(name string) *v1alpha1.KafkaCluster {
		made := cluster(name, "id-"+name)
		made.Annotations = map[string]string{v1alpha1.DefaultClusterAnnotation: "true"}
		return made
	}
	bare := kafkaTopic(shop, "orders", func(t *v1alpha1.KafkaTopic) { t.Spec.ClusterRef = nil })
	pinned := bare.DeepCopy()
	pinned.Status.Cluster = &v1alpha1.SyncedCluster{Name: "pinned"}
	for name, c := range map[string]struct {
		clusters []client.Object
		old      *v1alpha1.KafkaTopic
		object   string
		want     string
	}{
		"into a spec":                                    {[]client.Object{marked("main")}, nil, `,"spec":{"partitions":3}`, `[{"op":"add","path":"/spec/clusterRef","value":{"name":"main"}}]`},
		"into an empty spec":                             {[]client.Object{marked("main")}, nil, `,"spec":{}`, `[{"op":"add","path":"/spec/clusterRef","value":{"name":"main"}}]`},
		"where there is no spec":                         {[]client.Object{marked("main")}, nil, ``, `[{"op":"add","path":"/spec","value":{"clusterRef":{"name":"main"}}}]`},
		"never over a user's":                            {[]client.Object{marked("main")}, nil, `,"spec":{"clusterRef":{"name":"prod"}}`, ``},
		"never over an empty":                            {[]client.Object{marked("main")}, nil, `,"spec":{"clusterRef":{"name":""}}`, ``},
		"never from two":                                 {[]client.Object{marked("main"), marked("second")}, nil, ``, ``},
		"never from none":                                {nil, nil, ``, ``},
		"from the old spec, not from today's default":    {[]client.Object{marked("main")}, kafkaTopic(shop, "orders"), `,"spec":{"partitions":3}`, `[{"op":"add","path":"/spec/clusterRef","value":{"name":"prod"}}]`},
		"from what the status pins":                      {[]client.Object{marked("main")}, pinned, `,"spec":{"partitions":3}`, `[{"op":"add","path":"/spec/clusterRef","value":{"name":"pinned"}}]`},
		"never from today's default into what had none":  {[]client.Object{marked("main")}, bare, `,"spec":{"partitions":3}`, ``},
		"never where the spec does not change otherwise": {[]client.Object{marked("main")}, pinned, `,"spec":{}`, ``},
	} {
		t.Run(name, func(t *testing.T) {
			operation := admissionv1.Create
			if c.old != nil {
				operation = admissionv1.Update
			}
			asked := request(t, operation, c.old, bare)
			asked.Object.Raw = []byte(`{"apiVersion":"topicgate.io/v1alpha1","kind":"KafkaTopic","metadata":{"name":"orders","namespace":"shop"}` + c.object + `}`)
			response := admission.DefaultTopic(lookup(t, world(c.clusters...), nil))(t.Context(), asked)
			assert.True(t, response.Allowed)
			assert.Equal(t, c.want, string(response.Patch))
		})
	}
}

func TestWithoutTheMutatingWebhookTheDefaultClusterIsAssumed(t *testing.T) {
	marked := cluster("main", "id-main")
	marked.Annotations = map[string]string{v1alpha1.DefaultClusterAnnotation: "true"}
	bare := kafkaTopic(shop, "orders", func(t *v1alpha1.KafkaTopic) { t.Spec.ClusterRef = nil })
	grown := bare.DeepCopy()
	grown.Spec.Partitions = new(int64(5))
	pinned := bare.DeepCopy()
	pinned.Status.Cluster = &v1alpha1.SyncedCluster{Name: "gone"}
	pinnedAndGrown := grown.DeepCopy()
	pinnedAndGrown.Status = pinned.Status
	for name, c := range map[string]struct {
		clusters []client.Object
		old, new *v1alpha1.KafkaTopic
		want     string
	}{
		"a creation":                      {[]client.Object{marked}, nil, bare, ""},
		"a creation without a default":    {nil, nil, bare, "ClusterMissing"},
		"a change before the first sync":  {[]client.Object{marked}, bare, grown, ""},
		"a change after it was pinned":    {[]client.Object{marked}, pinned, pinnedAndGrown, ""},
		"a reference that was taken away": {[]client.Object{marked}, kafkaTopic(shop, "orders"), grown, "ClusterMissing ImmutableChanged"},
	} {
		t.Run(name, func(t *testing.T) {
			operation := admissionv1.Create
			if c.old != nil {
				operation = admissionv1.Update
			}
			response := admission.ValidateTopic(lookup(t, world(c.clusters...), nil))(t.Context(), request(t, operation, c.old, c.new))
			assert.Equal(t, c.want, reasons(response))
		})
	}
}

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
