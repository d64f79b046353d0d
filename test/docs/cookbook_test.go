package docs_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// recipe is what stands below a policy of the cookbook.
type recipe struct {
	Allowed []judged            `json:"allowed"`
	Refused map[string][]judged `json:"refused"`
	Warned  map[string][]judged `json:"warned"`
}

// judged is a topic: a KafkaTopic's spec with its labels and annotations beside it, and its spec before.
type judged struct {
	v1alpha1.KafkaTopicSpec `json:",inline"`
	Labels                  map[string]string        `json:"labels"`
	Annotations             map[string]string        `json:"annotations"`
	Old                     *v1alpha1.KafkaTopicSpec `json:"old"`
}

func TestEveryRecipeOfTheCookbookDoesWhatItSays(t *testing.T) {
	sections := strings.Split(read(t, "docs", "cookbook.md"), "\n## ")[1:]
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```")
	for _, section := range sections {
		title, body, _ := strings.Cut(section, "\n")
		t.Run(title, func(t *testing.T) {
			found := blocks.FindAllStringSubmatch(body, -1)
			require.Len(t, found, 2, "a policy, and what it makes of topics")
			set := cookbookSet(t, found[0][1])
			var want recipe
			require.NoError(t, yaml.UnmarshalStrict([]byte(found[1][1]), &want))
			require.NotZero(t, len(want.Refused)+len(want.Warned))
			for _, topic := range want.Allowed {
				assert.Empty(t, set.Evaluate(topic.input()).Violations, "%+v", topic)
			}
			for rule, topics := range want.Refused {
				for _, topic := range topics {
					assert.Equal(t, []string{rule}, rules(set.Evaluate(topic.input()).Violations), "%+v", topic)
				}
			}
			for rule, topics := range want.Warned {
				for _, topic := range topics {
					result := set.Evaluate(topic.input())
					assert.Empty(t, result.Violations, "%+v", topic)
					assert.Equal(t, []string{rule}, rules(result.Warnings), "%+v", topic)
				}
			}
		})
	}
}

// cookbookSet compiles the policies and exceptions of one block.
func cookbookSet(t *testing.T, block string) *policy.Set {
	t.Helper()
	var policies []*policy.Policy
	var exceptions []*policy.Exception
	for document := range strings.SplitSeq(block, "---\n") {
		if strings.Contains(document, "kind: TopicPolicyException") {
			object := &v1alpha1.TopicPolicyException{}
			require.NoError(t, yaml.UnmarshalStrict([]byte(document), object))
			compiled, problems := policy.CompileException(object)
			require.Empty(t, problems)
			exceptions = append(exceptions, compiled)
			continue
		}
		object := &v1alpha1.TopicPolicy{}
		require.NoError(t, yaml.UnmarshalStrict([]byte(document), object))
		compiled, problems, warnings := policy.Compile(object)
		require.Empty(t, problems)
		require.Empty(t, warnings)
		policies = append(policies, compiled)
	}
	return policy.NewSet(policies, exceptions)
}

func (j judged) input() policy.Input {
	in := policy.Input{New: j.declared(j.KafkaTopicSpec), Facts: policy.Facts{
		Now:       time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC),
		Namespace: policy.Namespace{Name: "payments", Labels: map[string]string{"kafka-tier": "shared", "team": "pay"}, Known: true},
		Cluster: policy.Cluster{
			Name: "prod-a", Version: "4.4", Configs: topicconfig.For("4.4"), Brokers: 3, Racks: 3, DefaultPartitions: 1, DefaultReplicas: 3,
			ConfigDefaults: map[string]string{}, DefaultDeletion: topic.Retain,
		},
		Usage: &policy.Usage{},
	}}
	if j.Old != nil {
		old := j.declared(*j.Old)
		in.Old = &old
	}
	return in
}

func (j judged) declared(spec v1alpha1.KafkaTopicSpec) topic.Declared {
	return dialect.Declared(&v1alpha1.KafkaTopic{
		ObjectMeta: metav1.ObjectMeta{Namespace: "payments", Name: "orders", Labels: j.Labels, Annotations: j.Annotations}, Spec: spec,
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
