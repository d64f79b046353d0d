package vap

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/render"
	"github.com/topicgate/topicgate/pkg/topicconfig"
	"github.com/topicgate/topicgate/test/cookbook"
	"github.com/topicgate/topicgate/test/wait"
)

// namespace is that of the cookbook.
const namespace = "payments"

func namespaceLabels() map[string]string {
	return map[string]string{"kafka-tier": "shared", "team": "pay"}
}

// newPolicyWorld is a world with the cookbook's namespace and a controller that checks types.
func newPolicyWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	require.NoError(t, corev1.AddToScheme(w.api.Scheme()))
	require.NoError(t, w.api.Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace, Labels: namespaceLabels()}}))
	require.NoError(t, w.StartControllerManager(t.Context(), "validatingadmissionpolicy-status-controller"))
	return w
}

// scoped are policies and exceptions whose policies judge only topics with a label of that value, so that many sets can be tried
// on one API server.
type scoped struct {
	policies   []*v1alpha1.TopicPolicy
	exceptions []*v1alpha1.TopicPolicyException
}

const scopeLabel = "scope"

func (s scoped) to(value string) scoped {
	for _, policy := range s.policies {
		if policy.Spec.Match.TopicSelector == nil {
			policy.Spec.Match.TopicSelector = &metav1.LabelSelector{}
		}
		metav1.AddLabelToSelector(policy.Spec.Match.TopicSelector, scopeLabel, value)
	}
	return s
}

// installPolicies applies what is rendered of each set, and waits until the API server found no fault with its types.
func (w *world) installPolicies(t *testing.T, sets ...scoped) (left []string) {
	t.Helper()
	var all render.Static
	for _, s := range sets {
		static, err := render.TopicPolicies(topicconfig.For("4.4"), s.policies, s.exceptions)
		require.NoError(t, err)
		all.Rendered, left = append(all.Rendered, static.Rendered...), append(left, static.Left...)
	}
	if len(all.Rendered) == 0 {
		return left
	}
	stream, err := all.YAML()
	require.NoError(t, err)
	_, stderr, code := w.Kubectl(t.Context(), string(stream), "apply", "--server-side", "-f", "-")
	require.Zero(t, code, stderr)
	for _, rendered := range all.Rendered {
		w.typesHold(t, rendered.Policy.Name)
	}
	return left
}

func (w *world) typesHold(t *testing.T, name string) {
	t.Helper()
	wait.For(t, patience, func(ctx context.Context) error {
		var found admissionv1.ValidatingAdmissionPolicy
		if err := w.api.Get(ctx, client.ObjectKey{Name: name}, &found); err != nil {
			return err
		}
		if found.Status.TypeChecking == nil || found.Status.ObservedGeneration != found.Generation {
			return errNotYet
		}
		assert.Empty(t, found.Status.TypeChecking.ExpressionWarnings, name)
		return nil
	})
}

// notStatic are the cookbook's refusals that rest on what is looked up, or on a field that the topic leaves out.
func notStatic() map[string][]int {
	return map[string][]int{
		"partitions/range":         {2},
		"durability/replicas":      {1, 3},
		"retention/size":           {0},
		"quota/size":               {0, 1, 2},
		"pii/a-month":              {0},
		"pii/compacted-is-bounded": {0},
		"large/reviewed":           {0},
		"large/all-together":       {0},
		"small/partitions":         {0},
	}
}

func TestTheCookbookHoldsWithoutAWebhook(t *testing.T) {
	w := newPolicyWorld(t)
	for i, recipe := range cookbook.Read(t) {
		scope, want := string(rune('a'+i)), recipe.Judged
		t.Run(recipe.Title, func(t *testing.T) {
			left := w.installPolicies(t, scoped{policies: recipe.Policies, exceptions: recipe.Exceptions}.to(scope))
			for rule, topics := range want.Refused {
				for j, topic := range topics {
					if !slices.Contains(notStatic()[rule], j) {
						t.Run(fmt.Sprint("refuses ", rule, j), func(t *testing.T) { w.refuses(t, object(topic, scope), w.stored(t, topic, scope), rule) })
					}
				}
			}
			for rule, topics := range want.Warned {
				for j, topic := range topics {
					if !slices.Contains(notStatic()[rule], j) {
						w.warns(t, object(topic, scope), rule)
					}
				}
			}
			for j, topic := range want.Allowed {
				t.Run(fmt.Sprint("admits ", j), func(t *testing.T) {
					assert.NoError(t, w.try(t.Context(), object(topic, scope), w.stored(t, topic, scope)), "%+v", topic)
				})
			}
			t.Logf("left to the webhook: %q", left)
		})
	}
}

// onlyPolicy is one policy, made of its YAML without kind and version.
func onlyPolicy(t *testing.T, text string) scoped {
	t.Helper()
	policy := &v1alpha1.TopicPolicy{}
	require.NoError(t, yaml.UnmarshalStrict([]byte(text), policy))
	return scoped{policies: []*v1alpha1.TopicPolicy{policy}}
}

func object(j cookbook.Topic, scope string) *v1alpha1.KafkaTopic {
	labels := map[string]string{scopeLabel: scope}
	maps.Copy(labels, j.Labels)
	topic := &v1alpha1.KafkaTopic{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "orders", Labels: labels, Annotations: j.Annotations}, Spec: j.KafkaTopicSpec,
	}
	topic.Spec.ClusterRef = &v1alpha1.ClusterRef{Name: "prod-a"}
	return topic
}

// stored creates what was there before; nil for nothing.
func (w *world) stored(t *testing.T, j cookbook.Topic, scope string) *v1alpha1.KafkaTopic {
	t.Helper()
	if j.Old == nil {
		return nil
	}
	old := object(j, scope)
	old.Spec = *j.Old
	old.Spec.ClusterRef = &v1alpha1.ClusterRef{Name: "prod-a"}
	require.NoError(t, w.api.Create(t.Context(), old))
	t.Cleanup(func() { assert.NoError(t, w.api.Delete(context.WithoutCancel(t.Context()), old.DeepCopy())) })
	return old
}

// refuses waits until a topic is refused, and wants to see by which rule.
func (w *world) refuses(t *testing.T, topic, old *v1alpha1.KafkaTopic, rule string) {
	t.Helper()
	var refused error
	wait.For(t, patience, func(ctx context.Context) error {
		if refused = w.try(ctx, topic, old); refused == nil {
			return errNotYet
		}
		return nil
	})
	assert.Contains(t, refused.Error(), "["+rule+"]", "%+v", topic.Spec)
	assert.ElementsMatch(t, slices.Compact(tags(refused.Error())), []string{rule}, "by no other one")
}

// tags are the rules that a refusal names.
func tags(text string) []string {
	var found []string
	for _, match := range tag.FindAllStringSubmatch(text, -1) {
		found = append(found, match[1])
	}
	return found
}

var tag = regexp.MustCompile(` \[([a-z0-9-]+/[a-z0-9-]+)\]`)

// warns waits until a topic is warned about.
func (w *world) warns(t *testing.T, topic *v1alpha1.KafkaTopic, rule string) {
	t.Helper()
	topic.TypeMeta = metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion().String(), Kind: "KafkaTopic"}
	content, err := yaml.Marshal(topic)
	require.NoError(t, err)
	wait.For(t, patience, func(ctx context.Context) error {
		_, stderr, code := w.Kubectl(ctx, string(content), "apply", "--dry-run=server", "-f", "-")
		require.Zero(t, code, stderr)
		if !strings.Contains(stderr, "Warning: ") || !strings.Contains(stderr, "["+rule+"]") {
			return errNotYet
		}
		return nil
	})
}
