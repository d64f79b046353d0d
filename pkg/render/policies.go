package render

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

var (
	errPolicy = errors.New("it is refused itself")
	errLarge  = errors.New("more than an API server takes")
)

// RenderedLabel is carried by everything that is rendered from TopicPolicies, so that what is no longer rendered can be found.
const RenderedLabel = "topicgate.io/rendered-from"

// mostStored is how large an object may be: etcd takes one and a half MiB, managed fields included.
const mostStored = 1 << 20

// Rendered is a ValidatingAdmissionPolicy with its binding, both of one name.
type Rendered struct {
	Policy  *admissionv1.ValidatingAdmissionPolicy
	Binding *admissionv1.ValidatingAdmissionPolicyBinding
}

// Static is what TopicPolicies say that needs no look-up.
type Static struct {
	Rendered []Rendered
	// Left is what only the webhook judges, each as "policy/rule: what".
	Left []string
}

// TopicPolicies renders the static rules of TopicPolicies: of each, one ValidatingAdmissionPolicy for every enforcement that
// its rules have. They refuse nothing that the webhook admits, except by what they cannot see (docs/vap.md). Topics that
// an exception may cover, expired or not, are left out of its rules. The error names a policy or an exception that the webhook
// would refuse, or one whose rendering an API server would.
func TopicPolicies(table topicconfig.Table, policies []*v1alpha1.TopicPolicy, exceptions []*v1alpha1.TopicPolicyException) (Static, error) {
	for _, exception := range exceptions {
		if _, problems := policy.CompileException(exception); len(problems) > 0 {
			return Static{}, fmt.Errorf("rendering TopicPolicyException %s: %w: %s: %s", exception.Name, errPolicy, problems[0].Path, problems[0].Text())
		}
	}
	sorted := slices.SortedFunc(slices.Values(policies), func(a, b *v1alpha1.TopicPolicy) int { return cmp.Compare(a.Name, b.Name) })
	static, filled := Static{}, keysFilled(sorted)
	for _, object := range sorted {
		compiled, problems, _ := policy.Compile(object)
		if len(problems) > 0 {
			return Static{}, fmt.Errorf("rendering TopicPolicy %s: %w: %s: %s", object.Name, errPolicy, problems[0].Path, problems[0].Text())
		}
		s := &sheet{table: table, object: object, compiled: compiled, filled: filled, exceptions: exceptions}
		rendered, err := s.render()
		if err != nil {
			return Static{}, fmt.Errorf("rendering TopicPolicy %s: %w", object.Name, err)
		}
		static.Rendered, static.Left = append(static.Rendered, rendered...), append(static.Left, s.left...)
	}
	slices.Sort(static.Left)
	static.Left = slices.Compact(static.Left)
	return static, nil
}

// YAML is what was rendered as a stream to be applied, behind a comment that lists what was left.
func (s Static) YAML() ([]byte, error) {
	var b strings.Builder
	b.WriteString("# The static rules of TopicPolicies. Only the webhook judges absent fields (by their effective values), brokers, quotas, what a namespace\n" +
		"# has, when exceptions end, topics that are adopted")
	if len(s.Left) == 0 {
		b.WriteString(".\n")
	} else {
		b.WriteString(", and:\n")
	}
	for _, left := range s.Left {
		b.WriteString("#   " + left + "\n")
	}
	for _, one := range s.Rendered {
		for _, object := range []any{one.Policy, one.Binding} {
			content, err := yaml.Marshal(object)
			if err != nil {
				return nil, fmt.Errorf("rendering a policy: %w", err)
			}
			b.WriteString("---\n" + strings.TrimSuffix(string(content), "status: {}\n"))
		}
	}
	return []byte(b.String()), nil
}

// keysFilled are the topic configs that some policy fills in.
func keysFilled(policies []*v1alpha1.TopicPolicy) map[string]bool {
	filled := map[string]bool{}
	for _, object := range policies {
		if object.Spec.Defaults == nil {
			continue
		}
		for key := range object.Spec.Defaults.Config {
			filled[key] = true
		}
	}
	return filled
}

// sheet is one TopicPolicy being rendered.
type sheet struct {
	table      topicconfig.Table
	object     *v1alpha1.TopicPolicy
	compiled   *policy.Policy
	exceptions []*v1alpha1.TopicPolicyException
	filled     map[string]bool
	left       []string
}

// render makes a policy for every enforcement that some static rule has, the TopicPolicy's own first.
func (s *sheet) render() ([]Rendered, error) {
	byEnforcement := map[v1alpha1.Enforcement][]check{}
	for i := range s.object.Spec.Rules {
		enforcement := cmp.Or(s.object.Spec.Rules[i].Enforcement, s.object.Spec.Enforcement)
		byEnforcement[enforcement] = append(byEnforcement[enforcement], s.checks(i)...)
	}
	var all []Rendered
	for _, enforcement := range []v1alpha1.Enforcement{v1alpha1.EnforcementDeny, v1alpha1.EnforcementWarn, v1alpha1.EnforcementAudit} {
		if len(byEnforcement[enforcement]) == 0 {
			continue
		}
		rendered := s.assemble(enforcement, byEnforcement[enforcement])
		if err := sound(rendered.Policy); err != nil {
			return nil, err
		}
		all = append(all, rendered)
	}
	return all, nil
}

// assemble makes the objects of one enforcement.
func (s *sheet) assemble(enforcement v1alpha1.Enforcement, checks []check) Rendered {
	name := s.name(enforcement)
	meta := metav1.ObjectMeta{Name: name, Labels: map[string]string{RenderedLabel: "TopicPolicy"}}
	failure := admissionv1.Fail
	if s.object.Spec.FailurePolicy == v1alpha1.PolicyIgnore {
		failure = admissionv1.Ignore
	}
	validations, told := s.validations(enforcement, checks)
	made := &admissionv1.ValidatingAdmissionPolicy{
		TypeMeta:   metav1.TypeMeta{APIVersion: "admissionregistration.k8s.io/v1", Kind: "ValidatingAdmissionPolicy"},
		ObjectMeta: meta,
		Spec: admissionv1.ValidatingAdmissionPolicySpec{
			FailurePolicy:    new(failure),
			MatchConstraints: &admissionv1.MatchResources{MatchPolicy: new(admissionv1.Equivalent), ResourceRules: rules()},
			MatchConditions:  s.conditions(), Validations: validations,
		},
	}
	for _, one := range used(slices.Concat(s.common(), s.exceptionVariables(), told), validations) {
		made.Spec.Variables = append(made.Spec.Variables, admissionv1.Variable{Name: one.name, Expression: one.expression})
	}
	binding := &admissionv1.ValidatingAdmissionPolicyBinding{
		TypeMeta:   metav1.TypeMeta{APIVersion: "admissionregistration.k8s.io/v1", Kind: "ValidatingAdmissionPolicyBinding"},
		ObjectMeta: meta,
		Spec: admissionv1.ValidatingAdmissionPolicyBindingSpec{
			PolicyName: name, ValidationActions: []admissionv1.ValidationAction{admissionv1.ValidationAction(enforcement)},
		},
	}
	if selector := s.object.Spec.Match.NamespaceSelector; selector != nil {
		binding.Spec.MatchResources = &admissionv1.MatchResources{NamespaceSelector: selector}
	}
	return Rendered{made, binding}
}

// name is topicgate-policy-NAME, or for rules with an enforcement of their own such as topicgate-warn-NAME, which cannot be that of
// another TopicPolicy.
func (s *sheet) name(enforcement v1alpha1.Enforcement) string {
	const longest, kept = 253, 253 - 1 - 16
	name := "topicgate-policy-" + s.object.Name
	if enforcement != s.object.Spec.Enforcement {
		name = "topicgate-" + strings.ToLower(string(enforcement)) + "-" + s.object.Name
	}
	if len(name) <= longest {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return strings.TrimRight(name[:kept], ".-") + "-" + hex.EncodeToString(sum[:8])
}
