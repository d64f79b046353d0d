package render_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/render"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// policyOf is a TopicPolicy named p of a spec in YAML.
func policyOf(t *testing.T, spec string) *v1alpha1.TopicPolicy {
	t.Helper()
	policy := &v1alpha1.TopicPolicy{ObjectMeta: metav1.ObjectMeta{Name: "p"}}
	require.NoError(t, yaml.UnmarshalStrict([]byte(spec), &policy.Spec))
	return policy
}

func rendered(t *testing.T, policies ...*v1alpha1.TopicPolicy) render.Static {
	t.Helper()
	static, err := render.TopicPolicies(topicconfig.For(""), policies, nil)
	require.NoError(t, err)
	return static
}

func TestRulesOfOneEnforcementShareAPolicy(t *testing.T) {
	static := rendered(t, policyOf(t, `{enforcement: Warn, failurePolicy: Ignore, match: {namespaceSelector: {matchLabels: {a: b}}}, rules: [
		{name: a, partitions: {max: 3}}, {name: b, enforcement: Deny, partitions: {max: 30}}, {name: c, enforcement: Warn, deletion: {oneOf: [Retain]}}]}`))
	require.Len(t, static.Rendered, 2)
	for name, action := range map[string]admissionv1.ValidationAction{"topicgate-deny-p": admissionv1.Deny, "topicgate-policy-p": admissionv1.Warn} {
		i := 0
		if static.Rendered[1].Policy.Name == name {
			i = 1
		}
		one := static.Rendered[i]
		assert.Equal(t, name, one.Policy.Name)
		assert.Equal(t, name, one.Binding.Spec.PolicyName)
		assert.Equal(t, []admissionv1.ValidationAction{action}, one.Binding.Spec.ValidationActions)
		assert.Equal(t, map[string]string{"a": "b"}, one.Binding.Spec.MatchResources.NamespaceSelector.MatchLabels)
		assert.Equal(t, admissionv1.Ignore, *one.Policy.Spec.FailurePolicy)
		assert.Len(t, one.Policy.Spec.Validations, 1, "the API server tells the first failed one only")
	}
}

func TestWhatTheAPIServerCannotJudgeIsLeftAndSaid(t *testing.T) {
	cases := map[string]struct {
		rule string
		left []string
	}{
		"a quota":                                 {"quota: {topics: 5}", []string{"p/r: quota"}},
		"live brokers":                            {"replication: {atMostBrokers: true}", []string{"p/r: atMostBrokers"}},
		"protection":                              {"deletion: {protect: InUse}", []string{"p/r: protect (InUse)"}},
		"an expression about effective values":    {"cel: {expression: topic.partitions < 5}", []string{"p/r: its expression reads"}},
		"an expression about configs":             {"cel: {expression: \"!has(object.spec.config)\"}", []string{"p/r: its expression reads"}},
		"an expression about a whole spec":        {"cel: {expression: object.spec == oldObject.spec}", []string{"p/r: its expression reads"}},
		"an expression about what only we hide":   {"cel: {expression: object.metadata.generation == 1}", []string{"p/r: its expression reads"}},
		"a message about configs":                 {"cel: {expression: \"false\", messageExpression: string(object.spec.config.size())}", []string{"p/r: its expression reads"}},
		"the form in which fractions are shown":   {"config: [{key: min.cleanable.dirty.ratio, pattern: \"0.*\"}]", []string{"p/r: min.cleanable.dirty.ratio: pattern"}},
		"lists of throttled replicas":             {"config: [{key: leader.replication.throttled.replicas, oneOf: [\"*\"]}]", []string{"p/r: leader.replication.throttled.replicas: oneOf"}},
		"nothing of an expression about the spec": {"cel: {expression: \"oldObject == null || object.spec.partitions < 5 || request.operation == 'UPDATE'\"}", nil},
		"nothing of one with optional members":    {"cel: {expression: \"object.?spec.?partitions.orValue(1) < 5 && object.metadata.?labels.?a.hasValue()\"}", nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			static := rendered(t, policyOf(t, "{enforcement: Deny, rules: [{name: r, "+c.rule+"}]}"))
			require.Len(t, static.Left, len(c.left), static.Left)
			stream, err := static.YAML()
			require.NoError(t, err)
			for i, left := range c.left {
				assert.Contains(t, static.Left[i], left)
				assert.Contains(t, string(stream), "#   "+left)
			}
			assert.Len(t, static.Rendered, 1-len(c.left))
		})
	}
}

func TestAKeyThatSomePolicyFillsInIsNotRequired(t *testing.T) {
	required := policyOf(t, "{enforcement: Deny, rules: [{name: r, config: [{key: retention.ms, required: true}]}]}")
	assert.Len(t, rendered(t, required).Rendered, 1)
	filling := policyOf(t, "{enforcement: Deny, defaults: {config: {retention.ms: 1000}}}")
	static := rendered(t, required, filling)
	assert.Empty(t, static.Rendered)
	assert.Equal(t, []string{"p/r: retention.ms is required, and some policy may fill it in"}, static.Left)
}

func TestLongNamesStayNamesOfTheirOwn(t *testing.T) {
	one, other := policyOf(t, "{enforcement: Deny, rules: [{name: r, partitions: {max: 3}}]}"), policyOf(t, "{enforcement: Deny, rules: [{name: r, partitions: {max: 3}}]}")
	one.Name, other.Name = strings.Repeat("a", 253), strings.Repeat("a", 252)+"b"
	static := rendered(t, one, other)
	require.Len(t, static.Rendered, 2)
	assert.NotEqual(t, static.Rendered[0].Policy.Name, static.Rendered[1].Policy.Name)
	for _, one := range static.Rendered {
		assert.LessOrEqual(t, len(one.Policy.Name), 253)
	}
}

func TestWhatTheWebhookOrAnAPIServerWouldRefuseIsAnError(t *testing.T) {
	_, err := render.TopicPolicies(topicconfig.For(""), []*v1alpha1.TopicPolicy{policyOf(t, "{enforcement: Deny, rules: [{name: r, partitions: {min: 5, max: 3}}]}")}, nil)
	require.ErrorContains(t, err, "rendering TopicPolicy p: it is refused itself: spec.rules[0].partitions: contradicts itself")
	_, err = render.TopicPolicies(topicconfig.For(""), nil, []*v1alpha1.TopicPolicyException{{}})
	require.ErrorContains(t, err, "rendering TopicPolicyException")

	large := policyOf(t, "{enforcement: Deny}")
	prefixes := make([]string, 100)
	for i := range prefixes {
		prefixes[i] = fmt.Sprint(strings.Repeat("x", 240), i)
	}
	for i := range 1000 {
		large.Spec.Rules = append(large.Spec.Rules, v1alpha1.PolicyRule{Name: fmt.Sprint("r", i), TopicName: &v1alpha1.TopicNameRule{Prefixes: prefixes}})
	}
	_, err = render.TopicPolicies(topicconfig.For(""), []*v1alpha1.TopicPolicy{large}, nil)
	require.ErrorContains(t, err, "more than an API server takes")
}

func TestWhatIsRenderedIsAlwaysTheSame(t *testing.T) {
	spec := "{enforcement: Deny, match: {topicSelector: {matchLabels: {a: b, c: d}}}, rules: [{name: r, replication: {min: 3, atMostBrokers: true, atMostRacks: true}}]}"
	first, err := rendered(t, policyOf(t, spec)).YAML()
	require.NoError(t, err)
	for range 20 {
		again, err := rendered(t, policyOf(t, spec)).YAML()
		require.NoError(t, err)
		assert.Equal(t, string(first), string(again), "it can be kept under version control")
	}
	assert.NotContains(t, string(first), "status:")
}
