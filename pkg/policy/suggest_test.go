package policy_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
)

func TestASuggestedNameIsTheOneThatWasMeant(t *testing.T) {
	for name, c := range map[string]struct{ rule, written, suggested string }{
		"another spelling":            {`{template: "{{namespace}}.<entity>.v<int>"}`, "Orders_v1", `"payments.orders.v1"`},
		"the namespace is there":      {`{template: "{{namespace}}.<entity>.v<int>"}`, "payments-orders", `"payments.orders.v1"`},
		"two words for one":           {`{template: "{{namespace}}.<entity>.v<int>"}`, "paymentsOrderItems.v12", `"payments.order-items.v12"`},
		"a label in the name":         {`{template: "{{namespaceLabel:team}}.<entity>"}`, "orders", `"pay.orders"`},
		"two placeholders":            {`{template: "<domain>.<entity>"}`, "billing_invoice", `"billing.invoice"`},
		"a prefix":                    {`{prefixes: [pay-], maxLength: 20}`, "orders", `"pay-orders"`},
		"a suffix":                    {`{suffixes: [.v1]}`, "orders", `"orders.v1"`},
		"too long":                    {`{maxLength: 6}`, "orders-of-all", `"orders"`},
		"nothing to begin with":       {`{template: "{{namespace}}.<entity>"}`, "123", ""},
		"no pattern can be turned":    {`{anyOf: ["[a-z]{3}"]}`, "orders", ""},
		"what would be reserved":      {`{prefixes: [__]}`, "orders", ""},
		"the template and the prefix": {`{template: "<entity>-v<int>", prefixes: [pay]}`, "Orders", ""},
	} {
		t.Run(name, func(t *testing.T) {
			set := policy.NewSet([]*policy.Policy{compiled(t, "p", `{enforcement: Deny, rules: [{name: r, topicName: `+c.rule+`}]}`)}, nil)
			result := set.Evaluate(input(t, `{spec: {topicName: "`+c.written+`"}}`))
			require.NotEmpty(t, result.Violations)
			assert.Equal(t, c.suggested, result.Violations[0].Suggestion)
		})
	}
}

// TestWhatIsSuggestedKeepsEveryRuleOfEveryPolicy writes every suggestion into the topic and judges it again.
func TestWhatIsSuggestedKeepsEveryRuleOfEveryPolicy(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 11))
	suggested := 0
	for range 1000 {
		set := randomSet(t, random)
		in := input(t, randomTopic(random))
		before := set.Evaluate(in)
		helped := map[topic.Field]bool{}
		for _, v := range before.Violations {
			if v.Suggestion != "" && !helped[v.Field] {
				helped[v.Field] = true
				write(t, &in.New, v)
			}
		}
		suggested += len(helped)
		for _, v := range set.Evaluate(in).Violations {
			assert.False(t, helped[v.Field], "%s\nafter %v", v.Text(), says(before.Violations))
		}
		if t.Failed() {
			return
		}
	}
	assert.Greater(t, suggested, 700)
}

// write puts a suggestion into a topic.
func write(t *testing.T, declared *topic.Declared, v topic.Violation) {
	t.Helper()
	text := v.Suggestion
	if unquoted, err := strconv.Unquote(text); err == nil {
		text = unquoted
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch v.Field {
	case topic.Of(topic.KindTopicName):
		declared.TopicName = text
	case topic.Of(topic.KindPartitions):
		require.NoError(t, err)
		declared.Partitions = &n
	case topic.Of(topic.KindReplicas):
		require.NoError(t, err)
		declared.Replicas = &n
	default:
		require.Equal(t, topic.KindConfig, v.Field.Kind())
		declared.Config[v.Field.Key()] = topic.Value{Text: text}
	}
}

// randomSet is one to four policies, each of a few random rules that compile by themselves; they may contradict each other.
func randomSet(t *testing.T, random *rand.Rand) *policy.Set {
	t.Helper()
	rules := []func() string{
		func() string { return fmt.Sprintf(`partitions: {min: %d}`, 1+random.IntN(12)) },
		func() string { return fmt.Sprintf(`partitions: {max: %d}`, 1+random.IntN(60)) },
		func() string { return fmt.Sprintf(`partitions: {multipleOf: %d}`, 1+random.IntN(7)) },
		func() string { return `partitions: {powerOfTwo: true}` },
		func() string { return fmt.Sprintf(`replication: {min: %d, atMostBrokers: true}`, 1+random.IntN(3)) },
		func() string {
			return fmt.Sprintf(`replication: {oneOf: [%d, %d]}`, 1+random.IntN(3), 3+random.IntN(3))
		},
		func() string {
			return fmt.Sprintf(`replication: {minInsyncReplicas: {min: %d, maxRelativeToReplicas: -1}}`, 1+random.IntN(3))
		},
		func() string { return fmt.Sprintf(`config: [{key: retention.ms, min: %dh}]`, 1+random.IntN(48)) },
		func() string { return fmt.Sprintf(`config: [{key: retention.ms, max: %dh}]`, 1+random.IntN(480)) },
		func() string { return `config: [{key: retention.ms, required: true, oneOf: ["3600000", "86400000"]}]` },
		func() string {
			return `config: [{key: cleanup.policy, oneOf: [compact, delete]}, {key: compression.type, pattern: "z.*|producer"}]`
		},
		func() string {
			return fmt.Sprintf(`quota: {partitions: %d, replicas: %d}`, 1+random.IntN(60), 1+random.IntN(180))
		},
		func() string { return `topicName: {template: "{{namespace}}.<entity>"}` },
		func() string { return `topicName: {prefixes: [payments.], maxLength: 20}` },
		func() string { return `topicName: {anyOf: ["[a-z.-]+"]}` },
		func() string { return `cel: {field: spec.partitions, expression: "topic.partitions < 40"}` },
		func() string {
			return `cel: {expression: "topic.partitions * topic.replicas <= 90", message: too much}`
		},
	}
	var policies []*policy.Policy
	for p := range 1 + random.IntN(4) {
		var texts []string
		for i := range 1 + random.IntN(4) {
			texts = append(texts, fmt.Sprintf("{name: r%d, %s}", i, rules[random.IntN(len(rules))]()))
		}
		object := &v1alpha1.TopicPolicy{Spec: *parse[v1alpha1.TopicPolicySpec](t, "{enforcement: Deny, rules: ["+strings.Join(texts, ", ")+"]}")}
		object.Name = fmt.Sprint("p", p)
		c, problems, _ := policy.Compile(object)
		require.Empty(t, problems, texts)
		policies = append(policies, c)
	}
	return policy.NewSet(policies, nil)
}

func randomTopic(random *rand.Rand) string {
	pick := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	return fmt.Sprintf(`{spec: {topicName: "%s", partitions: %d, replicas: %d, config: {retention.ms: %s, cleanup.policy: %s, compression.type: %s, min.insync.replicas: %d}}}`,
		pick("Orders_v1", "payments.orders", "ORDERS", "a", "legacy-topic-with-a-long-name", "o.r.d.e.r.s"),
		1+random.IntN(100), 1+random.IntN(6), pick("-1", "60000", "604800000", "99999999999"), pick("delete", "compact", `"compact,delete"`),
		pick("producer", "lz4", "gzip"), 1+random.IntN(4))
}

func FuzzNamesAndTemplates(f *testing.F) {
	f.Add("{{namespace}}.<entity>.v<int>", "Orders_v1")
	f.Add("<a><b><c>", "abc")
	f.Add("{{label:x}}", "")
	f.Fuzz(func(t *testing.T, template, name string) {
		object := &v1alpha1.TopicPolicy{Spec: v1alpha1.TopicPolicySpec{
			Enforcement: v1alpha1.EnforcementDeny,
			Rules:       []v1alpha1.PolicyRule{{Name: "r", TopicName: &v1alpha1.TopicNameRule{Template: template}}},
		}}
		compiled, problems, _ := policy.Compile(object)
		set := policy.NewSet([]*policy.Policy{compiled}, nil)
		in := input(t, `{}`)
		in.New.TopicName = name
		for _, v := range set.Evaluate(in).Violations {
			if len(problems) > 0 || v.Suggestion == "" {
				continue
			}
			suggestion, err := strconv.Unquote(v.Suggestion)
			require.NoError(t, err)
			in.New.TopicName = suggestion
			require.Empty(t, set.Evaluate(in).Violations)
		}
	})
}
