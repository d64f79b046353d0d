package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/wait"
)

func (w *world) left() int {
	topics, err := kafkatest.ReadTopics(w.t.Context(), w.kafka.Internal())
	if err != nil {
		return -1
	}
	return len(topics)
}

func TestDeletionsOverTheLimitWaitForAPersonWhoNamesTheirNumber(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster("sync: {resyncInterval: 1s}", "deletion: {default: Delete, limit: {topics: 3, window: 1h}}"))
	w.create(8, v1alpha1.KafkaTopicSpec{})
	w.allReady(8)
	w.kubectl("delete", "kafkatopics.topicgate.io", "-n", "team", "--all", "--wait=false")
	message := w.clusterCondition("DeletionsHeld", "True", "DeletionHeld")
	assert.Contains(t, message, "5 deletions wait")
	assert.Contains(t, message, "kubectl annotate tgc prod topicgate.io/release-deletions=5")
	w.syncer.Kill() // a restart opens no new window
	w.startSyncer()
	w.clusterCondition("DeletionsHeld", "True", "DeletionHeld")
	assert.Equal(t, 5, w.left())

	w.kubectl("annotate", "tgc", "prod", "topicgate.io/release-deletions=4")
	w.clusterCondition("DeletionsHeld", "True", "DeletionHeld")
	assert.Equal(t, 5, w.left(), "another number releases nothing")
	w.kubectl("annotate", "--overwrite", "tgc", "prod", "topicgate.io/release-deletions=5")
	wait.For(t, Patience, func(context.Context) error {
		if left := w.left(); left != 0 {
			return fmt.Errorf("%d topics are left", left)
		}
		return nil
	})
}

func TestManyTopicsGoneAtOnceStopAllWrites(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster("sync: {resyncInterval: 1s}"))
	w.create(12, v1alpha1.KafkaTopicSpec{})
	w.allReady(12)
	for i := range 12 {
		w.deleteBehindBack(fmt.Sprintf("t-%04d", i))
	}
	wait.For(t, Patience, func(context.Context) error { // a look may fall between two of the deletions
		if message := w.clusterCondition("Stalled", "True", "ClusterChanged"); !strings.Contains(message, "accept-lost-topics=12") {
			return fmt.Errorf("it says: %s", message)
		}
		return nil
	})
	assert.Zero(t, w.left())
	w.kubectl("annotate", "tgc", "prod", "topicgate.io/accept-lost-topics=12")
	wait.For(t, Patience, func(context.Context) error {
		if left := w.left(); left != 12 {
			return fmt.Errorf("%d topics were made again", left)
		}
		return nil
	})
}

func TestOfTwoKafkaClustersForOneKafkaTheOlderSyncs(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.apply(w.cluster())
	w.clusterCondition("Ready", "True", "Synced")
	w.apply(strings.Replace(w.cluster(), "{name: prod}", "{name: twin}", 1))
	wait.For(t, Patience, func(context.Context) error {
		twin := w.kubectl("get", "tgc", "twin", "-o", `jsonpath={.status.conditions[?(@.type=="Stalled")].reason}`)
		if twin != "DuplicateCluster" {
			return fmt.Errorf("twin is stalled by %q", twin)
		}
		return nil
	})
	w.clusterCondition("Ready", "True", "Synced")
}

func TestATopicThatNamesNoClusterGoesToTheDefaultOneAndIsPinnedThere(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(strings.Replace(topicYAML("orders"), "  clusterRef: {name: prod}\n", "", 1) + "  partitions: 1\n")
	w.apply(w.cluster())
	w.condition("orders", "Stalled", "True", "ClusterMissing")
	w.kubectl("annotate", "tgc", "prod", "topicgate.io/default-cluster=true")
	assert.Equal(t, "prod", w.ready("orders").Status.Cluster.Name)
}

func TestAnInventoryThatSomebodyDeletedIsWrittenAgain(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.createBehindBack("legacy", 1, nil)
	w.apply(w.cluster("audit: {interval: 1s, gracePeriod: 0s}"))
	w.class("legacy", "Orphan")
	w.kubectl("delete", "tgi", "--all")
	w.class("legacy", "Orphan")

	w.syncer.Kill()
	w.kubectl("delete", "tgi", "--all")
	w.startSyncer()
	assert.True(t, w.class("legacy", "Orphan", "Candidate").Baseline, "what is forgotten was there before, never new")
}
