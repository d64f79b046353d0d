package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// Actions are what a policy may do about a violation: refuse, warn, or write it into the API server's audit log.
func Actions() []string {
	return []string{string(admissionv1.Deny), string(admissionv1.Warn), string(admissionv1.Audit)}
}

// variable is one expression of the policy, which later ones refer to by variables.NAME.
type variable struct{ name, expression string }

// Policy returns a ValidatingAdmissionPolicy and its binding, both of that name, that judge KafkaTopics by the rules that
// need no look-up, for the version of Kafka that the table is of. Action is one of Actions. The policy refuses nothing that the
// webhook admits, except by what it cannot see (docs/vap.md), and what CEL cannot read as Kafka does it lets pass.
func Policy(table topicconfig.Table, name, action string) (*admissionv1.ValidatingAdmissionPolicy, *admissionv1.ValidatingAdmissionPolicyBinding) {
	invalid := metav1.StatusReasonInvalid
	policy := &admissionv1.ValidatingAdmissionPolicy{
		TypeMeta:   metav1.TypeMeta{APIVersion: "admissionregistration.k8s.io/v1", Kind: "ValidatingAdmissionPolicy"},
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: admissionv1.ValidatingAdmissionPolicySpec{
			FailurePolicy:    new(admissionv1.Fail),
			MatchConstraints: &admissionv1.MatchResources{MatchPolicy: new(admissionv1.Equivalent), ResourceRules: rules()},
			MatchConditions: []admissionv1.MatchCondition{ // those of the webhook
				{Name: "spec-changed", Expression: "request.operation != 'UPDATE' || object.?spec != oldObject.?spec"},
				{Name: "not-being-deleted", Expression: "!has((object == null ? oldObject : object).metadata.deletionTimestamp)"},
			},
			Validations: []admissionv1.Validation{{
				Expression: "variables.violations.size() == 0", MessageExpression: "variables.message", Reason: &invalid,
				Message: "the KafkaTopic breaks rules of TopicGate", // in case the expression fails
			}},
		},
	}
	for _, one := range variables(table) {
		policy.Spec.Variables = append(policy.Spec.Variables, admissionv1.Variable{Name: one.name, Expression: one.expression})
	}
	return policy, &admissionv1.ValidatingAdmissionPolicyBinding{
		TypeMeta:   metav1.TypeMeta{APIVersion: "admissionregistration.k8s.io/v1", Kind: "ValidatingAdmissionPolicyBinding"},
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: admissionv1.ValidatingAdmissionPolicyBindingSpec{
			PolicyName: name, ValidationActions: []admissionv1.ValidationAction{admissionv1.ValidationAction(action)},
		},
	}
}

// VAP is Policy as a stream of YAML, to be applied.
func VAP(table topicconfig.Table, name, action string) ([]byte, error) {
	policy, binding := Policy(table, name, action)
	out := []byte("# TopicGate's rules that need no look-up, for Kafka " + table.Line() + "; rendered by kubectl-topicgate.\n")
	for _, object := range []any{policy, binding} {
		content, err := yaml.Marshal(object)
		if err != nil {
			return nil, fmt.Errorf("rendering a policy: %w", err)
		}
		out = append(out, "---\n"...)
		out = append(out, strings.TrimSuffix(string(content), "status: {}\n")...)
	}
	return out, nil
}

func rules() []admissionv1.NamedRuleWithOperations {
	scope := admissionv1.NamespacedScope
	return []admissionv1.NamedRuleWithOperations{{RuleWithOperations: admissionv1.RuleWithOperations{
		Operations: []admissionv1.OperationType{admissionv1.Create, admissionv1.Update},
		Rule: admissionv1.Rule{
			APIGroups: []string{v1alpha1.Group}, APIVersions: []string{"v1alpha1"}, Resources: []string{"kafkatopics"}, Scope: &scope,
		},
	}}}
}

// variables are all rules, and what they find as one list and one message.
func variables(table topicconfig.Table) []variable {
	t := tablesOf(table)
	return slices.Concat([]variable{
		{"update", "request.operation == 'UPDATE'"},
		{"spec", "has(object.spec) ? dyn(object.spec) : dyn({})"},
		{"old", "variables.update && has(oldObject.spec) ? dyn(oldObject.spec) : dyn({})"},
		{"config", "has(variables.spec.config) ? dyn(variables.spec.config) : dyn({})"},
		{"oldConfig", "has(variables.old.config) ? dyn(variables.old.config) : dyn({})"},
	}, name(), immutable(), counts(t.source, table.Records(map[string]string{minInsync: "1"}) > 1), config(t), findings())
}

const (
	mostEntries = 20
	mostBytes   = 4096 // the API server drops a message above 5 KiB
)

// findings joins what the rules found, in the webhook's order. The message is of one line, because the API server drops
// one of several, and ends with a whole violation.
func findings() []variable {
	lists := []string{
		"nameChanged", "clusterChanged", "nameLength", "nameCharacters", "nameDots", "nameReserved",
		"partitionsInRange", "partitionsGrow", "replicasInRange", "configScalar", "configUnknown", "configRefused", "configWhole",
		"configRange", "configFloor", "configFraction", "configBool", "configEnum", "configList", "configInSync",
	}
	var numbers []string
	for number := range mostEntries {
		numbers = append(numbers, strconv.Itoa(number))
	}
	return []variable{
		{"violations", "variables." + strings.Join(lists, " +\nvariables.")},
		{"first", listOf(numbers) + ".filter(i, i < variables.violations.size()).map(i, '* ' + variables.violations[i])"},
		{"prefixes", listOf(numbers) + ".filter(n, n < variables.first.size()).map(n,\n  " + listOf(numbers) + ".filter(i, i <= n).map(i, variables.first[i]))"},
		{"shown", "variables.prefixes.filter(p, bytes(p.join(' ')).size() <= " + strconv.Itoa(mostBytes) + ")"},
		{"message", "'breaks ' + string(variables.violations.size()) + (variables.violations.size() == 1 ? ' rule: ' : ' rules: ') +\n" +
			"variables.shown[variables.shown.size() - 1].join(' ') +\n" +
			"(variables.violations.size() > variables.shown.size() ? ' and ' + string(variables.violations.size() - variables.shown.size()) + ' more' : '')"},
	}
}
