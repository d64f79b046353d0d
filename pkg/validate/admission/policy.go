package admission

import (
	"context"
	"fmt"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// ValidatePolicy judges the creation and the change of a TopicPolicy: one that cannot work is refused with what is wrong
// where; one that no topic can satisfy, beside the other policies or on the brokers, is warned about.
func ValidatePolicy(lookup *Lookup) Judge {
	return func(ctx context.Context, request *admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
		objects, refusal := decode[v1alpha1.TopicPolicy](request, "TopicPolicy", admissionv1.Create, admissionv1.Update)
		if refusal != nil {
			return refusal
		}
		object, old := objects.new, objects.old
		if request.SubResource != "" || old != nil && (object.DeletionTimestamp != nil || equality.Semantic.DeepEqual(old.Spec, object.Spec)) {
			return allowed()
		}
		compiled, problems, unwise := policy.Compile(object)
		if len(problems) > 0 {
			return invalid(request, object.Name, problemFaults(problems))
		}
		contradictions, err := lookup.contradictions(ctx, compiled)
		if err != nil {
			return unchecked("contradictions of other policies could not be looked for: ", err)
		}
		response := allowed()
		response.Warnings = warnings(append(problemFaults(unwise), contradictions...))
		return response
	}
}

func problemFaults(problems []policy.Problem) []fault {
	list := make([]fault, len(problems))
	for i, problem := range problems {
		list[i] = fault{path: problem.Path, reason: problem.Reason, text: problem.Text()}
	}
	return list
}

// contradictions are what stands against a policy, or against others because of it.
func (l *Lookup) contradictions(ctx context.Context, compiled *policy.Policy) ([]fault, error) {
	if _, err := l.Policies.set(); err != nil || l.Policies == nil {
		return nil, err
	}
	clusters, err := l.clusterFactsForPolicies(ctx)
	if err != nil {
		return nil, err
	}
	set := policy.NewSet(append(l.Policies.store.Policies.All(compiled.Name), compiled), nil)
	var found []fault
	for _, c := range set.Contradictions(clusters) {
		if c.Policy == compiled.Name || c.Other == compiled.Name {
			found = append(found, contradictionFault(c))
		}
	}
	return found, nil
}

func contradictionFault(c policy.Contradiction) fault {
	if c.Defaults {
		return fault{path: "spec.defaults", text: c.Message}
	}
	tags := c.Policy + "/" + c.Rule
	if c.Other != "" {
		tags += ", " + c.Other + "/" + c.OtherRule
	}
	return fault{path: "spec.rules", text: "no topic can satisfy it: " + c.Message + " [" + tags + "]"}
}

// clusterFactsForPolicies are what policies may know of every cluster; one whose selectors cannot be read is left out.
func (l *Lookup) clusterFactsForPolicies(ctx context.Context) ([]policy.Cluster, error) {
	clusters, err := l.clusters(ctx)
	if err != nil {
		return nil, err
	}
	facts := make([]policy.Cluster, 0, len(clusters))
	for i := range clusters {
		if known, err := l.clusterFacts(ctx, &clusters[i], &corev1.Namespace{}); err == nil {
			facts = append(facts, (validate.Input{Facts: validate.Facts{Cluster: known}}).ForPolicies().Facts.Cluster)
		}
	}
	return facts, nil
}

// ValidateException judges the creation and the change of a TopicPolicyException.
func ValidateException(lookup *Lookup) Judge {
	return func(ctx context.Context, request *admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
		objects, refusal := decode[v1alpha1.TopicPolicyException](request, "TopicPolicyException", admissionv1.Create, admissionv1.Update)
		if refusal != nil {
			return refusal
		}
		object, old := objects.new, objects.old
		if request.SubResource != "" || old != nil && (object.DeletionTimestamp != nil || equality.Semantic.DeepEqual(old.Spec, object.Spec)) {
			return allowed()
		}
		wrong, unwise := lookup.checkException(object, old)
		if len(wrong) > 0 {
			return invalid(request, object.Name, wrong)
		}
		missing, err := lookup.unknownRules(ctx, object)
		if err != nil {
			return unchecked("the excepted policies could not be looked up: ", err)
		}
		response := allowed()
		response.Warnings = warnings(append(unwise, missing...))
		return response
	}
}

// checkException is what is wrong with an exception itself, and what is only unwise: an end that has passed is nothing to
// apply, and nothing to hold up a change of something else.
func (l *Lookup) checkException(object, old *v1alpha1.TopicPolicyException) (wrong, unwise []fault) {
	_, problems := policy.CompileException(object)
	wrong = problemFaults(problems)
	at := object.Spec.ExpiresAt
	if at.IsZero() || at.After(l.Now()) {
		return wrong, nil
	}
	expired := fault{path: "spec.expiresAt", reason: topic.PolicyInvalid, text: fmt.Sprintf(
		"%q: it is in the past, so the exception counts no more; fix: set a later time, or delete the exception", at.UTC().Format(time.RFC3339))}
	if old != nil && old.Spec.ExpiresAt.Equal(&at) {
		return wrong, []fault{expired}
	}
	return append(wrong, expired), nil
}

// unknownRules warns about policies and rules that an exception names and that do not exist (yet).
func (l *Lookup) unknownRules(ctx context.Context, object *v1alpha1.TopicPolicyException) ([]fault, error) {
	var list v1alpha1.TopicPolicyList
	if err := l.Cache.List(ctx, &list); err != nil {
		return nil, fmt.Errorf("listing TopicPolicies: %w", err)
	}
	rules := map[string]map[string]bool{}
	for i := range list.Items {
		rules[list.Items[i].Name] = map[string]bool{}
		for _, rule := range list.Items[i].Spec.Rules {
			rules[list.Items[i].Name][rule.Name] = true
		}
	}
	var missing []fault
	for i, excepted := range object.Spec.Policies {
		path := fmt.Sprintf("spec.policies[%d]", i)
		if rules[excepted.Name] == nil {
			missing = append(missing, fault{path: path + ".name", text: fmt.Sprintf("there is no TopicPolicy %q", excepted.Name)})
			continue
		}
		for j, name := range excepted.Rules {
			if !rules[excepted.Name][name] {
				missing = append(missing, fault{
					path: fmt.Sprintf("%s.rules[%d]", path, j), text: fmt.Sprintf("TopicPolicy %q has no rule %q", excepted.Name, name),
				})
			}
		}
	}
	return missing, nil
}
