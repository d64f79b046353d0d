package policy_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
)

const atMost60 = `{enforcement: Deny, rules: [{name: partitions, partitions: {max: 60}}, {name: owner, metadata: {labels: [{key: owner}]}}]}`

const until2026 = `
policies: [{name: shared, rules: [partitions]}]
match: {namespaces: [payments], topicNames: ["payments.ledger.*"]}
limits: {partitions: {max: 120}}
reason: CHG-1234, replay throughput
expiresAt: "2026-12-31T00:00:00Z"
`

func ledgerOf(t *testing.T, partitions string) policy.Input {
	t.Helper()
	return input(t, `{metadata: {name: ledger, labels: {owner: pay}}, spec: {topicName: payments.ledger.v1, partitions: `+partitions+`}}`)
}

func TestAnExceptionIsAWarningWithTheDaysThatAreLeft(t *testing.T) {
	set := policy.NewSet([]*policy.Policy{compiled(t, "shared", atMost60)}, []*policy.Exception{excepting(t, "ledger", until2026)})
	result := set.Evaluate(ledgerOf(t, "120"))
	assert.Empty(t, says(result.Violations))
	assert.Equal(t, []string{
		"spec.partitions: 120: more than the policy allows; allowed by TopicPolicyException ledger until 2026-12-31 (39 days left): " +
			"CHG-1234, replay throughput; limit: at most 60 (TopicPolicy shared) [shared/partitions]",
	}, says(result.Warnings))
	assert.Equal(t, []policy.Excepted{{
		Exception: "ledger", Policy: "shared", Rule: "partitions", Reason: "CHG-1234, replay throughput",
		ExpiresAt: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC),
	}}, result.Excepted)
}

func TestAnExceptionIsBoundedByItsOwnLimits(t *testing.T) {
	set := policy.NewSet([]*policy.Policy{compiled(t, "shared", atMost60)}, []*policy.Exception{excepting(t, "ledger", until2026)})
	result := set.Evaluate(ledgerOf(t, "121"))
	require.Len(t, result.Violations, 1)
	assert.Contains(t, result.Violations[0].Text(), "more than the policy allows, also by TopicPolicyException ledger; limit: at most 120")
	assert.Empty(t, result.Excepted)
}

func TestAnExpiredExceptionBites(t *testing.T) {
	set := policy.NewSet([]*policy.Policy{compiled(t, "shared", atMost60)}, []*policy.Exception{excepting(t, "ledger", until2026)})
	in := ledgerOf(t, "120")
	in.Facts.Now = time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	result := set.Evaluate(in)
	require.Len(t, result.Violations, 1)
	assert.Contains(t, result.Violations[0].Text(), "(TopicPolicyException ledger has expired)")
}

func TestAnExceptionIsForNothingElse(t *testing.T) {
	set := policy.NewSet([]*policy.Policy{compiled(t, "shared", atMost60)}, []*policy.Exception{excepting(t, "ledger", until2026)})
	for name, manifest := range map[string]string{
		"another topic":             `{metadata: {labels: {owner: pay}}, spec: {topicName: payments.orders.v1, partitions: 61}}`,
		"another rule of its topic": `{metadata: {name: ledger}, spec: {topicName: payments.ledger.v1, partitions: 60}}`,
	} {
		t.Run(name, func(t *testing.T) {
			assert.Len(t, set.Evaluate(input(t, manifest)).Violations, 1)
		})
	}
}

func TestAnExceptionThatMakesNoSenseIsRefusedAndExceptsNothing(t *testing.T) {
	for name, c := range map[string]struct{ spec, path string }{
		"without a reason":                {`{policies: [{name: shared}], match: {namespaces: [a]}, reason: " ", expiresAt: "2026-12-31T00:00:00Z"}`, "spec.reason"},
		"for ever":                        {`{policies: [{name: shared}], match: {namespaces: [a]}, reason: x}`, "spec.expiresAt"},
		"for everybody":                   {`{policies: [{name: shared}], match: {}, reason: x, expiresAt: "2026-12-31T00:00:00Z"}`, "spec.match"},
		"from nothing":                    {`{policies: [], match: {namespaces: [a]}, reason: x, expiresAt: "2026-12-31T00:00:00Z"}`, "spec.policies"},
		"with limits that limit nothing":  {`{policies: [{name: shared}], match: {namespaces: [a]}, limits: {}, reason: x, expiresAt: "2026-12-31T00:00:00Z"}`, "spec.limits"},
		"with limits that nothing passes": {`{policies: [{name: shared}], match: {namespaces: [payments]}, limits: {partitions: {min: 9, max: 3}}, reason: x, expiresAt: "2026-12-31T00:00:00Z"}`, "spec.limits.partitions"},
	} {
		t.Run(name, func(t *testing.T) {
			e, problems := policy.CompileException(&v1alpha1.TopicPolicyException{Spec: *parse[v1alpha1.TopicPolicyExceptionSpec](t, c.spec)})
			require.NotEmpty(t, problems)
			assert.Equal(t, c.path, problems[0].Path)
			set := policy.NewSet([]*policy.Policy{compiled(t, "shared", atMost60)}, []*policy.Exception{e})
			assert.NotEmpty(t, set.Evaluate(ledgerOf(t, "61")).Violations)
		})
	}
}
