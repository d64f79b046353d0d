package admission_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admission/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/validate/admission"
)

const filledAtAdmission = `{enforcement: Deny, defaults: {apply: AtAdmission, partitions: 6, replicas: 3, config: {retention.ms: 604800000, a/b~c: x}}}`

func TestPoliciesFillInWhatIsLeftOut(t *testing.T) {
	atAdmission := topicPolicy(t, "defaults", filledAtAdmission)
	justPartitions := topicPolicy(t, "defaults", `{enforcement: Deny, defaults: {apply: AtAdmission, partitions: 6}}`)
	const all = `{"config":{"a/b~c":"x","retention.ms":"604800000"},"partitions":6,"replicas":3}`
	old := kafkaTopic(shop, "orders", owning("t-orders"), partitions(12), configured("retention.ms", "1000"))
	for name, c := range map[string]struct {
		there []client.Object
		old   *v1alpha1.KafkaTopic
		spec  string
		want  string
	}{
		"where there is no spec": {[]client.Object{atAdmission}, nil, ``, `[{"op":"add","path":"/spec","value":` + all + `}]`},
		"where there is no config": {
			[]client.Object{atAdmission},
			nil, `{"clusterRef":{"name":"prod"},"partitions":1}`,
			`[{"op":"add","path":"/spec/config","value":{"a/b~c":"x","retention.ms":"604800000"}},{"op":"add","path":"/spec/replicas","value":3}]`,
		},
		"where the config is null": {
			[]client.Object{atAdmission},
			nil, `{"clusterRef":{"name":"prod"},"partitions":1,"replicas":1,"config":null}`,
			`[{"op":"add","path":"/spec/config","value":{"a/b~c":"x","retention.ms":"604800000"}}]`,
		},
		"where the config lacks a key": {
			[]client.Object{atAdmission},
			nil, `{"clusterRef":{"name":"prod"},"partitions":1,"replicas":1,"config":{"retention.ms":null}}`,
			`[{"op":"add","path":"/spec/config/a~1b~0c","value":"x"}]`,
		},
		"never over what is there":          {[]client.Object{justPartitions}, nil, `{"clusterRef":{"name":"prod"},"partitions":0}`, ``},
		"never a key that is left alone":    {[]client.Object{atAdmission}, nil, `{"clusterRef":{"name":"prod"},"partitions":1,"replicas":1,"config":{"a/b~c":"y"},"unmanagedConfig":["retention.ms"]}`, ``},
		"never what is filled in at sync":   {[]client.Object{topicPolicy(t, "defaults", `{enforcement: Deny, defaults: {partitions: 6}}`)}, nil, `{"clusterRef":{"name":"prod"}}`, ``},
		"never without policies":            {nil, nil, `{}`, ``},
		"never for another topic":           {[]client.Object{topicPolicy(t, "defaults", `{enforcement: Deny, match: {topicNames: [other]}, defaults: {apply: AtAdmission, partitions: 6}}`)}, nil, `{"clusterRef":{"name":"prod"}}`, ``},
		"never where no cluster is known":   {[]client.Object{atAdmission}, nil, `{"clusterRef":{"name":"none"}}`, ``},
		"never where the topic exists":      {[]client.Object{atAdmission, inventory(prod, "id-prod", 0, v1alpha1.InventoryTopic{Name: "orders", TopicID: "t", Partitions: 12, Replicas: 3})}, nil, `{"clusterRef":{"name":"prod"}}`, ``},
		"from the old spec, not from today": {[]client.Object{atAdmission}, old, `{"clusterRef":{"name":"prod"},"replicas":3}`, `[{"op":"add","path":"/spec/config","value":{"retention.ms":1000}},{"op":"add","path":"/spec/partitions","value":12}]`},
		"never into an old spec without it": {[]client.Object{justPartitions}, kafkaTopic(shop, "orders"), `{"clusterRef":{"name":"prod"},"replicas":3}`, ``},
	} {
		t.Run(name, func(t *testing.T) {
			operation := admissionv1.Create
			if c.old != nil {
				operation = admissionv1.Update
			}
			marked := cluster("main", "id-main")
			marked.Annotations = map[string]string{v1alpha1.DefaultClusterAnnotation: "true"}
			asked := request(t, operation, c.old, kafkaTopic(shop, "orders"))
			spec := ""
			if c.spec != "" {
				spec = `,"spec":` + c.spec
			}
			asked.Object.Raw = []byte(`{"apiVersion":"topicgate.io/v1alpha1","kind":"KafkaTopic","metadata":{"name":"orders","namespace":"shop"}` + spec + `}`)
			response := admission.DefaultFromPolicies(governed(t, admission.UnmatchedAllow, append(c.there, marked)...))(t.Context(), asked)
			assert.True(t, response.Allowed)
			assert.Equal(t, c.want, string(response.Patch))
		})
	}
}

// TestFillingInTwiceIsFillingInOnce patches random objects, new and changed ones, and patches what came of it again: nothing
// is left to do then, and what was written stays as it was.
func TestFillingInTwiceIsFillingInOnce(t *testing.T) {
	t.Parallel()
	judge := admission.DefaultFromPolicies(governed(t, admission.UnmatchedAllow, topicPolicy(t, "defaults", filledAtAdmission)))
	for seed := range uint64(500) {
		rng := rand.New(rand.NewPCG(seed, 6))
		given, old := randomTopic(t, rng), randomTopic(t, rng)
		if rng.IntN(2) == 0 {
			old = nil
		}
		once := patched(t, judge, given, old)
		require.JSONEq(t, string(once), string(patched(t, judge, once, old)), "seed %d", seed)
		onlyAdded(t, given, once)
	}
}

// onlyAdded expects everything of one object, however deep, to be in another as it was.
func onlyAdded(t *testing.T, before, after []byte) {
	t.Helper()
	var had, has any
	require.NoError(t, json.Unmarshal(before, &had))
	require.NoError(t, json.Unmarshal(after, &has))
	kept(t, had, has)
}

func kept(t *testing.T, had, has any) {
	t.Helper()
	object, is := had.(map[string]any)
	if !is {
		require.Equal(t, had, has)
		return
	}
	for key, value := range object {
		require.Contains(t, has, key)
		kept(t, value, has.(map[string]any)[key])
	}
}
