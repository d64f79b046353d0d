package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

// foreignCRDs installs CRDs of other products by their names, and waits until they are served.
func (w *world) foreignCRDs(names ...string) {
	w.t.Helper()
	objects, err := manifests.Render(manifests.ForeignCRDs)
	require.NoError(w.t, err)
	objects = slices.DeleteFunc(objects, func(object *unstructured.Unstructured) bool { return !slices.Contains(names, object.GetName()) })
	require.Len(w.t, objects, len(names))
	require.NoError(w.t, manifests.Apply(w.t.Context(), w.Plane.Config(), objects))
	for _, name := range names {
		wait.For(w.t, Patience, func(ctx context.Context) error {
			if _, stderr, code := w.Plane.Kubectl(ctx, "", "get", name, "-A"); code != 0 {
				return fmt.Errorf("%s: %s", name, stderr)
			}
			return nil
		})
	}
}

// events are the events, one a line.
func (w *world) events() string {
	return w.kubectl("get", "events", "-A", "-o", `jsonpath={range .items[*]}{.reason}: {.message}{"\n"}{end}`)
}

const (
	strimziTopics   = "kafkatopics.kafka.strimzi.io"
	koperatorTopics = "kafkatopics.kafka.banzaicloud.io"
	byStrimzi       = "operatedBy: {kind: Strimzi, namespace: kafka, name: prod}"
	byKoperator     = "operatedBy: {kind: Koperator, namespace: kafka, name: prod}"
	audited         = "audit: {interval: 1s, gracePeriod: 2s}"
)

// strimziTopic is a KafkaTopic of Strimzi for the Kafka object kafka/prod, with more of its spec as given.
func strimziTopic(namespace, name, cluster, topicName string) string {
	return fmt.Sprintf(`
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaTopic
metadata: {name: %s, namespace: %s, labels: {strimzi.io/cluster: %s}}
spec: {topicName: %s, partitions: 1, replicas: 1}
`, name, namespace, cluster, topicName)
}

func koperatorTopic(namespace, name, cluster, topicName string) string {
	return fmt.Sprintf(`
---
apiVersion: kafka.banzaicloud.io/v1alpha1
kind: KafkaTopic
metadata: {name: %s, namespace: %s}
spec: {name: %s, partitions: 1, replicationFactor: 1, clusterRef: {name: %s, namespace: kafka}}
`, name, namespace, topicName, cluster)
}

func TestTopicsOfStrimziAreNoOrphansAndNotDeclaredHereToo(t *testing.T) {
	w := newGatedWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.namespace("kafka")
	w.foreignCRDs(strimziTopics)
	w.apply(strimziTopic("kafka", "early", "prod", "Early_v1") + strimziTopic("team", "stranger", "prod", "other-namespace") + strimziTopic("kafka", "other", "stage", "other-cluster"))
	for _, name := range []string{"Early_v1", "other-namespace", "other-cluster"} {
		w.createBehindBack(name, 1, nil)
	}
	w.apply(w.cluster(byStrimzi, audited))
	entry := w.class("Early_v1", "ManagedElsewhere")
	require.NotNil(t, entry.Object)
	assert.Equal(t, "kafka.strimzi.io kafka/early", entry.Object.Group+" "+entry.Object.Namespace+"/"+entry.Object.Name)
	w.class("other-namespace", "Orphan")
	w.class("other-cluster", "Orphan")

	t.Run("an object that comes later counts at once", func(_ *testing.T) {
		w.apply(strimziTopic("kafka", "late", "prod", "late"))
		w.createBehindBack("late", 1, nil)
		w.class("late", "ManagedElsewhere")
	})
	t.Run("the webhook refuses it here and names the other object", func(t *testing.T) {
		wait.For(t, Patience, func(context.Context) error {
			_, stderr, code := w.Apply(t, topicYAML("late"), "--dry-run=server")
			if code == 0 || !strings.Contains(stderr, "the topic is declared by kafkatopics.kafka.strimzi.io kafka/late") {
				return fmt.Errorf("%d: %s", code, stderr)
			}
			return nil
		})
	})
	t.Run("a topic that Strimzi no longer manages, but does not delete, is an orphan", func(_ *testing.T) {
		w.kubectl("annotate", strimziTopics, "-n", "kafka", "late", "strimzi.io/managed=false")
		w.class("late", "Candidate", "Orphan")
		w.class("late", "Orphan")
		w.kubectl("annotate", strimziTopics, "-n", "kafka", "late", "strimzi.io/managed-")
		w.class("late", "ManagedElsewhere")
	})
	t.Run("an object that waits for its deletion still declares its topic", func(_ *testing.T) {
		w.kubectl("patch", strimziTopics, "-n", "kafka", "early", "--type=merge", "-p", `{"metadata":{"finalizers":["strimzi.io/topic-operator"]}}`)
		w.kubectl("delete", strimziTopics, "-n", "kafka", "early", "--wait=false")
		w.quiet()
		w.class("Early_v1", "ManagedElsewhere")
		w.kubectl("patch", strimziTopics, "-n", "kafka", "early", "--type=merge", "-p", `{"metadata":{"finalizers":null}}`)
		w.class("Early_v1", "Candidate", "Orphan")
		w.class("Early_v1", "Orphan")
	})
	assert.NotContains(t, w.events(), "topic Early_v1 ", "it was there at the first look, so it makes no event")
	t.Run("what goes with its CRD is declared no longer", func(_ *testing.T) {
		w.kubectl("delete", "crd", strimziTopics)
		w.class("late", "Orphan")
		w.quiet()
	})
	t.Run("a CRD that comes back is found without a restart", func(_ *testing.T) {
		w.foreignCRDs(strimziTopics)
		w.apply(strimziTopic("kafka", "late", "prod", "late"))
		w.class("late", "ManagedElsewhere")
		w.quiet()
	})
}

func TestTopicsOfKoperatorAreNoOrphans(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.namespace("kafka")
	w.createBehindBack("orders", 1, nil)
	w.apply(w.cluster(byKoperator, audited, "adoption: {namespaceSelector: {}}"))
	w.class("orders", "Orphan") // there is no CRD yet
	w.foreignCRDs(koperatorTopics)
	w.apply(koperatorTopic("team", "a", "prod", "orders") + koperatorTopic("team", "b", "stage", "payments"))
	entry := w.class("orders", "ManagedElsewhere")
	assert.Equal(t, "kafka.banzaicloud.io team/a", entry.Object.Group+" "+entry.Object.Namespace+"/"+entry.Object.Name)
	w.createBehindBack("payments", 1, nil)
	w.class("payments", "Orphan")

	w.apply(topicYAML("orders"))
	refused := w.condition("orders", "Ready", "False", "ManagedElsewhere")
	assert.Empty(t, refused.Status.TopicID)
	w.quiet()

	w.syncer.Kill()
	w.startSyncer()
	w.quiet()
	w.class("orders", "ManagedElsewhere")

	w.kubectl("delete", koperatorTopics, "-n", "team", "a")
	w.ready("orders") // nobody else declares it, and this namespace may adopt
	w.class("orders", "Managed")
	w.apply(koperatorTopic("team", "a", "prod", "orders"))
	w.class("orders", "Managed") // an owner stays the owner; the audit names both
	w.quiet()
}

func TestTheSyncerWorksWithoutTheRightToReadOtherProductsTopics(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.foreignCRDs(strimziTopics)
	w.namespace("kafka")
	w.apply(strimziTopic("kafka", "orders", "prod", "orders"))
	w.createBehindBack("orders", 1, nil)
	w.mayReadForeignTopics("kafka.example")
	w.apply(w.cluster(byStrimzi, audited))
	w.class("orders", "Orphan")
	w.quiet()
	w.mayReadForeignTopics("kafka.strimzi.io") // granted later
	w.class("orders", "ManagedElsewhere")
	w.quiet()
}

// mayReadForeignTopics has the syncer read the topics of one API group, and not of others.
func (w *world) mayReadForeignTopics(group string) {
	w.t.Helper()
	index := -1
	groups := strings.Split(w.kubectl("get", "clusterrole", "topicgate-syncer", "-o", `jsonpath={range .rules[*]}{.apiGroups[0]}/{.resources[0]}{"\n"}{end}`), "\n")
	for i, rule := range groups {
		if strings.HasPrefix(rule, "kafka.") {
			index = i
		}
	}
	require.NotEqual(w.t, -1, index, groups)
	w.kubectl("patch", "clusterrole", "topicgate-syncer", "--type=json", "-p",
		fmt.Sprintf(`[{"op":"replace","path":"/rules/%d/apiGroups","value":[%q]}]`, index, group))
}
