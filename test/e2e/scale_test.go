package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/wait"
)

const createTopics = 19

// create makes many KafkaTopics through the API, faster than kubectl would.
func (w *world) create(count int, spec v1alpha1.KafkaTopicSpec) {
	w.t.Helper()
	spec.ClusterRef = &v1alpha1.ClusterRef{Name: "prod"}
	for i := range count {
		object := &v1alpha1.KafkaTopic{Spec: *spec.DeepCopy()}
		object.Namespace, object.Name = "team", fmt.Sprintf("t-%04d", i)
		require.NoError(w.t, w.Client.Create(w.t.Context(), object))
	}
}

// allReady waits until that many KafkaTopics are Ready.
func (w *world) allReady(count int) {
	w.t.Helper()
	wait.For(w.t, 5*time.Minute, func(ctx context.Context) error {
		var list v1alpha1.KafkaTopicList
		if err := w.Client.List(ctx, &list, client.InNamespace("team")); err != nil {
			return err
		}
		ready := 0
		for i := range list.Items {
			if meta.IsStatusConditionTrue(list.Items[i].Status.Conditions, v1alpha1.ConditionReady) {
				ready++
			}
		}
		if ready != count {
			return fmt.Errorf("%d of %d topics are Ready", ready, count)
		}
		return nil
	})
}

func (w *world) creations() (requests, topics int) {
	for _, request := range w.kafka.Mutations() {
		if request.Key == createTopics {
			requests++
			topics += request.Topics
		}
	}
	return requests, topics
}

func TestAThousandTopicsReleasedAtOnceTakeTwoRequestsAndThenNothingIsWritten(t *testing.T) {
	const count = 1000
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster("paused: true"))
	w.clusterCondition("Ready", "True", "Paused")
	three := int64(3)
	w.create(count, v1alpha1.KafkaTopicSpec{Partitions: &three})
	wait.For(t, Patience, func(context.Context) error {
		if waiting := w.api.CountWrites(func(write kube.Write) bool { return write.Subresource == "status" && write.Resource == "kafkatopics" }); waiting < count {
			return fmt.Errorf("%d of %d topics were told that they wait", waiting, count)
		}
		return nil
	})
	w.kafka.ResetCounts()
	w.api.Reset()
	w.kubectl("patch", "tgc", "prod", "--type=merge", "-p", `{"spec":{"paused":false}}`)
	w.allReady(count)
	requests, topics := w.creations()
	assert.LessOrEqual(t, requests, 2, "CreateTopics requests")
	assert.Equal(t, count, topics, "no topic is asked for twice")
	statuses := w.api.CountWrites(func(write kube.Write) bool { return write.Resource == "kafkatopics" })
	assert.Equal(t, count, statuses, "one status write a topic")
	w.quiet()
}

func TestTopicsAppliedLiveAreMadeInRoundsAndNeverOneByOne(t *testing.T) {
	const count = 1000
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster())
	w.clusterCondition("Ready", "True", "Synced")
	started := time.Now()
	w.create(count, v1alpha1.KafkaTopicSpec{})
	took := time.Since(started)
	w.allReady(count)
	requests, topics := w.creations()
	t.Logf("%d topics created over %s: %d CreateTopics requests", count, took.Round(time.Millisecond), requests)
	assert.Equal(t, count, topics, "no topic is asked for twice")
	assert.LessOrEqual(t, requests, count/10, "creations are batched")
	w.quiet()
}
