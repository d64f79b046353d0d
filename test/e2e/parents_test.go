package e2e

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

func TestANamespaceOfAThousandDeleteTopicsGoesAndEveryTopicStays(t *testing.T) {
	const count = 1000
	w := newWorld(t, kafkatest.Options{})
	require.NoError(t, w.Plane.StartControllerManager(t.Context()))
	w.namespace("team")
	w.apply(w.cluster("deletion: {protection: None, limit: {topics: 100000}}"))
	w.create(count, v1alpha1.KafkaTopicSpec{DeletionPolicy: v1alpha1.DeletionDelete})
	w.allReady(count)
	w.kubectl("delete", "namespace", "team", "--timeout=180s")
	assert.Len(t, kafkatest.Topics(t, w.kafka.Internal()), count)
}

func TestDeletingTheCRDsDeletesNoTopic(t *testing.T) {
	const count = 50
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster("deletion: {protection: None, limit: {topics: 100000}}"))
	w.create(count, v1alpha1.KafkaTopicSpec{DeletionPolicy: v1alpha1.DeletionDelete})
	w.allReady(count)
	w.kubectl("delete", "crd", "kafkatopics.topicgate.io", "--timeout=120s")
	w.kubectl("delete", "crd", "kafkaclusters.topicgate.io", "topicinventories.topicgate.io", "--timeout=120s")
	assert.Len(t, kafkatest.Topics(t, w.kafka.Internal()), count)
}

func TestDeletingTheKafkaClusterReleasesItsTopics(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster("deletion: {protection: None}"))
	w.apply(topicYAML("orders", "deletionPolicy: Delete"))
	w.ready("orders")
	w.kubectl("delete", "tgc", "prod", "--timeout=60s")
	w.kubectl("delete", "kafkatopics.topicgate.io", "-n", "team", "orders", "--timeout=60s")
	assert.Contains(t, kafkatest.Topics(t, w.kafka.Internal()), "orders")
}
