package render_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/render"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

func TestAVariableIsNamedOnceAndBeforeItIsUsed(t *testing.T) {
	use := regexp.MustCompile(`variables\.([a-zA-Z]+)`)
	for _, release := range topicconfig.Releases() {
		policy, _ := render.Policy(topicconfig.For(release), "p", "Deny")
		named, used := map[string]bool{}, map[string]bool{}
		for _, one := range policy.Spec.Variables {
			for _, match := range use.FindAllStringSubmatch(one.Expression, -1) {
				assert.True(t, named[match[1]], "%s uses %s", one.Name, match[1])
				used[match[1]] = true
			}
			assert.False(t, named[one.Name], one.Name)
			named[one.Name] = true
		}
		require.Len(t, policy.Spec.Validations, 1, "the API server tells the first failed one only")
		delete(named, "message")
		for name := range named {
			assert.True(t, used[name] || name == "violations", "nothing uses %s", name)
		}
	}
}

func TestTheConditionsAreThoseOfTheWebhook(t *testing.T) {
	content, err := os.ReadFile("../../manifests/webhook/validating.yaml")
	require.NoError(t, err)
	var shipped admissionv1.ValidatingWebhookConfiguration
	require.NoError(t, yaml.Unmarshal(content, &shipped))
	policy, binding := render.Policy(topicconfig.For(""), "p", "Warn")
	assert.Equal(t, shipped.Webhooks[0].MatchConditions, policy.Spec.MatchConditions)
	assert.Equal(t, shipped.Webhooks[0].Rules[0], policy.Spec.MatchConstraints.ResourceRules[0].RuleWithOperations)
	assert.Equal(t, "p", binding.Spec.PolicyName)
	assert.Equal(t, []admissionv1.ValidationAction{admissionv1.Warn}, binding.Spec.ValidationActions)
}

func TestTheYAMLIsTwoObjectsWithoutAStatus(t *testing.T) {
	out, err := render.VAP(topicconfig.For("3.9"), "p", "Deny")
	require.NoError(t, err)
	assert.Equal(t, 2, strings.Count(string(out), "\n---\n"))
	assert.NotContains(t, string(out), "status:")
	assert.NotContains(t, string(out), "creationTimestamp")
}
