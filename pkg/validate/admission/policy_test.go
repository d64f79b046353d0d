package admission_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/validate/admission"
)

func TestPoliciesThatCannotWorkAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		spec   string
		fields string
	}{
		"one that works":                 {atLeastThree, ""},
		"an expression that is none":     {`{enforcement: Deny, rules: [{name: a, topicName: {anyOf: ["(", "ok"]}}]}`, "spec.rules[0].topicName.anyOf[0]"},
		"a range that holds nothing":     {`{enforcement: Deny, rules: [{name: a, partitions: {min: 9, max: 3}}]}`, "spec.rules[0].partitions"},
		"a rule of two kinds":            {`{enforcement: Deny, rules: [{name: a, partitions: {min: 1}, replication: {min: 1}}]}`, "spec.rules[0]"},
		"CEL that does not compile":      {`{enforcement: Deny, rules: [{name: a, cel: {expression: "topic.nmae == ''"}}]}`, "spec.rules[0].cel.expression"},
		"everything that is wrong":       {`{enforcement: Deny, rules: [{name: a, partitions: {min: 0}}, {name: b, replication: {max: 0}}]}`, "spec.rules[0].partitions.min spec.rules[1].replication.max"},
		"a selector that cannot be read": {`{enforcement: Deny, match: {namespaceSelector: {matchExpressions: [{key: a, operator: In}]}}, rules: [{name: a, partitions: {min: 1}}]}`, "spec.match.namespaceSelector"},
	} {
		t.Run(name, func(t *testing.T) {
			response := admission.ValidatePolicy(governed(t, admission.UnmatchedAllow))(t.Context(),
				about(t, admissionv1.Create, "TopicPolicy", nil, topicPolicy(t, "shared", c.spec)))
			assert.Equal(t, c.fields, fieldsOf(response))
			if c.fields != "" {
				assert.EqualValues(t, 422, response.Result.Code)
				assert.Equal(t, metav1.StatusReasonInvalid, response.Result.Reason)
				assert.True(t, strings.HasPrefix(response.Result.Message, "shared breaks "), response.Result.Message)
			}
		})
	}
}

func TestAPolicyIsToldWhatStandsAgainstIt(t *testing.T) {
	few := topicPolicy(t, "few", `{enforcement: Deny, rules: [{name: count, partitions: {max: 2}}]}`)
	many := topicPolicy(t, "many", `{enforcement: Deny, rules: [{name: count, partitions: {min: 3}}]}`)
	for name, c := range map[string]struct {
		there []client.Object
		apply *v1alpha1.TopicPolicy
		want  []string
	}{
		"nothing":                            {nil, many, nil},
		"another policy":                     {[]client.Object{few}, many, []string{"few", "many"}},
		"not what it was itself before":      {[]client.Object{topicPolicy(t, "many", `{enforcement: Deny, rules: [{name: count, partitions: {max: 2}}]}`)}, many, nil},
		"not what two others have to settle": {[]client.Object{few, many}, topicPolicy(t, "third", `{enforcement: Deny, rules: [{name: r, replication: {min: 1}}]}`), nil},
		"the brokers":                        {nil, topicPolicy(t, "third", `{enforcement: Deny, rules: [{name: r, replication: {min: 4}}]}`), []string{"prod", "third"}},
	} {
		t.Run(name, func(t *testing.T) {
			response := admission.ValidatePolicy(governed(t, admission.UnmatchedAllow, c.there...))(t.Context(), about(t, admissionv1.Create, "TopicPolicy", nil, c.apply))
			assert.True(t, response.Allowed, "it is admitted all the same")
			assert.Equal(t, c.want == nil, len(response.Warnings) == 0, response.Warnings)
			for _, want := range c.want {
				assert.Contains(t, strings.Join(response.Warnings, "\n"), want)
			}
		})
	}
}

func TestExceptionsThatCannotWorkAreRefused(t *testing.T) {
	const rest = `match: {namespaces: [shop]}, reason: CHG-1`
	shared := topicPolicy(t, "shared", atLeastThree)
	ended := exception(t, "leave", `{policies: [{name: shared}], `+rest+`, expiresAt: "2026-10-31T00:00:00Z"}`)
	for name, c := range map[string]struct {
		old    *v1alpha1.TopicPolicyException
		spec   string
		fields string
		warns  string
	}{
		"one that works":                   {nil, `{policies: [{name: shared, rules: [count]}], ` + rest + `, expiresAt: "2026-12-01T00:00:00Z"}`, "", ""},
		"from no policy":                   {nil, `{policies: [{name: other}], ` + rest + `, expiresAt: "2026-12-01T00:00:00Z"}`, "", `spec.policies[0].name: there is no TopicPolicy "other"`},
		"from no rule":                     {nil, `{policies: [{name: shared, rules: [cuont]}], ` + rest + `, expiresAt: "2026-12-01T00:00:00Z"}`, "", `spec.policies[0].rules[0]: TopicPolicy "shared" has no rule "cuont"`},
		"that has ended already":           {nil, `{policies: [{name: shared}], ` + rest + `, expiresAt: "2026-10-31T00:00:00Z"}`, "spec.expiresAt", ""},
		"that has ended and stays so":      {ended, `{policies: [{name: shared, rules: [count]}], ` + rest + `, expiresAt: "2026-10-31T00:00:00Z"}`, "", `spec.expiresAt: "2026-10-31T00:00:00Z": it is in the past`},
		"that is to have ended":            {ended, `{policies: [{name: shared}], ` + rest + `, expiresAt: "2026-10-30T00:00:00Z"}`, "spec.expiresAt", ""},
		"from everything for everybody":    {nil, `{policies: [{name: shared}], match: {}, reason: CHG-1, expiresAt: "2026-12-01T00:00:00Z"}`, "spec.match", ""},
		"with everything wrong that there": {nil, `{policies: [{name: shared}], match: {}, reason: " ", expiresAt: "2026-10-31T00:00:00Z"}`, "spec.reason spec.match spec.expiresAt", ""},
	} {
		t.Run(name, func(t *testing.T) {
			operation, old := admissionv1.Create, client.Object(nil)
			if c.old != nil {
				operation, old = admissionv1.Update, c.old
			}
			response := admission.ValidateException(governed(t, admission.UnmatchedAllow, shared))(t.Context(),
				about(t, operation, "TopicPolicyException", old, exception(t, "leave", c.spec)))
			assert.Equal(t, c.fields, fieldsOf(response))
			warned := strings.Join(response.Warnings, "\n")
			assert.Contains(t, warned, c.warns)
			assert.Equal(t, c.warns == "", warned == "", warned)
		})
	}
}

func TestPoliciesThatNobodyChangesAreNotJudged(t *testing.T) {
	wrong := topicPolicy(t, "shared", `{enforcement: Deny}`)
	leaving := wrong.DeepCopy()
	leaving.DeletionTimestamp, leaving.Spec.Priority = &metav1.Time{Time: now()}, 5
	for _, changed := range []*v1alpha1.TopicPolicy{wrong.DeepCopy(), leaving} {
		response := admission.ValidatePolicy(nil)(t.Context(), about(t, admissionv1.Update, "TopicPolicy", wrong, changed))
		assert.True(t, response.Allowed)
	}
	response := admission.ValidatePolicy(nil)(t.Context(), about(t, admissionv1.Create, "TopicPolicyException", nil, wrong))
	assert.EqualValues(t, 400, response.Result.Code, "each kind has its own path")
}

// fieldsOf are the paths of a refusal's causes.
func fieldsOf(response *admissionv1.AdmissionResponse) string {
	if response.Result == nil || response.Result.Details == nil {
		return ""
	}
	var fields []string
	for _, cause := range response.Result.Details.Causes {
		fields = append(fields, cause.Field)
	}
	return strings.Join(fields, " ")
}
