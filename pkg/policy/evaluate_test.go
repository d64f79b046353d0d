package policy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/pkg/policy"
)

const sharedProd = `
enforcement: Deny
match:
  clusters: ["prod-*"]
  namespaceSelector: {matchLabels: {kafka-tier: shared}}
  exclude: {namespaces: [kafka-system], topicNames: ["*-changelog"]}
rules:
- name: naming
  help: https://wiki.example.com/kafka/naming
  topicName: {template: "{{namespace}}.<entity>.v<int>", maxLength: 120, reserved: ["__*"]}
- name: partitions
  partitions: {min: 3, max: 60, multipleOf: 3, maxGrowthPercent: 100}
- name: durability
  replication: {min: 3, max: 5, atMostBrokers: true, minRacks: 3, minInsyncReplicas: {min: 2, maxRelativeToReplicas: -1}}
- name: retention
  config:
  - {key: retention.ms, required: true, min: 1h, max: 30d, allowUnlimited: false}
  - {key: cleanup.policy, oneOf: [delete, compact, "compact,delete"]}
- name: keys
  configKeys: {deny: [unclean.leader.election.enable]}
- name: compression
  enforcement: Warn
  config: [{key: compression.type, oneOf: [producer]}]
- name: owner
  metadata: {labels: [{key: owner, pattern: "[a-z][a-z0-9-]{1,38}", example: payments}]}
- name: deletion
  deletion: {protect: WhenNotEmpty}
- name: quota
  quota: {topics: 50, partitions: 600, replicas: 1800}
- name: pii
  cel:
    field: spec.config
    expression: "!has(object.metadata.labels) || !('data' in object.metadata.labels) || object.metadata.labels['data'] != 'pii' || int(topic.config['retention.ms']) <= 2592000000"
    messageExpression: "'pii topics keep at most 30d, got ' + topic.config['retention.ms'] + ' ms'"
`

func TestATopicThatBreaksManyRulesIsToldThemAllAtOnce(t *testing.T) {
	set := policy.NewSet([]*policy.Policy{compiled(t, "shared-prod", sharedProd)}, nil)
	in := input(t, `{metadata: {name: orders-v1, labels: {data: pii}}, spec: {topicName: Orders_v1, partitions: 500, replicas: 2,
		config: {retention.ms: -1, compression.type: lz4, unclean.leader.election.enable: true, min.insync.replicas: 3}}}`)
	result := set.Evaluate(in)
	assert.Equal(t, []string{"shared-prod"}, result.Matched)
	assert.Equal(t, []string{
		`metadata.labels[owner]: the label is missing; limit: the pattern [a-z][a-z0-9-]{1,38} (TopicPolicy shared-prod); fix: set owner: "payments" [shared-prod/owner]`,
		`spec.topicName: "Orders_v1": does not fit the template of namespace payments; limit: payments.<entity>.v<int> (TopicPolicy shared-prod); ` +
			`fix: set "payments.orders.v1"; help: https://wiki.example.com/kafka/naming [shared-prod/naming]`,
		`spec.partitions: 500: more than the policy allows; limit: at most 60 (TopicPolicy shared-prod); fix: set 60 [shared-prod/partitions]`,
		`spec.partitions: 500: no multiple of 3; limit: a multiple of 3 (TopicPolicy shared-prod); fix: set 60 [shared-prod/partitions]`,
		`spec.replicas: 2: fewer than the policy allows; limit: at least 3 (TopicPolicy shared-prod); fix: set 3 [shared-prod/durability]`,
		`spec.replicas: 2: too few to spread; limit: at least 3, to spread over 3 racks (TopicPolicy shared-prod); fix: set 3 [shared-prod/durability]`,
		`spec.config[min.insync.replicas]: 3: more than the policy allows; limit: at most 1, which is replicas - 1 (TopicPolicy shared-prod); fix: set "2" [shared-prod/durability]`,
		`spec.config[retention.ms]: -1: unlimited, which the policy does not allow; limit: at most 30d (2592000000) (TopicPolicy shared-prod); fix: set "2592000000" [shared-prod/retention]`,
		`spec.config[unclean.leader.election.enable]: the policy lets nobody set unclean.leader.election.enable; ` +
			`limit: no key like unclean.leader.election.enable (TopicPolicy shared-prod); fix: remove the key [shared-prod/keys]`,
	}, says(result.Violations))
	assert.Equal(t, []string{
		`spec.config[compression.type]: "lz4": not among what the policy allows; limit: one of "producer" (TopicPolicy shared-prod); fix: set "producer" [shared-prod/compression]`,
	}, says(result.Warnings))
}
