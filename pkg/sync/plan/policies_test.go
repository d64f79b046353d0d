package plan_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

// compiledOnce keeps sets by their YAML: thousands of random inputs share a few.
var compiledOnce sync.Map

// policies compiles the YAML of one TopicPolicy's spec.
func policies(spec string) *policy.Set {
	if known, ok := compiledOnce.Load(spec); ok {
		return known.(*policy.Set)
	}
	made := compilePolicies(spec)
	compiledOnce.Store(spec, made)
	return made
}

func compilePolicies(spec string) *policy.Set {
	object := &v1alpha1.TopicPolicy{}
	object.Name = "shared"
	if err := yaml.UnmarshalStrict([]byte(spec), &object.Spec); err != nil {
		return nil
	}
	compiled, _, _ := policy.Compile(object)
	return policy.NewSet([]*policy.Policy{compiled}, nil)
}

const (
	mostTopics     = 2
	mostPartitions = 6
)

func randomPolicies(rng *rand.Rand) *policy.Set {
	return policies(fmt.Sprintf(`
enforcement: Deny
rules:
- {name: quota, quota: {topics: %d, partitions: %d}}
- {name: retention, enforcement: %s, config: [{key: retention.ms, max: 10m}]}
defaults: {partitions: %d, config: {compression.type: lz4}}
`, mostTopics, mostPartitions, oneOf(rng, "Deny", "Warn", "Audit"), 1+rng.IntN(3)))
}

// withinQuotas carries a plan out: whoever was given anything has no more than the quota then, in sum over the namespace.
func withinQuotas(t *testing.T, rng *rand.Rand, in plan.Input) {
	in.Cluster.DefaultPartitions, in.Cluster.ConfigDefaults = 1, map[string]string{}
	in.Policies = randomPolicies(rng)
	for range 4 {
		decided := plan.Compute(in)
		given := map[string]bool{}
		owners := maps.Clone(decided.Owners)
		for _, action := range decided.Actions {
			switch a := action.(type) {
			case plan.Create:
				given[a.Ref.Namespace], owners[a.Name] = true, a.Ref
			case plan.Grow:
				given[a.Ref.Namespace] = true
			case plan.AddFinalizer, plan.Alter, plan.Delete, plan.Release:
			}
		}
		before := in
		in = carriedOut(in, decided)
		used := map[string]policy.Usage{}
		for name, ref := range owners {
			if live, there := in.Snapshot.Topics[name]; there {
				used[ref.Namespace] = used[ref.Namespace].Add(policy.Usage{Topics: 1, Partitions: live.Partitions})
			}
		}
		for namespace := range given {
			require.LessOrEqual(t, used[namespace].Topics, int64(mostTopics), "%s: %v\n%s", namespace, decided.Actions, spell(before, owners))
			require.LessOrEqual(t, used[namespace].Partitions, int64(mostPartitions), "%s: %v\n%s", namespace, decided.Actions, spell(before, owners))
		}
	}
}

// spell is what a plan was made from, for whoever has to find out why it was wrong.
func spell(in plan.Input, owners map[string]topic.Ref) string {
	text := fmt.Sprintln("owners", owners)
	for _, o := range in.Objects {
		text += fmt.Sprintf("%s %q deleting=%v id=%q admitted=%v adopts=%v created=%s config=%v\n", o.Ref, o.TopicName, o.Deleting, o.Recorded.TopicID,
			o.AdmitsNamespace, o.MayAdopt, o.Ref.Created, o.Config)
	}
	for name, live := range in.Snapshot.Topics {
		text += fmt.Sprintf("on the brokers: %s %s %d, ledger %+v\n", name, live.ID, live.Partitions, in.Ledger[name])
	}
	return text
}

func planned(in plan.Input, spec string) plan.Input {
	in.Cluster, in.Guards.Now, in.Guards.DeletionsLeft = testutil.Cluster(), testutil.Start(), 20
	in.Cluster.DefaultPartitions, in.Cluster.ConfigDefaults = 1, map[string]string{}
	in.Policies = policies(spec)
	if in.Snapshot.Topics == nil {
		in.Snapshot = testutil.Snapshot()
	}
	return in
}

func TestATopicIsMadeWithWhatPoliciesFillIn(t *testing.T) {
	in := planned(plan.Input{Objects: []plan.Object{testutil.Topic("orders").Config("retention.ms", "60000").Planned()}}, `
enforcement: Deny
defaults: {partitions: 6, replicas: 3, config: {retention.ms: 1, min.insync.replicas: 2}}`)
	decided := plan.Compute(in)
	require.Len(t, decided.Actions, 1)
	assert.Equal(t, topic.Creation{
		Name: "orders", Partitions: 6, Replicas: 3, Config: map[string]string{"retention.ms": "60000", "min.insync.replicas": "2"},
	}, decided.Actions[0].(plan.Create).Creation)
}

func TestWhatAPolicyFilledInIsLeftAloneAndIsNoDrift(t *testing.T) {
	live := testutil.Live("orders", 6, 3, "retention.ms", "60000", "min.insync.replicas", "2")
	object := testutil.Topic("orders").Config("retention.ms", "60000").Planned()
	ledger := map[string]topic.Entry{"orders": {Name: "orders", TopicID: live.ID, Owner: object.Ref}}
	for name, c := range map[string]struct {
		spec     string
		recorded topic.Recorded
		drift    []string
	}{
		"before the first status, by the default of now": {`{enforcement: Deny, defaults: {config: {min.insync.replicas: 2}}}`, topic.Recorded{}, nil},
		"by the status, whatever the default is now": {
			`{enforcement: Deny, defaults: {config: {min.insync.replicas: 1}}}`,
			topic.Recorded{TopicID: live.ID, ManagedConfig: []string{"retention.ms"}, DefaultedConfig: []string{"min.insync.replicas"}},
			nil,
		},
		"what nobody filled in is drift": {
			`{enforcement: Deny, defaults: {partitions: 1}}`,
			topic.Recorded{TopicID: live.ID, ManagedConfig: []string{"retention.ms"}},
			[]string{"min.insync.replicas"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			object.Recorded = c.recorded
			in := planned(plan.Input{Objects: []plan.Object{object}, Snapshot: testutil.Snapshot(live), Ledger: ledger}, c.spec)
			in.Guards.ResetUnlisted = false
			decided := plan.Compute(in)
			require.Empty(t, decided.Actions)
			require.Len(t, decided.Settled, 1)
			assert.Equal(t, c.drift, decided.Settled[0].Unlisted)
			assert.Equal(t, len(c.drift) == 0, len(decided.Settled[0].Defaulted) == 1)
		})
	}
}

func TestOfTwoThatExceedAQuotaTogetherTheOlderIsMade(t *testing.T) {
	young := testutil.Topic("a").Object("shop/a").Partitions(4).Age(1).Planned()
	old := testutil.Topic("b").Object("shop/b").Partitions(4).Age(2).Planned()
	elsewhere := testutil.Topic("c").Object("other/c").Partitions(4).Age(1).Planned()
	in := planned(plan.Input{Objects: []plan.Object{young, old, elsewhere}}, `{enforcement: Deny, rules: [{name: quota, quota: {partitions: 6}}]}`)
	decided := plan.Compute(in)
	var made []string
	for _, action := range decided.Actions {
		made = append(made, action.(plan.Create).Name)
	}
	assert.Equal(t, []string{"b", "c"}, made)
	require.Len(t, decided.Refusals, 1)
	assert.Equal(t, topic.QuotaExceeded, decided.Refusals[0].Reason)
	assert.Contains(t, decided.Refusals[0].Message, "requested: partitions=4, used: 4, limited: 6")
}

func TestAPolicyProtectsWhatTheClusterDoesNot(t *testing.T) {
	for name, c := range map[string]struct {
		protect string
		usage   topic.Usage
		kept    bool
	}{
		"with records, while not empty":  {"WhenNotEmpty", topic.Usage{Known: true, Records: 1}, true},
		"with readers, while not empty":  {"WhenNotEmpty", topic.Usage{Known: true, Groups: []string{"g"}}, false},
		"with readers, while consumed":   {"WhenConsumed", topic.Usage{Known: true, Groups: []string{"g"}}, true},
		"with records, while consumed":   {"WhenConsumed", topic.Usage{Known: true, Records: 1}, false},
		"idle, always":                   {"Always", topic.Usage{Known: true}, true},
		"idle, while in use":             {"InUse", topic.Usage{Known: true}, false},
		"when nobody knows, while empty": {"WhenNotEmpty", topic.Usage{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			object := testutil.Topic("orders").Deletion(topic.Delete).Finalized().Deleting().Parent(plan.ParentAlive).Usage(c.usage).Synced("id-orders").Planned()
			in := planned(plan.Input{Objects: []plan.Object{object}, Snapshot: testutil.Snapshot(testutil.Live("orders", 1, 1))},
				`{enforcement: Deny, rules: [{name: deletion, deletion: {protect: `+c.protect+`}}]}`)
			in.Cluster.Protection = "None"
			decided := plan.Compute(in)
			assert.Equal(t, c.kept, len(decided.Actions) == 0, "%v", decided.Refusals)
		})
	}
}

func TestWhatATopicBreaksAndIsLetIsCountedAndTold(t *testing.T) {
	object := testutil.Topic("orders").Partitions(9).Synced("id-orders").Planned()
	in := planned(plan.Input{Objects: []plan.Object{object}, Snapshot: testutil.Snapshot(testutil.Live("orders", 9, 3))}, `
enforcement: Deny
rules:
- {name: few, partitions: {max: 6}}
- {name: even, enforcement: Audit, partitions: {multipleOf: 2}}`)
	decided := plan.Compute(in)
	require.Len(t, decided.Settled, 1)
	assert.Equal(t, []string{"partitions breaks shared/even (Audit)", "partitions breaks shared/few (Grandfathered)"}, decided.Settled[0].Breaks)
	assert.Equal(t, map[string]policy.Counts{"shared": {Topics: 1, Deny: 1, Audit: 1}}, decided.Policies)
}
