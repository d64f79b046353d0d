package vap

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/cookbook"
)

// TestALargePolicyIsJudged holds what an API server lets expressions cost against policies and topics as large as they get.
func TestALargePolicyIsJudged(t *testing.T) {
	w := newPolicyWorld(t)
	large := onlyPolicy(t, "metadata: {name: large}\nspec: {enforcement: Deny}").to("large")
	for i := range 400 {
		large.policies[0].Spec.Rules = append(large.policies[0].Spec.Rules,
			v1alpha1.PolicyRule{Name: fmt.Sprint("most", i), Partitions: &v1alpha1.PartitionsRule{Max: new(int64(100 + i))}},
			v1alpha1.PolicyRule{Name: fmt.Sprint("label", i), Metadata: &v1alpha1.MetadataRule{Labels: []v1alpha1.MetadataKeyRule{
				{Key: fmt.Sprint("l", i), Optional: true, Pattern: "[a-z]{1,30}"},
			}}})
	}
	wide := onlyPolicy(t, "metadata: {name: wide}\nspec: {enforcement: Deny, rules: [{name: keys, configKeys: {}}, {name: names, topicName: {}}]}").to("wide")
	for i := range 100 {
		keys := wide.policies[0].Spec.Rules[0].ConfigKeys
		keys.Allow, keys.Deny = append(keys.Allow, fmt.Sprint("some.config.of.a.vendor.", i, ".*")), append(keys.Deny, fmt.Sprint("another.config.", i, ".*"))
		names := wide.policies[0].Spec.Rules[1].TopicName
		names.Prefixes, names.Reserved = append(names.Prefixes, fmt.Sprint("some-prefix-", i)), append(names.Reserved, fmt.Sprint("*.taken-", i, ".*"))
	}
	w.installPolicies(t, large, wide)
	w.seesPolicies(t)

	topic := object(cookbook.Topic{}, "large")
	topic.Spec.Partitions = new(int64(100))
	for i := range 400 {
		topic.Labels[fmt.Sprint("l", i)] = "abc"
	}
	require.NoError(t, w.try(t.Context(), topic, nil))
	topic.Spec.Partitions = new(int64(1000))
	require.ErrorContains(t, w.try(t.Context(), topic, nil), "breaks 400 rules: * spec.partitions: 1000: more than the policy allows; limit: at most 100 (TopicPolicy large) [large/most0]")

	topic = object(cookbook.Topic{}, "wide")
	topic.Spec.TopicName, topic.Spec.Config = new("some-prefix-7."+strings.Repeat("x", 200)), map[string]apiextensionsv1.JSON{}
	for i := range 256 {
		topic.Spec.Config[fmt.Sprint("some.config.of.a.vendor.", i%100, ".", i)] = apiextensionsv1.JSON{Raw: []byte(`"x"`)}
	}
	require.NoError(t, w.try(t.Context(), topic, nil))
	topic.Spec.Config = map[string]apiextensionsv1.JSON{}
	for i := range 256 {
		topic.Spec.Config[fmt.Sprint("another.config.", i%100, ".", i)] = apiextensionsv1.JSON{Raw: []byte(`"x"`)}
	}
	require.ErrorContains(t, w.try(t.Context(), topic, nil), "breaks 256 rules: * spec.config[another.config.")
}

func TestAnExpressionThatFailsEndsNothingElse(t *testing.T) {
	w := newPolicyWorld(t)
	const rules = `rules: [{name: most, partitions: {max: 5}}, {name: three, cel: {expression: object.spec.replicas == 3}},
		{name: told, cel: {expression: "!has(object.metadata.annotations)", message: none, messageExpression: string(object.spec.replicas)}}]}`
	ignoring := onlyPolicy(t, "metadata: {name: ignoring}\nspec: {enforcement: Deny, failurePolicy: Ignore, "+rules).to("ignoring")
	failing := onlyPolicy(t, "metadata: {name: failing}\nspec: {enforcement: Deny, failurePolicy: Fail, "+rules).to("failing")
	w.installPolicies(t, ignoring, failing)
	w.seesPolicies(t)
	for scope, says := range map[string]string{"ignoring": "", "failing": "no such key: replicas"} {
		topic := object(cookbook.Topic{}, scope)
		topic.Spec.Partitions = new(int64(3))
		err := w.try(t.Context(), topic, nil)
		if says == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, says)
		}
	}
	topic := object(cookbook.Topic{}, "ignoring")
	topic.Spec.Partitions = new(int64(6))
	require.ErrorContains(t, w.try(t.Context(), topic, nil), "breaks 1 rule: * spec.partitions: 6: more than the policy allows; limit: at most 5 (TopicPolicy ignoring) [ignoring/most]")
	topic.Spec.Partitions, topic.Annotations = nil, map[string]string{"a": "b"}
	require.ErrorContains(t, w.try(t.Context(), topic, nil), "breaks 1 rule: * spec: none [ignoring/told]")
	topic.Spec.Partitions, topic.Spec.Replicas = new(int64(6)), new(int64(2))
	err := w.try(t.Context(), topic, nil)
	require.ErrorContains(t, err, "breaks 3 rules: ")
	assert.ErrorContains(t, err, " * spec: failed expression: object.spec.replicas == 3 [ignoring/three]")
}
