package policy_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/pkg/policy"
)

func TestPoliciesThatNoTopicSatisfiesAreFound(t *testing.T) {
	for name, c := range map[string]struct {
		a, b string
		says []string
	}{
		"at least against at most": {
			`{enforcement: Deny, rules: [{name: low, partitions: {min: 12}}]}`, `{enforcement: Deny, rules: [{name: high, partitions: {max: 6}}]}`,
			[]string{
				"a/low: partitions: at least 12 of a/low and at most 6 of b/high contradict each other, so that no topic satisfies both",
				"b/high: partitions: at least 12 of a/low and at most 6 of b/high contradict each other, so that no topic satisfies both",
			},
		},
		"multiples that the other's range has none of": {
			`{enforcement: Deny, rules: [{name: r, partitions: {multipleOf: 7}}]}`, `{enforcement: Deny, rules: [{name: r, partitions: {min: 1, max: 6}}]}`,
			[]string{
				"a/r: partitions: a multiple of 7 of a/r and at least 1, at most 6 of b/r contradict each other, so that no topic satisfies both",
				"b/r: partitions: a multiple of 7 of a/r and at least 1, at most 6 of b/r contradict each other, so that no topic satisfies both",
			},
		},
		"required against denied": {
			`{enforcement: Deny, rules: [{name: r, config: [{key: retention.ms, required: true}]}]}`, `{enforcement: Deny, rules: [{name: k, configKeys: {deny: ["retention.*"]}}]}`,
			[]string{"a/r: retention.ms: a/r wants it set, and b/k lets nobody set it", "b/k: retention.ms: a/r wants it set, and b/k lets nobody set it"},
		},
		"values with nothing in common": {
			`{enforcement: Deny, rules: [{name: r, config: [{key: cleanup.policy, oneOf: [delete]}]}]}`, `{enforcement: Deny, rules: [{name: r, config: [{key: cleanup.policy, oneOf: [compact]}]}]}`,
			[]string{"a/r: cleanup.policy: a/r and b/r allow no value in common", "b/r: cleanup.policy: a/r and b/r allow no value in common"},
		},
		"more replicas than brokers": {
			`{enforcement: Deny, rules: [{name: r, replication: {min: 5}}]}`, `{enforcement: Deny, match: {clusters: [other]}, rules: [{name: r, replication: {min: 7}}]}`,
			[]string{"a/r: a/r wants at least 5 replicas, and KafkaCluster prod-a has 3 live brokers"},
		},
		"more racks than there are": {
			`{enforcement: Deny, rules: [{name: r, replication: {minRacks: 3}}]}`, `{enforcement: Deny, rules: [{name: r, partitions: {min: 1}}]}`,
			[]string{"a/r: a/r wants 3 racks, and the brokers of KafkaCluster prod-a have 2"},
		},
		"defaults of different priority": {
			`{enforcement: Deny, priority: 1, defaults: {partitions: 3}}`, `{enforcement: Deny, priority: 9, defaults: {partitions: 6}}`,
			[]string{"a/: partitions: the default of TopicPolicy b wins over that of a, by its priority or name"},
		},
		"a rule that only warns": {
			`{enforcement: Warn, rules: [{name: low, partitions: {min: 12}}]}`, `{enforcement: Deny, rules: [{name: high, partitions: {max: 6}}]}`, nil,
		},
		"different clusters": {
			`{enforcement: Deny, match: {clusters: ["prod-*"]}, rules: [{name: low, partitions: {min: 12}}]}`,
			`{enforcement: Deny, match: {clusters: ["dev-*"]}, rules: [{name: high, partitions: {max: 6}}]}`, nil,
		},
		"different values of a namespace's label": {
			`{enforcement: Deny, match: {namespaceSelector: {matchLabels: {tier: prod}}}, rules: [{name: low, partitions: {min: 12}}]}`,
			`{enforcement: Deny, match: {namespaceSelector: {matchExpressions: [{key: tier, operator: In, values: [dev, test]}]}}, rules: [{name: high, partitions: {max: 6}}]}`, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			set := policy.NewSet([]*policy.Policy{compiled(t, "a", c.a), compiled(t, "b", c.b)}, nil)
			var says []string
			for _, found := range set.Contradictions([]policy.Cluster{{Name: "prod-a", Brokers: 3, Racks: 2}, {Name: "never-seen"}}) {
				says = append(says, fmt.Sprintf("%s/%s: %s", found.Policy, found.Rule, found.Message))
			}
			assert.Equal(t, c.says, says)
		})
	}
}
