package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

func TestAValidTopicBecomesReadyAndIsOnTheBrokersAsAsked(t *testing.T) {
	for _, version := range kafkatest.Versions() {
		t.Run(version, func(t *testing.T) {
			w := newWorld(t, kafkatest.Options{Version: version})
			w.namespace("team")
			w.apply(w.cluster())
			w.apply(topicYAML("orders", "partitions: 3", "replicas: 1", "config: {retention.ms: 604800000, cleanup.policy: \"compact,delete\"}"))
			object := w.ready("orders")
			facts := w.broker("orders", func(facts kafkatest.TopicFacts) bool { return facts.Partitions == 3 })
			assert.Equal(t, facts.ID, object.Status.TopicID)
			assert.Equal(t, map[string]string{"retention.ms": "604800000", "cleanup.policy": "compact,delete"}, facts.Config)
			assert.True(t, strings.HasPrefix(version, w.clusterObject().Status.KafkaVersion.Value), "the version that the brokers let guess")
			w.quiet()
		})
	}
}

func TestAWholeInstallationGatesAndSyncs(t *testing.T) {
	w := newGatedWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.namespace("stranger")
	w.createBehindBack("legacy", 2, nil)
	w.apply(w.cluster("audit: {interval: 1s, gracePeriod: 0s}"))
	w.class("legacy", "Orphan")

	t.Run("applying the same manifest again writes nothing", func(t *testing.T) {
		for name, flags := range map[string][]string{"client-side": nil, "server-side": {"--server-side"}} {
			manifest := topicYAML(name, "partitions: 3", "config: {retention.ms: 604800000, cleanup.policy: compact}")
			w.MustApply(t, manifest, flags...)
			before := w.ready(name)
			w.MustApply(t, manifest, flags...)
			assert.Equal(t, before.ResourceVersion, w.topic(name).ResourceVersion, name)
		}
	})
	t.Run("a decrease never gets past kubectl", func(t *testing.T) {
		_, stderr, code := w.Apply(t, topicYAML("client-side", "partitions: 1", "config: {retention.ms: 604800000, cleanup.policy: compact}"))
		require.Equal(t, 1, code)
		assert.Contains(t, stderr, "below the 3")
	})
	t.Run("a topic that was there before cannot be taken without the right", func(t *testing.T) {
		_, stderr, code := w.Apply(t, topicYAML("legacy", "partitions: 2"))
		require.Equal(t, 1, code)
		assert.Contains(t, stderr, "may not adopt it")
	})
	t.Run("deleting and applying one file again is everyday work", func(t *testing.T) {
		manifest := topicYAML("everyday", "partitions: 2")
		w.MustApply(t, manifest)
		before := w.ready("everyday").Status.TopicID
		w.kubectl("delete", "kafkatopics.topicgate.io", "-n", "team", "everyday")
		w.MustApply(t, manifest)
		assert.Equal(t, before, w.ready("everyday").Status.TopicID)
		w.kubectl("delete", "kafkatopics.topicgate.io", "-n", "team", "everyday")
		w.class("everyday", "Released")
		_, stderr, code := w.Apply(t, strings.ReplaceAll(manifest, "namespace: team", "namespace: stranger"))
		require.Equal(t, 1, code, "another namespace takes nothing that was released")
		assert.Contains(t, stderr, "may not adopt it")
	})
	t.Run("a server-side dry run changes nothing", func(t *testing.T) {
		w.MustApply(t, topicYAML("dry", "deletionPolicy: Delete"), "--dry-run=server")
		assert.Nil(t, w.topic("dry"))
		assert.NotContains(t, kafkatest.Topics(t, w.kafka.Internal()), "dry")
	})
	t.Run("an object can be deleted while the webhook is dead, and its topic stays", func(t *testing.T) {
		w.MustApply(t, topicYAML("kept"))
		w.ready("kept")
		w.Webhook.Kill()
		w.kubectl("delete", "kafkatopics.topicgate.io", "-n", "team", "kept")
		assert.Contains(t, kafkatest.Topics(t, w.kafka.Internal()), "kept")
		w.StartWebhook(t)
	})
	w.quiet()
}
