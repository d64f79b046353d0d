package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
)

func TestAPolicyThatMakesNoSenseIsRefusedAtItsField(t *testing.T) {
	for name, c := range map[string]struct{ rule, path, says string }{
		"a rule with no typed member":     {`{}`, "spec.rules[0]", "has 0 typed members"},
		"a rule with two typed members":   {`{partitions: {min: 1}, quota: {topics: 1}}`, "spec.rules[0]", "has 2 typed members"},
		"a broken regular expression":     {`{topicName: {anyOf: ["a("]}}`, "spec.rules[0].topicName.anyOf[0]", "missing closing )"},
		"a regular expression that grows": {`{topicName: {anyOf: ["((a{30}){30}){30}"]}}`, "spec.rules[0].topicName.anyOf[0]", "repeat count"},
		"a large regular expression":      {`{topicName: {anyOf: ["(abcdefghijklmnopqrst){900}"]}}`, "spec.rules[0].topicName.anyOf[0]", "too large"},
		"a template without its end":      {`{topicName: {template: "{{namespace"}}`, "spec.rules[0].topicName.template", "{{ without }}"},
		"a template's unknown variable":   {`{topicName: {template: "{{team}}.x"}}`, "spec.rules[0].topicName.template", "want namespace, cluster"},
		"a template no topic can have":    {`{topicName: {template: "a b"}}`, "spec.rules[0].topicName.template", "in no topic name"},
		"lengths the wrong way round":     {`{topicName: {minLength: 9, maxLength: 3}}`, "spec.rules[0].topicName.minLength", "nothing passes"},
		"min above max":                   {`{partitions: {min: 9, max: 3}}`, "spec.rules[0].partitions", "contradicts itself, so that nothing passes: at least 9; at most 3"},
		"no multiple in the range":        {`{partitions: {min: 4, max: 5, multipleOf: 3}}`, "spec.rules[0].partitions", "contradicts itself"},
		"no power of two in the range":    {`{partitions: {min: 5, max: 7, powerOfTwo: true}}`, "spec.rules[0].partitions", "contradicts itself"},
		"a count of nothing":              {`{partitions: {min: 0}}`, "spec.rules[0].partitions.min", "not above zero"},
		"no replicas at all":              {`{replication: {oneOf: [0]}}`, "spec.rules[0].replication.oneOf[0]", "not above zero"},
		"an unreadable time":              {`{config: [{key: retention.ms, max: 7 weeks}]}`, "spec.rules[0].config[0].max", "such as 7d"},
		"a unit where none is":            {`{config: [{key: min.insync.replicas, max: 7d}]}`, "spec.rules[0].config[0].max", "takes no unit"},
		"a fraction of a millisecond":     {`{config: [{key: retention.ms, max: 0.5ms}]}`, "spec.rules[0].config[0].max", "whole number"},
		"a value that Kafka refuses":      {`{config: [{key: cleanup.policy, oneOf: [purge]}]}`, "spec.rules[0].config[0].oneOf[0]", "purge"},
		"a config rule that asks nothing": {`{config: [{key: retention.ms}]}`, "spec.rules[0].config[0]", "asks nothing"},
		"an empty config range":           {`{config: [{key: retention.ms, min: 2d, max: 1d}]}`, "spec.rules[0].config[0]", "contradicts itself"},
		"a key both allowed and denied":   {`{configKeys: {allow: [retention.ms], deny: ["retention.*"]}}`, "spec.rules[0].configKeys.allow[0]", "denied by the same rule"},
		"an example that would not pass":  {`{metadata: {labels: [{key: owner, pattern: "[a-z]+", example: A1}]}}`, "spec.rules[0].metadata.labels[0].example", "would not pass"},
		"a quota of nothing":              {`{quota: {}}`, "spec.rules[0].quota", "limits nothing"},
		"a quota below zero":              {`{quota: {topics: -1}}`, "spec.rules[0].quota.topics", "below zero"},
		"CEL that does not parse":         {`{cel: {expression: "topic.name =="}}`, "spec.rules[0].cel.expression", "Syntax error"},
		"CEL of an unknown variable":      {`{cel: {expression: "topic.partition > 3"}}`, "spec.rules[0].cel.expression", "topic has name, partitions, replicas, config and sources"},
		"CEL that is no condition":        {`{cel: {expression: "topic.name"}}`, "spec.rules[0].cel.expression", "want bool, got string"},
		"a CEL message that is no text":   {`{cel: {expression: "true", messageExpression: "1"}}`, "spec.rules[0].cel.messageExpression", "want string, got int"},
		"a field that there is not":       {`{cel: {expression: "true", field: spec.size}}`, "spec.rules[0].cel.field", "no field of a KafkaTopic"},
	} {
		t.Run(name, func(t *testing.T) {
			spec := "{enforcement: Deny, rules: [" + strings.Replace(c.rule, "{", "{name: r, ", 1) + "]}"
			spec = strings.Replace(spec, "r, }", "r}", 1)
			p, problems, _ := policy.Compile(&v1alpha1.TopicPolicy{Spec: *parse[v1alpha1.TopicPolicySpec](t, spec)})
			require.NotEmpty(t, problems)
			assert.Equal(t, c.path, problems[0].Path)
			assert.Contains(t, problems[0].Text(), c.says)

			result := policy.NewSet([]*policy.Policy{p}, nil).Evaluate(input(t, `{}`))
			require.Len(t, result.Violations, 1, "what is stored all the same cannot be judged")
			assert.Contains(t, result.Violations[0].Text(), "could not be judged: it does not compile")
		})
	}
}

func TestWhatIsOnlyOddIsWarnedOf(t *testing.T) {
	spec := parse[v1alpha1.TopicPolicySpec](t, `{enforcement: Deny, rules: [{name: r, config: [{key: retention_ms, max: 7}]}]}`)
	_, problems, warnings := policy.Compile(&v1alpha1.TopicPolicy{Spec: *spec})
	assert.Empty(t, problems)
	require.Len(t, warnings, 1)
	assert.Equal(t, "spec.rules[0].config[0].key", warnings[0].Path)
	assert.Contains(t, warnings[0].Text(), "write retention.ms")
}

func TestABrokenRuleLeavesTheOthersAlone(t *testing.T) {
	spec := parse[v1alpha1.TopicPolicySpec](t, `{enforcement: Deny, failurePolicy: Ignore, rules: [
		{name: broken, topicName: {anyOf: ["a("]}}, {name: partitions, partitions: {max: 6}}]}`)
	p, problems, _ := policy.Compile(&v1alpha1.TopicPolicy{Spec: *spec})
	require.Len(t, problems, 1)
	result := policy.NewSet([]*policy.Policy{p}, nil).Evaluate(input(t, `{spec: {partitions: 7}}`))
	assert.Len(t, result.Violations, 1)
	require.Len(t, result.Warnings, 1)
	assert.Contains(t, result.Warnings[0].Text(), "could not be judged")
	assert.Len(t, result.Undecided, 1)
}
