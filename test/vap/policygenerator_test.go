package vap

import (
	"fmt"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
)

// judgedTopic is a topic that policies have something to say about.
func (g *generator) judgedTopic(name string) *v1alpha1.KafkaTopic {
	topic := g.topic(name)
	topic.Namespace = namespace
	topic.Spec.ClusterRef.Name = pick(g, "prod", "prod", "prod", "dev")
	if g.chance(60) {
		topic.Spec.TopicName = new(pick(g, "payments.orders.v1", "payments.orders", "pay.orders", "ledger.pay.v2", "Orders", "prod.x.internal.y",
			"a+b.orders", `\E.orders`, "orders-changelog", name))
	}
	if g.chance(50) {
		topic.Spec.Partitions = new(pick[int64](g, 1, 3, 4, 6, 7, 8, 12, 24, 48, 60, 64))
	}
	if g.chance(40) {
		topic.Spec.DeletionPolicy = pick(g, v1alpha1.DeletionDelete, v1alpha1.DeletionRetain)
	}
	for range g.random.IntN(5) {
		if topic.Spec.Config == nil {
			topic.Spec.Config = map[string]apiextensionsv1.JSON{}
		}
		key, value := g.setting()
		topic.Spec.Config[key] = apiextensionsv1.JSON{Raw: []byte(value)}
	}
	if g.chance(15) {
		topic.Spec.UnmanagedConfig = []string{pick(g, "retention.ms", "segment.bytes", "min.insync.replicas")}
	}
	g.mark(topic)
	return topic
}

// setting is a config that the rules speak of.
func (g *generator) setting() (key, value string) {
	switch g.random.IntN(7) {
	case 0:
		return "retention.ms", pick(g, "-1", `"-1"`, "0", "1000", "3600000", `"604800000"`, "2592000000", "2592000001", `"7d"`, `"+5"`, "6.048e+08", "-2")
	case 1:
		return "min.insync.replicas", pick(g, "1", "2", "3", `"2"`, `" 2"`)
	case 2:
		return "cleanup.policy", pick(g, `"compact"`, `"delete"`, `"delete, compact"`, `"compact,delete"`, `"compact,compact"`, `""`, `"x"`)
	case 3:
		return "compression.type", pick(g, `"producer"`, `" lz4"`, `"gzip"`, `"LZ4"`)
	case 4:
		return "min.cleanable.dirty.ratio", pick(g, "0.1", `"0.5"`, "0.9", "1", `"1.5"`, `"5e-1"`, "0.50")
	case 5:
		return "preallocate", pick(g, "true", `"TRUE"`, "false", `"yes"`)
	default:
		return "retention.bytes", pick(g, "-1", "1", "1073741824", "107374182401")
	}
}

// mark puts labels and annotations on a topic.
func (g *generator) mark(topic *v1alpha1.KafkaTopic) {
	topic.Labels, topic.Annotations = map[string]string{}, map[string]string{}
	if g.chance(60) {
		topic.Labels["owner"] = pick(g, "pay", "Pay", "a", "ledger", "")
	}
	if g.chance(60) {
		topic.Labels["data"] = pick(g, "pii", "public", "secret")
	}
	if g.chance(50) {
		topic.Annotations["example.com/ns"] = pick(g, "payments", "a+b", `\E`, "ledger", "", "two\nlines", strings.Repeat("x", 300))
	}
}

// policies makes one policy for a scope, and maybe an exception from it.
func (g *generator) policies(scope string) scoped {
	p := &v1alpha1.TopicPolicy{ObjectMeta: metav1.ObjectMeta{Name: "p" + scope}}
	p.Spec.Enforcement = pick(g, v1alpha1.EnforcementDeny, v1alpha1.EnforcementDeny, v1alpha1.EnforcementDeny, v1alpha1.EnforcementWarn)
	p.Spec.FailurePolicy = pick(g, "", v1alpha1.PolicyFail, v1alpha1.PolicyIgnore)
	p.Spec.Match = g.match()
	for i := range 2 + g.random.IntN(6) {
		rule := g.rule()
		rule.Name = fmt.Sprintf("r%d", i)
		if g.chance(10) {
			rule.Enforcement = pick(g, v1alpha1.EnforcementDeny, v1alpha1.EnforcementWarn, v1alpha1.EnforcementAudit)
		}
		if g.chance(20) {
			rule.Help = "ask us"
		}
		p.Spec.Rules = append(p.Spec.Rules, rule)
	}
	if g.chance(15) {
		p.Spec.Defaults = &v1alpha1.PolicyDefaults{Partitions: new(int64(6)), Config: map[string]v1alpha1.Amount{"retention.ms": "604800000"}}
	}
	s := scoped{policies: []*v1alpha1.TopicPolicy{p}}
	if g.chance(25) {
		s.exceptions = append(s.exceptions, g.exception(p.Name))
	}
	if _, problems, _ := policy.Compile(p); len(problems) > 0 {
		return g.policies(scope) // it contradicts itself
	}
	return s.to(scope)
}

func (g *generator) match() v1alpha1.PolicyMatch {
	var match v1alpha1.PolicyMatch
	switch g.random.IntN(10) {
	case 0:
		match.Clusters = []string{pick(g, "prod", "d*", "x")}
	case 1:
		match.NamespaceSelector = &metav1.LabelSelector{MatchLabels: map[string]string{"team": pick(g, "pay", "other")}}
	case 2:
		match.TopicSelector = &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{
			Key: "data", Operator: pick(g, metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn), Values: []string{"pii", "public"},
		}}}
	case 3:
		match.TopicSelector = &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{
			Key: "owner", Operator: pick(g, metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist),
		}}}
	case 4:
		match.TopicNames = []string{"topic-*", "payments.*"}
	case 5:
		match.Exclude = &v1alpha1.PolicyExclude{Namespaces: []string{pick(g, "pay*", "x")}, TopicNames: []string{"*-changelog"}}
	}
	return match
}

func (g *generator) exception(of string) *v1alpha1.TopicPolicyException {
	e := &v1alpha1.TopicPolicyException{ObjectMeta: metav1.ObjectMeta{Name: "e-" + of}}
	e.Spec.Policies = []v1alpha1.ExceptedPolicy{{Name: of}}
	if g.chance(50) {
		e.Spec.Policies[0].Rules = []string{"r0", "r1"}
	}
	e.Spec.Match = v1alpha1.ExceptionMatch{TopicNames: []string{pick(g, "payments.*", "topic-1*", "Orders", "*")}}
	if g.chance(30) {
		e.Spec.Match.Clusters = []string{"prod"}
	}
	if g.chance(50) {
		e.Spec.Limits = &v1alpha1.ExceptionLimits{Partitions: &v1alpha1.PartitionsRule{Max: new(int64(100))}}
	}
	e.Spec.Reason, e.Spec.ExpiresAt = "because", metav1.NewTime(now().AddDate(0, 0, pick(g, -1, 5)))
	return e
}

func (g *generator) rule() v1alpha1.PolicyRule {
	switch g.random.IntN(9) {
	case 0, 1:
		return v1alpha1.PolicyRule{TopicName: g.nameRule()}
	case 2:
		return v1alpha1.PolicyRule{Partitions: g.partitionsRule()}
	case 3:
		return v1alpha1.PolicyRule{Replication: g.replicationRule()}
	case 4, 5:
		return v1alpha1.PolicyRule{Config: []v1alpha1.ConfigRule{g.configRule()}}
	case 6:
		return v1alpha1.PolicyRule{ConfigKeys: pick(g,
			&v1alpha1.ConfigKeysRule{Deny: []string{"segment.*", "preallocate", "min.*.dirty.*"}},
			&v1alpha1.ConfigKeysRule{Allow: []string{"retention.*", "min.insync.replicas", "cleanup.policy"}},
			&v1alpha1.ConfigKeysRule{Allow: []string{"*"}, Deny: []string{"*.bytes"}})}
	case 7:
		return g.metadataRule()
	default:
		return v1alpha1.PolicyRule{CEL: g.expression()}
	}
}

func (g *generator) nameRule() *v1alpha1.TopicNameRule {
	switch g.random.IntN(6) {
	case 0:
		return &v1alpha1.TopicNameRule{Template: pick(g, "{{namespace}}.<entity>.v<int>", "{{namespace}}.<entity>", "{{ namespaceLabel:team }}.<a>", "{{cluster}}.<a>")}
	case 1:
		return &v1alpha1.TopicNameRule{Template: pick(g, "{{label:owner}}.<a>.v<int>", "{{annotation:example.com/ns}}.<entity>", "{{namespaceLabel:none}}.x<int>")}
	case 2:
		return &v1alpha1.TopicNameRule{Prefixes: []string{"payments.", "topic-"}, MaxLength: new(int64(16))}
	case 3:
		return &v1alpha1.TopicNameRule{Suffixes: []string{".v1", "1", "2"}, MinLength: new(int64(8))}
	case 4:
		return &v1alpha1.TopicNameRule{AnyOf: []string{"[a-z.]+", "topic-[0-9]+", "a|b"}}
	default:
		return &v1alpha1.TopicNameRule{Reserved: []string{"*.internal.*", "Orders", "topic-2*"}}
	}
}

func (g *generator) partitionsRule() *v1alpha1.PartitionsRule {
	switch g.random.IntN(5) {
	case 0:
		return &v1alpha1.PartitionsRule{Min: new(int64(3)), Max: new(int64(24))}
	case 1:
		return &v1alpha1.PartitionsRule{MultipleOf: new(pick[int64](g, 3, 4))}
	case 2:
		return &v1alpha1.PartitionsRule{PowerOfTwo: true}
	case 3:
		return &v1alpha1.PartitionsRule{MaxGrowthPercent: new(pick[int64](g, 33, 50, 100)), MaxGrowth: new(int64(20))}
	default:
		return &v1alpha1.PartitionsRule{Max: new(int64(12)), PowerOfTwo: true}
	}
}

func (g *generator) replicationRule() *v1alpha1.ReplicationRule {
	switch g.random.IntN(4) {
	case 0:
		return &v1alpha1.ReplicationRule{Min: new(int64(3)), AtMostBrokers: true}
	case 1:
		return &v1alpha1.ReplicationRule{OneOf: []int64{1, 3}}
	case 2:
		return &v1alpha1.ReplicationRule{MinRacks: new(int64(2)), MinInsyncReplicas: &v1alpha1.MinInsyncRule{Min: new(int64(2))}}
	default:
		return &v1alpha1.ReplicationRule{MinInsyncReplicas: &v1alpha1.MinInsyncRule{MinRelativeToReplicas: new(int64(-1)), MaxRelativeToReplicas: new(pick[int64](g, -1, 0))}}
	}
}

func (g *generator) configRule() v1alpha1.ConfigRule {
	amount := func(text v1alpha1.Amount) *v1alpha1.Amount { return &text }
	switch g.random.IntN(10) {
	case 0:
		return v1alpha1.ConfigRule{Key: "retention.ms", Required: true, Min: amount("1h"), Max: amount("30d")}
	case 1:
		return v1alpha1.ConfigRule{Key: "retention.ms", Max: amount("7d"), AllowUnlimited: new(g.chance(50))}
	case 2:
		return v1alpha1.ConfigRule{Key: pick(g, "retention.ms", "retention.bytes"), AllowUnlimited: new(false), Min: amount("1000")}
	case 3:
		return v1alpha1.ConfigRule{Key: "cleanup.policy", OneOf: []string{"delete", "compact,delete"}}
	case 4:
		return v1alpha1.ConfigRule{Key: "cleanup.policy", Pattern: pick(g, "compact", "delete.*")}
	case 5:
		return v1alpha1.ConfigRule{Key: "compression.type", OneOf: []string{"producer"}, Pattern: "[a-z]+"}
	case 6:
		return v1alpha1.ConfigRule{Key: "min.cleanable.dirty.ratio", Min: amount("0.2"), Max: amount("0.75")}
	case 7:
		return v1alpha1.ConfigRule{Key: "min.cleanable.dirty.ratio", OneOf: []string{"0.5", "1"}}
	case 8:
		return v1alpha1.ConfigRule{Key: "preallocate", OneOf: []string{"false"}}
	default:
		return v1alpha1.ConfigRule{Key: "segment.bytes", Min: amount("2Mi"), Max: amount("1Gi"), Pattern: "[0-9]{1,8}"}
	}
}

func (g *generator) metadataRule() v1alpha1.PolicyRule {
	if g.chance(20) {
		return v1alpha1.PolicyRule{Deletion: &v1alpha1.DeletionRule{OneOf: []v1alpha1.DeletionPolicy{pick(g, v1alpha1.DeletionRetain, v1alpha1.DeletionDelete)}}}
	}
	return v1alpha1.PolicyRule{Metadata: &v1alpha1.MetadataRule{
		Labels: []v1alpha1.MetadataKeyRule{
			{Key: "owner", Pattern: "[a-z]{2,}", Example: "pay", Optional: g.chance(30)}, {Key: "data", OneOf: []string{"public", "pii"}, Optional: g.chance(30)},
		},
		Annotations: []v1alpha1.MetadataKeyRule{{Key: "example.com/ns", Optional: g.chance(50), Pattern: pick(g, "", "pay.*")}},
	}}
}

func (g *generator) expression() *v1alpha1.CELRule {
	return pick(g,
		&v1alpha1.CELRule{Expression: "!has(object.spec.partitions) || object.spec.partitions <= 12 // enough", Field: "spec.partitions", Message: "too many"},
		&v1alpha1.CELRule{Expression: "object.spec.partitions % 2 == 0"}, // fails where there are none
		&v1alpha1.CELRule{Expression: "oldObject == null || !has(oldObject.spec.partitions) || !has(object.spec.partitions) || object.spec.partitions - oldObject.spec.partitions <= 12"},
		&v1alpha1.CELRule{Expression: "'owner' in object.metadata.?labels.orValue({})", Field: "metadata.labels[owner]", MessageExpression: "'no owner of ' + object.metadata.name"},
		&v1alpha1.CELRule{Expression: "object.spec.?replicas.orValue(3) == 3 || request.operation == 'UPDATE'", MessageExpression: "object.spec.topicName", Message: "three"},
		&v1alpha1.CELRule{Expression: "namespaceObject.metadata.labels['team'] == 'pay' && object.metadata.namespace == 'payments' && object.metadata.?labels.?data != optional.of('secret')", Message: "secret"},
	)
}
