package e2e

import (
	"testing"

	"github.com/stretchr/testify/assert"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

func TestAValidTopicBecomesReadyAndIsOnTheBrokersAsAsked(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster())
	w.apply(topicYAML("orders", "partitions: 3", "replicas: 1", "config: {retention.ms: 604800000, cleanup.policy: \"compact,delete\"}"))
	object := w.ready("orders")
	facts := w.broker("orders", func(facts kafkatest.TopicFacts) bool { return facts.Partitions == 3 })
	assert.Equal(t, facts.ID, object.Status.TopicID)
	assert.Equal(t, map[string]string{"retention.ms": "604800000", "cleanup.policy": "compact,delete"}, facts.Config)
}
