package parity

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
)

const (
	// caseLabel scopes a case's policies to its namespace.
	caseLabel = "parity-case"
	// adoptsLabel lets a namespace adopt topics.
	adoptsLabel = "parity-adopts"
)

// world is a case as objects of Kubernetes and topics of Kafka.
type world struct {
	testCase
	cluster         cluster
	namespaceLabels map[string]string
	policies        []*v1alpha1.TopicPolicy
	exceptions      []*v1alpha1.TopicPolicyException
	topic           *v1alpha1.KafkaTopic
	// old is nil for a creation.
	old    *v1alpha1.KafkaTopic
	others []*v1alpha1.KafkaTopic
}

// worlds are all cases, as they are at a time.
func worlds(t *testing.T, now time.Time) []world {
	t.Helper()
	known := clusters(t)
	var all []world
	for _, c := range corpus(t) {
		require.Contains(t, known, c.Cluster, "%s: %s", c.theme, c.It)
		all = append(all, newWorld(t, c, known[c.Cluster], now))
	}
	return all
}

func newWorld(t *testing.T, c testCase, on cluster, now time.Time) world {
	t.Helper()
	w := world{testCase: c, cluster: on, namespaceLabels: map[string]string{caseLabel: c.number}}
	maps.Copy(w.namespaceLabels, c.NamespaceLabels)
	if w.adopting() {
		w.namespaceLabels[adoptsLabel] = "yes"
	}
	for _, name := range slices.Sorted(maps.Keys(c.Policies)) {
		w.policies = append(w.policies, w.policy(name, c.Policies[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Exceptions)) {
		w.exceptions = append(w.exceptions, w.exception(t, name, c.Exceptions[name], now))
	}
	for i, other := range c.Others {
		w.others = append(w.others, w.object(c.namedOther(i, other), now.Add(-time.Hour)))
	}
	w.topic = w.object(c.Topic, now)
	if c.Old != nil {
		w.old = w.object(*c.Old, now)
		if c.Live != nil {
			w.synced(w.old, *c.Live)
			w.topic.Status = w.old.Status
		}
	}
	if w.adopting() {
		metav1.SetMetaDataAnnotation(&w.topic.ObjectMeta, v1alpha1.AdoptAnnotation, "true")
	}
	return w
}

// adopting says that the topic was there before its object.
func (w *world) adopting() bool { return w.Live != nil && w.Old == nil }

// policy is a policy of the case, about its namespace only.
func (w *world) policy(name string, spec v1alpha1.TopicPolicySpec) *v1alpha1.TopicPolicy {
	object := &v1alpha1.TopicPolicy{ObjectMeta: metav1.ObjectMeta{Name: name + "-" + w.number}, Spec: *spec.DeepCopy()}
	selector := object.Spec.Match.NamespaceSelector
	if selector == nil {
		selector = &metav1.LabelSelector{}
		object.Spec.Match.NamespaceSelector = selector
	}
	selector.MatchLabels = maps.Clone(selector.MatchLabels)
	metav1.AddLabelToSelector(selector, caseLabel, w.number)
	return object
}

// exception is an exception of the case, about its namespace only unless it says of which.
func (w *world) exception(t *testing.T, name string, spec exception, now time.Time) *v1alpha1.TopicPolicyException {
	t.Helper()
	until, err := time.ParseDuration(spec.ExpiresIn)
	require.NoError(t, err, "%s: %s", w.theme, w.It)
	object := &v1alpha1.TopicPolicyException{ObjectMeta: metav1.ObjectMeta{Name: name + "-" + w.number}, Spec: *spec.DeepCopy()}
	object.Spec.ExpiresAt = metav1.NewTime(now.Add(until).Truncate(time.Second))
	for i := range object.Spec.Policies {
		object.Spec.Policies[i].Name += "-" + w.number
	}
	if object.Spec.Match.Namespaces == nil {
		object.Spec.Match.Namespaces = []string{w.namespace()}
	}
	return object
}

func (w *world) object(of kafkaTopic, created time.Time) *v1alpha1.KafkaTopic {
	name := w.objectName(of)
	object := &v1alpha1.KafkaTopic{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: w.namespace(), Name: name, Labels: of.Labels, Annotations: maps.Clone(of.Annotations),
			UID: types.UID("uid-" + name), CreationTimestamp: metav1.NewTime(created), Generation: 1,
		},
		Spec: *of.DeepCopy(),
	}
	if object.Spec.ClusterRef == nil {
		object.Spec.ClusterRef = &v1alpha1.ClusterRef{Name: w.cluster.name}
	}
	return object
}

// synced makes it look as if the syncer had made, or found, the topic of an object.
func (w *world) synced(object *v1alpha1.KafkaTopic, live liveTopic) {
	object.Status = v1alpha1.KafkaTopicStatus{
		ObservedGeneration: 1, Cluster: &v1alpha1.SyncedCluster{Name: w.cluster.name, ID: w.cluster.id()},
		TopicName: dialect.Declared(object).TopicName, TopicID: topicID(object), Partitions: live.Partitions, Replicas: live.Replicas,
	}
	for _, key := range slices.Sorted(maps.Keys(object.Spec.Config)) {
		if !slices.Contains(object.Spec.UnmanagedConfig, key) {
			object.Status.ManagedConfig = append(object.Status.ManagedConfig, key)
		}
	}
}

func topicID(object *v1alpha1.KafkaTopic) string { return "t-" + object.Namespace + "-" + object.Name }

// observed is a topic on the brokers.
func observed(object *v1alpha1.KafkaTopic, live liveTopic) topic.Observed {
	return topic.Observed{
		Name: dialect.Declared(object).TopicName, ID: topicID(object), Partitions: live.Partitions, Replicas: live.Replicas,
		Config: live.Config, ConfigKnown: true,
	}
}

// brokerTopics are the topics on the brokers of each cluster, as the inventory holds them.
func brokerTopics(all []world) map[string][]v1alpha1.InventoryTopic {
	found := map[string][]v1alpha1.InventoryTopic{}
	for i := range all {
		w := &all[i]
		if w.Live == nil {
			continue
		}
		seen := observed(w.topic, *w.Live)
		entry := v1alpha1.InventoryTopic{
			Name: seen.Name, TopicID: seen.ID, Partitions: seen.Partitions, Replicas: seen.Replicas, Class: "Orphan", Baseline: true,
		}
		if w.old != nil {
			entry.Class, entry.Object = "Managed", &v1alpha1.ObjectRef{Namespace: w.old.Namespace, Name: w.old.Name, UID: string(w.old.UID)}
		}
		found[w.cluster.name] = append(found[w.cluster.name], entry)
	}
	for _, topics := range found {
		slices.SortFunc(topics, func(a, b v1alpha1.InventoryTopic) int { return strings.Compare(a.Name, b.Name) })
	}
	return found
}

// set compiles the case's policies and exceptions.
func (w *world) set(t *testing.T) *policy.Set {
	t.Helper()
	var policies []*policy.Policy
	var exceptions []*policy.Exception
	for _, object := range w.policies {
		compiled, problems, _ := policy.Compile(object)
		require.Empty(t, problems, "TopicPolicy %s", object.Name)
		policies = append(policies, compiled)
	}
	for _, object := range w.exceptions {
		compiled, problems := policy.CompileException(object)
		require.Empty(t, problems, "TopicPolicyException %s", object.Name)
		exceptions = append(exceptions, compiled)
	}
	return policy.NewSet(policies, exceptions)
}

func (w *world) namespaceFacts() policy.Namespace {
	return policy.Namespace{Name: w.namespace(), Labels: w.namespaceLabels, Annotations: w.NamespaceAnnotations, Known: true}
}
