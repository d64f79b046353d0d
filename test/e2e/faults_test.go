package e2e

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/wait"
)

func TestASyncerKilledInMidBatchLosesNothingAndCreatesNothingTwice(t *testing.T) {
	const count = 300
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster("paused: true"))
	w.clusterCondition("Ready", "True", "Paused")
	w.create(count, v1alpha1.KafkaTopicSpec{DeletionPolicy: v1alpha1.DeletionDelete})
	w.kafka.ResetCounts()
	w.kafka.OnRequest(createTopics, 1, w.syncer.Kill) // the request still reaches the broker
	w.kubectl("patch", "tgc", "prod", "--type=merge", "-p", `{"spec":{"paused":false}}`)
	<-w.syncer.Exited()
	facts := kafkatest.Topics(t, w.kafka.Internal())

	w.startSyncer()
	w.allReady(count)
	after := kafkatest.Topics(t, w.kafka.Internal())
	assert.Len(t, after, count)
	for name, before := range facts {
		assert.Equal(t, before.ID, after[name].ID, "topic %s was made again", name)
	}
	w.quiet()
}

func TestBrokersAndAPIServerMayRestartAtAnyTime(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster())
	w.apply(topicYAML("before"))
	before := w.ready("before")

	require.NoError(t, w.kafka.Kill(1))
	w.apply(topicYAML("during"))
	w.condition("during", "Reconciling", "True", "KafkaUnreachable")
	w.clusterCondition("Reachable", "False", "KafkaUnreachable")
	assert.Equal(t, before.ResourceVersion, w.topic("before").ResourceVersion, "an outage is one condition, not one a topic")
	require.NoError(t, w.kafka.StartNode(t.Context(), 1, nil))
	w.ready("during")
	w.clusterCondition("Reachable", "True", "Connected")

	w.Plane.KillAPIServer()
	require.NoError(t, w.Plane.StartAPIServer(t.Context()))
	wait.For(t, Patience, func(ctx context.Context) error {
		_, stderr, code := w.Plane.Kubectl(ctx, topicYAML("after"), "apply", "-f", "-")
		if code != 0 {
			return fmt.Errorf("applying: %s", stderr)
		}
		return nil
	})
	w.ready("after")
	assert.Equal(t, before.Status.TopicID, w.ready("before").Status.TopicID)
	w.quiet()
}
