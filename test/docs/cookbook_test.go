package docs_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
	"github.com/topicgate/topicgate/test/cookbook"
)

func TestEveryRecipeOfTheCookbookDoesWhatItSays(t *testing.T) {
	for _, recipe := range cookbook.Read(t) {
		t.Run(recipe.Title, func(t *testing.T) {
			set, want := compiled(t, recipe), recipe.Judged
			require.NotZero(t, len(want.Refused)+len(want.Warned))
			for _, topic := range want.Allowed {
				assert.Empty(t, set.Evaluate(input(topic)).Violations, "%+v", topic)
			}
			for rule, topics := range want.Refused {
				for _, topic := range topics {
					assert.Equal(t, []string{rule}, rules(set.Evaluate(input(topic)).Violations), "%+v", topic)
				}
			}
			for rule, topics := range want.Warned {
				for _, topic := range topics {
					result := set.Evaluate(input(topic))
					assert.Empty(t, result.Violations, "%+v", topic)
					assert.Equal(t, []string{rule}, rules(result.Warnings), "%+v", topic)
				}
			}
		})
	}
}

// compiled compiles the policies and exceptions of a recipe, in which nothing is wrong.
func compiled(t *testing.T, recipe cookbook.Recipe) *policy.Set {
	t.Helper()
	var policies []*policy.Policy
	var exceptions []*policy.Exception
	for _, object := range recipe.Policies {
		made, problems, warnings := policy.Compile(object)
		require.Empty(t, problems)
		require.Empty(t, warnings)
		policies = append(policies, made)
	}
	for _, object := range recipe.Exceptions {
		made, problems := policy.CompileException(object)
		require.Empty(t, problems)
		exceptions = append(exceptions, made)
	}
	return policy.NewSet(policies, exceptions)
}

// input judges a topic as the cookbook says it is judged.
func input(judged cookbook.Topic) policy.Input {
	in := policy.Input{New: declared(judged, judged.KafkaTopicSpec), Facts: policy.Facts{
		Now:       time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC),
		Namespace: policy.Namespace{Name: "payments", Labels: map[string]string{"kafka-tier": "shared", "team": "pay"}, Known: true},
		Cluster: policy.Cluster{
			Name: "prod-a", Version: "4.4", Configs: topicconfig.For("4.4"), Brokers: 3, Racks: 3, DefaultPartitions: 1, DefaultReplicas: 3,
			ConfigDefaults: map[string]string{}, DefaultDeletion: topic.Retain,
		},
		Usage: &policy.Usage{},
	}}
	if judged.Old != nil {
		old := declared(judged, *judged.Old)
		in.Old = &old
	}
	return in
}

func declared(judged cookbook.Topic, spec v1alpha1.KafkaTopicSpec) topic.Declared {
	return dialect.Declared(&v1alpha1.KafkaTopic{
		ObjectMeta: metav1.ObjectMeta{Namespace: "payments", Name: "orders", Labels: judged.Labels, Annotations: judged.Annotations}, Spec: spec,
	})
}

// rules are the rules that violations are tagged with, each once.
func rules(violations []topic.Violation) []string {
	var names []string
	for _, violation := range violations {
		for _, rule := range violation.Rules {
			if len(names) == 0 || names[len(names)-1] != rule {
				names = append(names, rule)
			}
		}
	}
	return names
}
