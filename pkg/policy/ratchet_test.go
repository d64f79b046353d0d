package policy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
)

const tightened = `
enforcement: Deny
rules:
- name: naming
  topicName: {template: "{{namespace}}.<entity>"}
- name: partitions
  partitions: {min: 3, max: 12, maxGrowthPercent: 100}
- name: retention
  config: [{key: retention.ms, max: 7d}, {key: compression.type, oneOf: [producer]}]
- name: owner
  metadata: {labels: [{key: owner, pattern: "[a-z]+"}]}
- name: quota
  quota: {partitions: 10}
- name: cel
  cel: {expression: "topic.partitions % 2 == 0", message: must be even}
`

func TestWhatWasThereBeforeMayStayAndMayNotGetWorse(t *testing.T) {
	old := `{metadata: {labels: {owner: A1}}, spec: {topicName: legacy, partitions: 25, config: {retention.ms: 30000000000, compression.type: lz4}}}`
	for name, c := range map[string]struct {
		changed string
		refused []string
	}{
		"nothing changes": {old, nil},
		"a label is added": {
			`{metadata: {labels: {owner: A1, tier: gold}}, spec: {topicName: legacy, partitions: 25, config: {retention.ms: 30000000000, compression.type: lz4}}}`, nil,
		},
		"retention gets better, and is still too long": {
			`{metadata: {labels: {owner: A1}}, spec: {topicName: legacy, partitions: 25, config: {retention.ms: 20000000000, compression.type: lz4}}}`, nil,
		},
		"retention gets worse": {
			`{metadata: {labels: {owner: A1}}, spec: {topicName: legacy, partitions: 25, config: {retention.ms: 40000000000, compression.type: lz4}}}`, []string{"p/retention"},
		},
		"retention becomes unlimited": {
			`{metadata: {labels: {owner: A1}}, spec: {topicName: legacy, partitions: 25, config: {retention.ms: -1, compression.type: lz4}}}`, []string{"p/retention"},
		},
		"compression becomes another wrong one": {
			`{metadata: {labels: {owner: A1}}, spec: {topicName: legacy, partitions: 25, config: {retention.ms: 30000000000, compression.type: gzip}}}`, []string{"p/retention"},
		},
		"the owner's label is dropped": {
			`{metadata: {labels: {}}, spec: {topicName: legacy, partitions: 25, config: {retention.ms: 30000000000, compression.type: lz4}}}`, []string{"p/owner"},
		},
		"the owner's label becomes another wrong one": {
			`{metadata: {labels: {owner: B2}}, spec: {topicName: legacy, partitions: 25, config: {retention.ms: 30000000000, compression.type: lz4}}}`, []string{"p/owner"},
		},
		"more partitions": {
			`{metadata: {labels: {owner: A1}}, spec: {topicName: legacy, partitions: 27, config: {retention.ms: 30000000000, compression.type: lz4}}}`, []string{"p/partitions", "p/quota"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			set := policy.NewSet([]*policy.Policy{compiled(t, "p", tightened)}, nil)
			in := input(t, c.changed)
			before := declared(t, old)
			in.Old = &before
			assert.ElementsMatch(t, c.refused, rulesOf(set.Evaluate(in).Violations))
		})
	}
}

// rulesOf are the rules that refuse, each once.
func rulesOf(violations []topic.Violation) []string {
	var rules []string
	seen := map[string]bool{}
	for _, v := range violations {
		for _, rule := range v.Rules {
			if !seen[rule] {
				rules = append(rules, rule)
			}
			seen[rule] = true
		}
	}
	return rules
}

func TestWhatIsOnTheBrokersMayBeDeclaredAsItIs(t *testing.T) {
	set := policy.NewSet([]*policy.Policy{compiled(t, "p", tightened)}, nil)
	in := input(t, `{metadata: {labels: {owner: pay}}, spec: {topicName: legacy, partitions: 24, config: {retention.ms: 30000000000}}}`)
	in.Facts.Live = &topic.Observed{Name: "legacy", Partitions: 24, Replicas: 3, Config: map[string]string{"retention.ms": "30000000000"}, ConfigKnown: true}
	found := in.New
	in.Old, in.Found = &found, true
	assert.Empty(t, says(set.Evaluate(in).Violations))

	in.New.Labels = nil
	found.Labels = nil
	assert.Equal(t, []string{"p/owner"}, rulesOf(set.Evaluate(in).Violations), "brokers know no labels, so there is nothing from before")
}

func TestOneChangeMayNotGrowATopicTooMuchAndTwoInARowAreOne(t *testing.T) {
	set := policy.NewSet([]*policy.Policy{compiled(t, "p", `{enforcement: Deny, rules: [{name: growth, partitions: {maxGrowthPercent: 50, maxGrowth: 4}}]}`)}, nil)
	for name, c := range map[string]struct {
		old, now string
		live     int64
		refused  bool
	}{
		"within both":                          {"10", "14", 10, false},
		"too many at once":                     {"10", "15", 10, true},
		"too many percent":                     {"4", "7", 4, true},
		"before the syncer has acted":          {"14", "18", 10, true},
		"after the syncer has acted":           {"14", "18", 14, false},
		"where nothing is known of the topic":  {"10", "15", 0, true},
		"back to fewer, which others refuse":   {"10", "5", 10, false},
		"as many as before, which is too many": {"100", "100", 10, true},
	} {
		t.Run(name, func(t *testing.T) {
			in := input(t, `{spec: {partitions: `+c.now+`}}`)
			before := declared(t, `{spec: {partitions: `+c.old+`}}`)
			in.Old = &before
			if c.live > 0 {
				in.Facts.Live = &topic.Observed{Name: "orders", Partitions: c.live, Replicas: 3}
			}
			assert.Equal(t, c.refused, len(set.Evaluate(in).Violations) > 0)
		})
	}
}

func TestWhatCannotBeJudgedHoldsUpNoChangeOfSomethingElse(t *testing.T) {
	object := &v1alpha1.TopicPolicy{Spec: *parse[v1alpha1.TopicPolicySpec](t, `{enforcement: Deny, rules: [
		{name: brokers, replication: {atMostBrokers: true}}, {name: broken, topicName: {anyOf: ["("]}}, {name: count, partitions: {max: 6}}]}`)}
	object.Name = "p"
	compiled, _, _ := policy.Compile(object)
	set := policy.NewSet([]*policy.Policy{compiled}, nil)
	in := input(t, `{metadata: {labels: {owner: pay}}, spec: {partitions: 3, replicas: 3}}`)
	in.Facts.Cluster.Stale = "facts 3 h old"
	assert.ElementsMatch(t, []string{"p/brokers", "p/broken"}, rulesOf(set.Evaluate(in).Violations), "a new topic waits")
	before := declared(t, `{spec: {partitions: 3, replicas: 3}}`)
	in.Old = &before
	result := set.Evaluate(in)
	assert.Empty(t, says(result.Violations))
	assert.Len(t, result.Warnings, 2)
	seven := int64(7)
	in.New.Partitions = &seven
	assert.Equal(t, []string{"p/count"}, rulesOf(set.Evaluate(in).Violations), "what can be judged is")
}
