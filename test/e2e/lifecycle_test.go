package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/wait"
)

func TestGrowthConfigChangesAndRemovedKeysArrive(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster())
	w.apply(topicYAML("orders", "partitions: 1", "config: {retention.ms: 3600000, segment.bytes: 2097152}"))
	w.ready("orders")

	w.apply(topicYAML("orders", "partitions: 4", "config: {retention.ms: 7200000}"))
	object := w.ready("orders")
	facts := w.broker("orders", func(facts kafkatest.TopicFacts) bool {
		return facts.Partitions == 4 && facts.Config["retention.ms"] == "7200000"
	})
	assert.Equal(t, map[string]string{"retention.ms": "7200000"}, facts.Config, "a removed key goes back to the brokers' default")
	assert.EqualValues(t, 4, object.Status.Partitions)
	assert.Equal(t, []string{"retention.ms"}, object.Status.ManagedConfig)

	w.apply(topicYAML("orders", "partitions: 2", "config: {retention.ms: 7200000}"))
	w.condition("orders", "Stalled", "True", "PartitionsDecreased")
	w.broker("orders", func(facts kafkatest.TopicFacts) bool { return facts.Partitions == 4 })
	w.quiet()
}

func TestDriftIsCorrectedAndWhatNobodyListedIsReported(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster("sync: {resyncInterval: 1s}"))
	w.apply(topicYAML("orders", "config: {retention.ms: 3600000}"))
	w.ready("orders")
	w.alterBehindBack("orders", map[string]string{"retention.ms": "1000", "segment.ms": "60000"})
	w.broker("orders", func(facts kafkatest.TopicFacts) bool { return facts.Config["retention.ms"] == "3600000" })
	object := w.condition("orders", "Drifted", "True", "UnlistedConfig")
	assert.Contains(t, fmt.Sprint(object.Status.Conditions), "segment.ms")
	w.ready("orders")
}

func TestATopicDeletedBehindKubernetesBackIsMadeAgainWithAWarning(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster("sync: {resyncInterval: 1s}"))
	w.apply(topicYAML("orders"))
	before := w.ready("orders").Status.TopicID
	w.deleteBehindBack("orders")
	w.broker("orders", func(facts kafkatest.TopicFacts) bool { return facts.ID != before })
	wait.For(t, Patience, func(context.Context) error {
		events := w.kubectl("get", "events", "-n", "team", "-o", "jsonpath={.items[*].reason}")
		if !strings.Contains(events, "TopicMissing") {
			return fmt.Errorf("events: %s", events)
		}
		return nil
	})
	wait.For(t, Patience, func(context.Context) error {
		if object := w.ready("orders"); object.Status.TopicID == before {
			return fmt.Errorf("the status still has the lost topic's ID")
		}
		return nil
	})
}

func TestDeletingAnObjectDeletesItsTopicOnlyWhenItsPolicySaysSo(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster("sync: {resyncInterval: 1s}"))
	w.apply(topicYAML("kept") + topicYAML("deleted", "deletionPolicy: Delete") + topicYAML("busy", "deletionPolicy: Delete"))
	kept := w.ready("kept")
	assert.Empty(t, kept.Finalizers, "a Retain object is never held up")
	assert.Contains(t, w.ready("deleted").Finalizers, "topicgate.io/topic")
	w.ready("busy")
	kafkatest.Produce(t, w.kafka.Internal(), "busy", "a record")

	w.kubectl("delete", "kafkatopics.topicgate.io", "-n", "team", "kept", "deleted", "busy", "--wait=false")
	w.absent("deleted")
	w.gone("deleted")
	w.condition("busy", "Stalled", "True", "DeletionProtected")
	w.broker("busy", func(kafkatest.TopicFacts) bool { return true })
	w.class("kept", "Released")

	w.kubectl("patch", "kafkatopics.topicgate.io", "-n", "team", "busy", "--type=merge", "-p", `{"spec":{"deletionPolicy":"Retain"}}`)
	w.gone("busy")
	w.class("busy", "Released")
	w.broker("busy", func(kafkatest.TopicFacts) bool { return true })
}

func TestTheFinalizerComesAndGoesWithTheDeletionPolicy(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster())
	w.apply(topicYAML("orders"))
	w.ready("orders")
	w.apply(topicYAML("orders", "deletionPolicy: Delete"))
	assert.Contains(t, w.ready("orders").Finalizers, "topicgate.io/topic")
	w.apply(topicYAML("orders", "deletionPolicy: Retain"))
	assert.Empty(t, w.ready("orders").Finalizers)
	w.quiet()
}

func TestAReplacedObjectKeepsItsTopicAndGetsItsFinalizerBack(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster())
	yaml := topicYAML("orders", "deletionPolicy: Delete")
	w.apply(yaml)
	made := w.ready("orders")
	require.Contains(t, made.Finalizers, "topicgate.io/topic")
	_, stderr, code := w.Plane.Kubectl(t.Context(), yaml, "replace", "-f", "-") // as Argo CD does with Replace=true
	require.Zero(t, code, stderr)
	wait.For(t, Patience, func(context.Context) error {
		if object := w.topic("orders"); len(object.Finalizers) == 0 {
			return errNotYet
		}
		return nil
	})
	assert.Equal(t, made.Status.TopicID, w.ready("orders").Status.TopicID)
	w.quiet()
}

func TestOfTwoObjectsForOneTopicTheOlderOwnsItAndTheOtherCannotDeleteIt(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster("sync: {resyncInterval: 1s}"))
	w.apply(topicYAML("first", "topicName: Orders", "deletionPolicy: Delete"))
	owner := w.ready("first")
	w.apply(topicYAML("second", "topicName: Orders", "deletionPolicy: Delete", "partitions: 9"))
	loser := w.condition("second", "Stalled", "True", "DuplicateClaim")
	assert.Contains(t, fmt.Sprint(loser.Status.Conditions), "team/first")
	assert.Empty(t, loser.Status.TopicID)

	w.kubectl("patch", "kafkatopics.topicgate.io", "-n", "team", "second", "--type=merge", "-p", `{"metadata":{"finalizers":["topicgate.io/topic"]}}`)
	w.kubectl("delete", "kafkatopics.topicgate.io", "-n", "team", "second", "--timeout=60s")
	facts := w.broker("Orders", func(kafkatest.TopicFacts) bool { return true })
	assert.Equal(t, owner.Status.TopicID, facts.ID)
	assert.Equal(t, 1, facts.Partitions)
}

func TestATopicThatWasThereBeforeIsAdoptedOnlyByPermissionAndThenWithoutAWrite(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.kubectl("create", "namespace", "team")
	w.createBehindBack("legacy", 3, map[string]string{"retention.ms": "3600000"})
	w.createBehindBack("other", 1, nil)
	w.apply(w.cluster("sync: {resyncInterval: 1s}", "adoption: {namespaceSelector: {matchLabels: {adopts: \"true\"}}}"))
	w.class("legacy", "Orphan", "Candidate")
	w.kafka.ResetCounts()

	w.apply(topicYAML("legacy", "partitions: 3", "config: {retention.ms: 3600000}", "deletionPolicy: Delete"))
	w.condition("legacy", "Stalled", "True", "AdoptionNotPermitted")

	w.kubectl("label", "namespace", "team", "adopts=true")
	w.ready("legacy")
	w.apply(topicYAML("other", "partitions: 5"))
	w.condition("other", "Stalled", "True", "AdoptionDiffers")
	assert.Empty(t, w.kafka.Mutations(), "adopting what is there already changes nothing")

	w.kubectl("annotate", "kafkatopics.topicgate.io", "-n", "team", "other", "topicgate.io/adopt=true")
	w.ready("other")
	w.broker("other", func(facts kafkatest.TopicFacts) bool { return facts.Partitions == 5 })
	w.class("legacy", "Managed")
}

func TestAPausedClusterIsOnlyObserved(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster("paused: true"))
	w.apply(topicYAML("orders", "partitions: 2"))
	object := w.condition("orders", "Ready", "False", "Paused")
	assert.Contains(t, fmt.Sprint(object.Status.Conditions), "would create topic orders")
	require.Empty(t, w.kafka.Mutations())
	w.kubectl("patch", "tgc", "prod", "--type=merge", "-p", `{"spec":{"paused":false}}`)
	w.ready("orders")
}
