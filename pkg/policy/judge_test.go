package policy_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// now is the time at which tests judge.
func now() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// parse reads a manifest as the API server would.
func parse[T any](t testing.TB, manifest string) *T {
	t.Helper()
	object := new(T)
	require.NoError(t, yaml.UnmarshalStrict([]byte(manifest), object), manifest)
	return object
}

// compiled is a policy that must compile, made of the YAML of its spec.
func compiled(t testing.TB, name, spec string) *policy.Policy {
	t.Helper()
	object := &v1alpha1.TopicPolicy{Spec: *parse[v1alpha1.TopicPolicySpec](t, spec)}
	object.Name = name
	p, problems, _ := policy.Compile(object)
	require.Empty(t, problems)
	return p
}

// excepting is an exception that must compile, made of the YAML of its spec.
func excepting(t testing.TB, name, spec string) *policy.Exception {
	t.Helper()
	object := &v1alpha1.TopicPolicyException{Spec: *parse[v1alpha1.TopicPolicyExceptionSpec](t, spec)}
	object.Name = name
	e, problems := policy.CompileException(object)
	require.Empty(t, problems)
	return e
}

// declared is a topic of namespace payments, made of a KafkaTopic's YAML without its kind.
func declared(t testing.TB, manifest string) topic.Declared {
	t.Helper()
	object := parse[v1alpha1.KafkaTopic](t, manifest)
	object.Namespace = "payments"
	if object.Name == "" {
		object.Name = "orders"
	}
	return dialect.Declared(object)
}

// input judges a topic as new, on a cluster of three brokers in three racks that have Kafka's own defaults.
func input(t testing.TB, manifest string) policy.Input {
	t.Helper()
	return policy.Input{New: declared(t, manifest), Facts: policy.Facts{
		Now:       now(),
		Namespace: policy.Namespace{Name: "payments", Labels: map[string]string{"kafka-tier": "shared", "team": "pay"}, Known: true},
		Cluster: policy.Cluster{
			Name: "prod-a", Version: "4.4", Configs: topicconfig.For("4.4"), Brokers: 3, Racks: 3,
			DefaultPartitions: 1, DefaultReplicas: 3, ConfigDefaults: map[string]string{},
		},
		Usage: &policy.Usage{},
	}}
}

// says are the texts of violations.
func says(violations []topic.Violation) []string {
	texts := make([]string, 0, len(violations))
	for _, v := range violations {
		texts = append(texts, dialect.Path(v.Field)+": "+v.Text())
	}
	return texts
}
