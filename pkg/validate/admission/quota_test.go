package admission_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admission/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/validate/admission"
)

const quotaOfTen = `{enforcement: Deny, rules: [{name: quota, quota: {partitions: 10}}]}`

// TestFiftyClientsAtOnceGetNoMoreThanTheQuota creates topics from fifty goroutines while a watch shows what was allowed,
// late and in any order.
func TestFiftyClientsAtOnceGetNoMoreThanTheQuota(t *testing.T) {
	t.Parallel()
	const quota = 100
	gate := governed(t, admission.UnmatchedAllow, topicPolicy(t, "shared", fmt.Sprintf(`{enforcement: Deny, rules: [{name: quota, quota: {partitions: %d}}]}`, quota)))
	judge := admission.ValidateTopic(gate)
	shown := make(chan *v1alpha1.KafkaTopic, 1000)
	var watching, clients sync.WaitGroup
	watching.Go(func() {
		for object := range shown {
			gate.Policies.Show(t, object)
		}
	})
	var had atomic.Int64
	for i := range 50 {
		clients.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(i), 7))
			for j := range 10 {
				wanted := 1 + rng.Int64N(3)
				object := kafkaTopic(shop, fmt.Sprintf("topic-%d-%d", i, j), partitions(wanted))
				asked := request(t, admissionv1.Create, nil, object)
				if rng.IntN(4) == 0 {
					asked = dry(asked)
				}
				response := judge(t.Context(), asked)
				if response.Allowed && asked.DryRun == nil {
					had.Add(wanted)
					shown <- object
				}
			}
		})
	}
	clients.Wait()
	close(shown)
	watching.Wait()
	assert.LessOrEqual(t, had.Load(), int64(quota))
	assert.GreaterOrEqual(t, had.Load(), int64(quota-2), "nobody is refused what there is room for")
	kept, _ := gate.Policies.Promises()
	assert.Zero(t, kept, "what is seen is promised no more")
}

func TestWhatCountsAgainstAQuota(t *testing.T) {
	deleting := kafkaTopic(shop, "leaving", partitions(4))
	deleting.Finalizers, deleting.DeletionTimestamp = []string{v1alpha1.TopicFinalizer}, deleting.CreationTimestamp.DeepCopy()
	unnamed := kafkaTopic(shop, "unnamed", partitions(4))
	unnamed.Spec.ClusterRef = nil
	for name, c := range map[string]struct {
		there []*v1alpha1.KafkaTopic
		old   *v1alpha1.KafkaTopic
		asked *v1alpha1.KafkaTopic
		want  string
	}{
		"nothing is there":                              {asked: kafkaTopic(shop, "new", partitions(10))},
		"too much at once":                              {asked: kafkaTopic(shop, "new", partitions(11)), want: "QuotaExceeded"},
		"the rest":                                      {there: []*v1alpha1.KafkaTopic{kafkaTopic(shop, "a", partitions(4))}, asked: kafkaTopic(shop, "new", partitions(6))},
		"more than the rest":                            {there: []*v1alpha1.KafkaTopic{kafkaTopic(shop, "a", partitions(4))}, asked: kafkaTopic(shop, "new", partitions(7)), want: "QuotaExceeded"},
		"not what another namespace has":                {there: []*v1alpha1.KafkaTopic{kafkaTopic("stock", "a", partitions(9))}, asked: kafkaTopic(shop, "new", partitions(6))},
		"not the object itself":                         {there: []*v1alpha1.KafkaTopic{kafkaTopic(shop, "a", partitions(9))}, old: kafkaTopic(shop, "a", partitions(9)), asked: kafkaTopic(shop, "a", partitions(10))},
		"what is being deleted":                         {there: []*v1alpha1.KafkaTopic{deleting}, asked: kafkaTopic(shop, "new", partitions(7)), want: "QuotaExceeded"},
		"what the brokers fill in, as the syncer noted": {there: []*v1alpha1.KafkaTopic{kafkaTopic(shop, "a", func(t *v1alpha1.KafkaTopic) { t.Status.Partitions = 8 })}, asked: kafkaTopic(shop, "new", partitions(3)), want: "QuotaExceeded"},
		"who is over it already may change the rest":    {there: []*v1alpha1.KafkaTopic{kafkaTopic(shop, "a", partitions(30))}, old: kafkaTopic(shop, "a", partitions(30)), asked: kafkaTopic(shop, "a", partitions(30), configured("retention.ms", "1000"))},
	} {
		t.Run(name, func(t *testing.T) {
			gate := governed(t, admission.UnmatchedAllow, topicPolicy(t, "shared", quotaOfTen))
			for _, object := range c.there {
				gate.Policies.Show(t, object)
			}
			operation := admissionv1.Create
			if c.old != nil {
				operation = admissionv1.Update
			}
			response := admission.ValidateTopic(gate)(t.Context(), request(t, operation, c.old, c.asked))
			assert.Equal(t, c.want, reasons(response), response.Result)
		})
	}
	t.Run("topics that name no cluster are the default cluster's", func(t *testing.T) {
		marked := cluster("main", "id-main")
		marked.Annotations = map[string]string{v1alpha1.DefaultClusterAnnotation: "true"}
		gate := governed(t, admission.UnmatchedAllow, topicPolicy(t, "shared", quotaOfTen), marked)
		gate.Policies.Show(t, unnamed)
		judge := admission.ValidateTopic(gate)
		onMain := func(t *v1alpha1.KafkaTopic) { t.Spec.ClusterRef = &v1alpha1.ClusterRef{Name: "main"} }
		assert.Equal(t, "QuotaExceeded", reasons(judge(t.Context(), request(t, admissionv1.Create, nil, kafkaTopic(shop, "new", onMain, partitions(7))))))
		assert.Empty(t, reasons(judge(t.Context(), request(t, admissionv1.Create, nil, kafkaTopic(shop, "new", partitions(7))))))
	})
}

func TestWhatWasAllowedAMomentAgoCounts(t *testing.T) {
	at := &clock{now()}
	fresh := func(t *testing.T) (*admission.Lookup, func(name string, count int64, dryRun bool) bool) {
		t.Helper()
		gate := governed(t, admission.UnmatchedAllow, topicPolicy(t, "shared", quotaOfTen))
		at.at = now()
		gate.Policies = admission.NewPolicies(nil, admission.UnmatchedAllow, at.now)
		gate.Policies.Show(t, topicPolicy(t, "shared", quotaOfTen))
		return gate, func(name string, count int64, dryRun bool) bool {
			asked := request(t, admissionv1.Create, nil, kafkaTopic(shop, name, partitions(count)))
			asked.DryRun = &dryRun
			return admission.ValidateTopic(gate)(t.Context(), asked).Allowed
		}
	}
	t.Run("until it is seen, and then as what is there", func(t *testing.T) {
		gate, ask := fresh(t)
		require.True(t, ask("a", 6, false))
		assert.False(t, ask("b", 6, false))
		gate.Policies.Show(t, kafkaTopic(shop, "a", partitions(6), configured("retention.ms", "1")))
		kept, _ := gate.Policies.Promises()
		assert.Zero(t, kept)
		assert.False(t, ask("b", 6, false))
		gate.Policies.Hide(kafkaTopic(shop, "a"))
		assert.True(t, ask("b", 6, false))
	})
	t.Run("or until it has long been expected in vain", func(t *testing.T) {
		_, ask := fresh(t)
		require.True(t, ask("a", 6, false))
		at.at = at.at.Add(29 * time.Second)
		assert.False(t, ask("b", 6, false))
		at.at = at.at.Add(2 * time.Second)
		assert.True(t, ask("b", 6, false))
	})
	t.Run("not when it was a dry run", func(t *testing.T) {
		gate, ask := fresh(t)
		require.True(t, ask("a", 6, true))
		kept, queued := gate.Policies.Promises()
		assert.Zero(t, kept+queued)
		assert.True(t, ask("b", 6, true))
	})
	t.Run("though a dry run is told of it", func(t *testing.T) {
		_, ask := fresh(t)
		require.True(t, ask("a", 6, false))
		assert.False(t, ask("b", 6, true))
	})
	t.Run("once, though it is asked for again", func(t *testing.T) {
		_, ask := fresh(t)
		require.True(t, ask("a", 6, false))
		require.True(t, ask("a", 8, false))
		assert.False(t, ask("b", 3, false))
		assert.True(t, ask("b", 2, false))
	})
	t.Run("not what was refused", func(t *testing.T) {
		_, ask := fresh(t)
		require.False(t, ask("a", 11, false))
		assert.True(t, ask("b", 10, false))
	})
	t.Run("and takes bounded memory", func(t *testing.T) {
		gate, ask := fresh(t)
		for i := range 2000 {
			require.True(t, ask(fmt.Sprintf("t-%d", i), 1, false))
			at.at = at.at.Add(4 * time.Second)
		}
		kept, queued := gate.Policies.Promises()
		assert.Less(t, kept, 10)
		assert.Less(t, queued, 10)
	})
}

// TestTheLedgerAgreesWithCountingAnew plays random events and compares what a quota refuses with what is there.
func TestTheLedgerAgreesWithCountingAnew(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(11, 13))
	gate := governed(t, admission.UnmatchedAllow, topicPolicy(t, "shared", quotaOfTen))
	judge := admission.ValidateTopic(gate)
	there := map[string]int64{}
	for step := range 3000 {
		name := fmt.Sprintf("t-%d", rng.IntN(8))
		switch rng.IntN(4) {
		case 0:
			gate.Policies.Hide(kafkaTopic(shop, name))
			delete(there, name)
		case 1, 2:
			object := kafkaTopic(shop, name, partitions(1+rng.Int64N(4)))
			if rng.IntN(5) == 0 { // it moves to another account, and counts here no more
				object.Spec.ClusterRef.Name = "other"
				delete(there, name)
			} else {
				there[name] = *object.Spec.Partitions
			}
			gate.Policies.Show(t, object)
		default:
			used := int64(0)
			for _, n := range there {
				used += n
			}
			wanted := 1 + rng.Int64N(10)
			response := judge(t.Context(), dry(request(t, admissionv1.Create, nil, kafkaTopic(shop, "new", partitions(wanted)))))
			require.Equal(t, used+wanted <= 10, response.Allowed, "step %d: %v and %d", step, there, wanted)
		}
		if rng.IntN(50) == 0 { // another set of policies: everything is counted anew
			changed := topicPolicy(t, "shared", quotaOfTen)
			changed.Generation = int64(step) + 2
			gate.Policies.Show(t, changed)
		}
	}
}

func TestATopicWithoutBoundIsForgottenExactly(t *testing.T) {
	gate := governed(t, admission.UnmatchedAllow, topicPolicy(t, "shared", `{enforcement: Deny, rules: [{name: quota, quota: {storage: 3Gi}}]}`))
	judge := admission.ValidateTopic(gate)
	one := func(name, bytes string) *v1alpha1.KafkaTopic {
		return kafkaTopic(shop, name, partitions(1), func(t *v1alpha1.KafkaTopic) { t.Spec.Replicas = new(int64(1)) }, configured("retention.bytes", bytes))
	}
	ask := func() string {
		return reasons(judge(t.Context(), dry(request(t, admissionv1.Create, nil, one("new", "1073741824")))))
	}
	gate.Policies.Show(t, one("a", "1073741824"), one("b", "-1"), one("c", "-1"))
	assert.Equal(t, "QuotaExceeded", ask(), "the others have no bound")
	gate.Policies.Hide(one("b", ""), one("c", ""))
	assert.Empty(t, ask())
	huge := one("huge", "9223372036854775807")
	gate.Policies.Show(t, huge, kafkaTopic(shop, "also-huge", partitions(9223372036854775807)))
	assert.Equal(t, "QuotaExceeded", ask(), "what does not fit into numbers is too much")
	gate.Policies.Hide(huge, kafkaTopic(shop, "also-huge"))
	assert.Empty(t, ask(), "and is forgotten exactly, too")
	gate.Policies.Show(t, one("b", `"2147483648"`))
	assert.Equal(t, "QuotaExceeded", ask(), "the cache keeps what storage is counted by")
}

func TestATopicCountsByTheDefaultThatItWasCreatedWith(t *testing.T) {
	gate := governed(t, admission.UnmatchedAllow, topicPolicy(t, "shared", `{enforcement: Deny, defaults: {config: {retention.bytes: 1073741824}}, rules: [{name: quota, quota: {storage: 3Gi}}]}`))
	small := func(t *v1alpha1.KafkaTopic) { t.Spec.Partitions, t.Spec.Replicas = new(int64(1)), new(int64(1)) }
	created := kafkaTopic(shop, "created", small, owning("t-created"), func(t *v1alpha1.KafkaTopic) { t.Status.DefaultedConfig = []string{"retention.bytes"} })
	gate.Policies.Show(t, created)
	judge := admission.ValidateTopic(gate)
	ask := func() string {
		return reasons(judge(t.Context(), dry(request(t, admissionv1.Create, nil, kafkaTopic(shop, "new", small)))))
	}
	assert.Empty(t, ask())
	gate.Policies.Show(t, kafkaTopic(shop, "older", small, owning("t-older")))
	assert.Equal(t, "QuotaExceeded", ask(), "what was there before the default has no bound")
}
