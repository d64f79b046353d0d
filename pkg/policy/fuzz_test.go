package policy_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/policy"
)

// FuzzPolicies compiles whatever decodes as a policy and an exception and judges a topic by them: nothing breaks, and what
// has problems is never taken for a rule that holds.
func FuzzPolicies(f *testing.F) {
	for _, seed := range []string{sharedProd, tightened, atMost60, until2026} {
		text, err := yaml.YAMLToJSON([]byte(seed))
		require.NoError(f, err)
		f.Add(text, []byte(`{"metadata": {"labels": {"data": "pii"}}, "spec": {"topicName": "Orders_v1", "partitions": 500, "config": {"retention.ms": -1}}}`))
	}
	f.Add([]byte(`{"enforcement": "Deny", "rules": [{"name": "a", "config": [{"key": "retention.ms", "min": "-9223372036854775808", "max": 1e30}]}]}`), []byte(`{}`))
	f.Add([]byte(`{"rules": [{"partitions": {"multipleOf": 9223372036854775807, "powerOfTwo": true, "maxGrowthPercent": 9223372036854775807}}]}`), []byte(`{"spec": {"partitions": -5}}`))
	f.Fuzz(func(t *testing.T, spec, manifest []byte) {
		object, leave, declared := &v1alpha1.TopicPolicy{}, &v1alpha1.TopicPolicyException{}, &v1alpha1.KafkaTopic{}
		if json.Unmarshal(spec, &object.Spec) != nil || json.Unmarshal(manifest, declared) != nil {
			return
		}
		_ = json.Unmarshal(spec, &leave.Spec) // whatever it reads
		compiled, problems, _ := policy.Compile(object)
		exception, wrong := policy.CompileException(leave)
		set := policy.NewSet([]*policy.Policy{compiled}, []*policy.Exception{exception})
		in := input(t, `{}`)
		in.New = dialect.Declared(declared)
		result := set.Evaluate(in)
		before := in.New
		in.Old = &before
		again := set.Evaluate(in)
		require.LessOrEqual(t, len(again.Violations), len(result.Violations)+1, "an update that changes nothing is not worse")
		set.Effective(in)
		set.Amount(in)
		set.Contradictions([]policy.Cluster{in.Facts.Cluster})
		if len(wrong) > 0 {
			require.Empty(t, result.Excepted)
		}
		if len(problems) > 0 && len(object.Spec.Rules) > 0 && len(result.Matched) > 0 {
			require.NotNil(t, compiled)
		}
	})
}
