package render

import (
	"encoding/json"
	"fmt"

	"github.com/google/cel-go/cel"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/cel/environment"
)

// celVersion is the Kubernetes version whose CEL libraries TopicPolicies may use.
func celVersion() *version.Version { return version.MajorMinor(1, 33) }

// celEnv is CEL as a ValidatingAdmissionPolicy has it, with all that a request brings of any type.
func celEnv() (*cel.Env, error) {
	set, err := environment.MustBaseEnvSet(celVersion()).Extend(environment.VersionedOptions{
		IntroducedVersion: version.MajorMinor(1, 0),
		EnvOptions: []cel.EnvOption{
			cel.Variable("object", cel.DynType), cel.Variable("oldObject", cel.DynType), cel.Variable("namespaceObject", cel.DynType),
			cel.Variable("request", cel.DynType), cel.Variable("variables", cel.DynType),
		},
	})
	if err != nil {
		return nil, fmt.Errorf("building the CEL environment: %w", err)
	}
	return set.Env(environment.StoredExpressions)
}

// sound refuses what an API server would refuse: an expression that does not compile, for being too long too, or an object that
// is too large to be stored.
func sound(policy *admissionv1.ValidatingAdmissionPolicy) error {
	content, err := json.Marshal(policy)
	if err != nil {
		return fmt.Errorf("encoding %s: %w", policy.Name, err)
	}
	if len(content) > mostStored {
		return fmt.Errorf("%w: %s has %d bytes, and %d are the most; split the TopicPolicy", errLarge, policy.Name, len(content), mostStored)
	}
	env, err := celEnv()
	if err != nil {
		return err
	}
	texts := map[string]string{}
	for _, one := range policy.Spec.MatchConditions {
		texts["match condition "+one.Name] = one.Expression
	}
	for _, one := range policy.Spec.Variables {
		texts["variable "+one.Name] = one.Expression
	}
	for i, one := range policy.Spec.Validations {
		texts[fmt.Sprintf("validation %d", i)] = one.Expression
		texts[fmt.Sprintf("message of validation %d", i)] = one.MessageExpression
	}
	for where, text := range texts {
		if _, issues := env.Compile(text); issues.Err() != nil {
			return fmt.Errorf("compiling %s of %s: %w", where, policy.Name, issues.Err())
		}
	}
	return nil
}
