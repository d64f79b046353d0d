package policy_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
)

func TestAnExpressionThatCostsTooMuchIsStoppedAndUndecided(t *testing.T) {
	all := "[0,1,2,3,4,5,6,7,8,9]"
	costly := fmt.Sprintf("%s.all(a, %s.all(b, %s.all(c, %s.all(d, %s.all(e, %s.all(f, a+b+c+d+e+f >= 0))))))", all, all, all, all, all, all)
	set := policy.NewSet([]*policy.Policy{compiled(t, "p", `{enforcement: Deny, rules: [{name: costly, cel: {expression: "`+costly+`"}}, {name: partitions, partitions: {max: 3}}]}`)}, nil)
	result := set.Evaluate(input(t, `{spec: {partitions: 4}}`))
	require.Len(t, result.Violations, 2, "the other rules are judged all the same")
	assert.Equal(t, []string{"p/partitions"}, result.Violations[0].Rules)
	assert.Contains(t, result.Violations[1].Text(), "could not be judged: its expression failed: operation cancelled: actual cost limit exceeded")
}

func TestManyCostlyExpressionsShareOneBudget(t *testing.T) {
	all := "[0,1,2,3,4,5,6,7,8,9]"
	costly := fmt.Sprintf("%s.all(a, %s.all(b, %s.all(c, %s.all(d, a+b+c+d >= 0))))", all, all, all, all)
	object := &v1alpha1.TopicPolicy{Spec: v1alpha1.TopicPolicySpec{Enforcement: v1alpha1.EnforcementDeny}}
	for i := range 150 {
		object.Spec.Rules = append(object.Spec.Rules, v1alpha1.PolicyRule{Name: fmt.Sprintf("r%d", i), CEL: &v1alpha1.CELRule{Expression: costly}})
	}
	p, problems, _ := policy.Compile(object)
	require.Empty(t, problems)
	result := policy.NewSet([]*policy.Policy{p}, nil).Evaluate(input(t, `{}`))
	require.NotEmpty(t, result.Undecided)
	assert.Less(t, len(result.Undecided), 150, "the first ones could be paid for")
	assert.Contains(t, result.Undecided[0].Why, "together cost too much for one topic")
}

func TestWhatARuleNeedsAndNobodyKnowsLeavesItUndecided(t *testing.T) {
	for name, c := range map[string]struct {
		rule   string
		forget func(*policy.Facts)
		says   string
	}{
		"the brokers' number of partitions": {`partitions: {max: 3}`, func(f *policy.Facts) { f.Cluster.DefaultPartitions = 0 }, "the number of partitions is left to the brokers"},
		"the brokers' number of replicas":   {`replication: {min: 3}`, func(f *policy.Facts) { f.Cluster.DefaultReplicas = 0 }, "the number of replicas is left to the brokers"},
		"how many brokers there are":        {`replication: {atMostBrokers: true}`, func(f *policy.Facts) { f.Cluster.Brokers = 0 }, "the brokers were never seen"},
		"whether there still are so many":   {`replication: {atMostRacks: true}`, func(f *policy.Facts) { f.Cluster.Stale = "facts 3 h old" }, "the brokers were not seen lately: facts 3 h old"},
		"the brokers' own retention":        {`config: [{key: retention.ms, max: 1h}]`, func(f *policy.Facts) { f.Cluster.ConfigDefaults = nil }, "retention.ms is left to the brokers"},
		"what the namespace has":            {`quota: {topics: 1}`, func(f *policy.Facts) { f.Usage = nil }, "what the namespace has already is not known"},
		"the namespace's labels":            {`topicName: {template: "{{namespaceLabel:team}}.<entity>"}`, func(f *policy.Facts) { f.Namespace.Known = false }, "the labels of namespace payments are not known"},
		"what an expression reads":          {`cel: {expression: "cluster.racks > 1"}`, func(f *policy.Facts) { f.Cluster.Stale = "facts 3 h old" }, "the brokers were not seen lately"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, failure := range []string{"Fail", "Ignore"} {
				set := policy.NewSet([]*policy.Policy{compiled(t, "p", `{enforcement: Deny, failurePolicy: `+failure+`, rules: [{name: r, `+c.rule+`}]}`)}, nil)
				in := input(t, `{}`)
				c.forget(&in.Facts)
				result := set.Evaluate(in)
				told := result.Warnings
				if failure == "Fail" {
					told = result.Violations
				}
				require.Len(t, told, 1)
				assert.Contains(t, told[0].Text(), "could not be judged: "+c.says)
				assert.Len(t, result.Undecided, 1)
			}
		})
	}
}

func TestAThousandRulesAndFiveHundredPoliciesAreJudgedWhole(t *testing.T) {
	rules := &v1alpha1.TopicPolicy{Spec: v1alpha1.TopicPolicySpec{Enforcement: v1alpha1.EnforcementDeny}}
	rules.Name = "rules"
	for i := range 1000 {
		most := int64(i + 1)
		rules.Spec.Rules = append(rules.Spec.Rules, v1alpha1.PolicyRule{Name: fmt.Sprintf("r%d", i), Partitions: &v1alpha1.PartitionsRule{Max: &most}})
	}
	p, problems, _ := policy.Compile(rules)
	require.Empty(t, problems)
	result := policy.NewSet([]*policy.Policy{p}, nil).Evaluate(input(t, `{spec: {partitions: 501}}`))
	assert.Len(t, result.Violations, 500)
	assert.Equal(t, []string{"rules/r0"}, result.Violations[0].Rules, "the tightest limit first")
	assert.Equal(t, "1", result.Violations[0].Suggestion)

	var many []*policy.Policy
	for i := range 500 {
		many = append(many, compiled(t, fmt.Sprintf("p%03d", i), sharedProd))
	}
	set := policy.NewSet(many, nil)
	in := input(t, `{metadata: {labels: {owner: pay}}, spec: {topicName: payments.orders.v1, partitions: 61, replicas: 3, config: {retention.ms: 604800000, min.insync.replicas: 2}}}`)
	result = set.Evaluate(in)
	assert.Len(t, result.Matched, 500)
	require.Len(t, result.Violations, 2, "the same limit of 500 policies is one violation")
	assert.Len(t, result.Violations[0].Rules, 500)
	assert.Empty(t, set.Contradictions(nil))
}

func TestWhatIsAdmittedCostsLittleMemory(t *testing.T) {
	set := fifty(t)
	in := input(t, `{metadata: {labels: {owner: pay}}, spec: {topicName: payments.orders.v1, partitions: 6, replicas: 3, config: {retention.ms: 604800000, min.insync.replicas: 2}}}`)
	require.Empty(t, says(set.Evaluate(in).Violations))
	assert.Less(t, testing.AllocsPerRun(20, func() { set.Evaluate(in) }), 400.0, "of which the four expressions in CEL take nearly all")
}

// fifty are policies as a platform team would have them: each with the typed rules of shared-prod, of which three match.
func fifty(tb testing.TB) *policy.Set {
	policies := make([]*policy.Policy, 50)
	for i := range policies {
		spec := parse[v1alpha1.TopicPolicySpec](tb, sharedProd)
		if i%16 != 0 {
			spec.Match.NamespaceSelector.MatchLabels["kafka-tier"] = fmt.Sprint("tier-", i)
		}
		object := &v1alpha1.TopicPolicy{Spec: *spec}
		object.Name = fmt.Sprintf("shared-%02d", i)
		p, problems, _ := policy.Compile(object)
		require.Empty(tb, problems)
		policies[i] = p
	}
	return policy.NewSet(policies, nil)
}

// BenchmarkEvaluateAllMatching is about 50 policies of five typed rules each that all speak of the topic.
func BenchmarkEvaluateAllMatching(b *testing.B) {
	var policies []*policy.Policy
	for i := range 50 {
		policies = append(policies, compiled(b, fmt.Sprintf("p%02d", i), fmt.Sprintf(`{enforcement: Deny, match: {clusters: [prod-*], topicNames: [payments.*]}, rules: [
			{name: name, topicName: {anyOf: ["payments[.].*"], maxLength: %d}}, {name: count, partitions: {min: 1, max: %d}},
			{name: copies, replication: {max: %d}}, {name: retention, config: [{key: retention.ms, max: 400d}]}, {name: team, metadata: {labels: [{key: owner, pattern: "[a-z]+"}]}}]}`,
			100+i, 100+i, 100+i)))
	}
	set := policy.NewSet(policies, nil)
	in := input(b, `{metadata: {labels: {owner: pay}}, spec: {topicName: payments.orders.v1, partitions: 6, replicas: 3, config: {retention.ms: 604800000}}}`)
	require.Empty(b, says(set.Evaluate(in).Violations))
	b.ReportAllocs()
	for b.Loop() {
		set.Evaluate(in)
	}
}

func BenchmarkEvaluate(b *testing.B) {
	set := fifty(b)
	for name, manifest := range map[string]string{
		"admitted": `{metadata: {labels: {owner: pay}}, spec: {topicName: payments.orders.v1, partitions: 6, replicas: 3, config: {retention.ms: 604800000, min.insync.replicas: 2}}}`,
		"refused":  `{metadata: {labels: {data: pii}}, spec: {topicName: Orders_v1, partitions: 500, replicas: 2, config: {retention.ms: -1}}}`,
	} {
		b.Run(name, func(b *testing.B) {
			in := input(b, manifest)
			if name == "admitted" {
				require.Empty(b, says(set.Evaluate(in).Violations))
			}
			b.ReportAllocs()
			for b.Loop() {
				set.Evaluate(in)
			}
		})
	}
}
