package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/wait"
)

const (
	quotaTopics, quotaPartitions = 60, 100
	quotaClients, quotaEach      = 50, 6
)

// TestFiftyClientsAndTwoWebhooksCannotExceedAQuotaOnTheBrokers lets clients create and grow topics at once, through two
// replicas that know nothing of each other's promises, kills the syncer in the middle, and looks at the brokers all the
// time.
func TestFiftyClientsAndTwoWebhooksCannotExceedAQuotaOnTheBrokers(t *testing.T) {
	w := newTwinWorld(t)
	w.namespace("team")
	w.apply(w.cluster("sync: {resyncInterval: 1s}"))
	w.apply(policyYAML("quota", "enforcement: Deny", fmt.Sprintf("rules: [{name: size, quota: {topics: %d, partitions: %d}}]", quotaTopics, quotaPartitions)))
	w.eventuallyRefused(t, TopicYAML("team", "probe", prod, fmt.Sprintf("partitions: %d", quotaPartitions+1)), "[quota/size]")

	watched := w.watchUsage()
	refused := w.createAtOnce()
	w.syncer.Kill()
	w.startSyncer()
	admitted := w.settledByQuota()
	assert.Positive(t, refused, "the webhooks' forecast stopped some")
	most := watched()
	assert.LessOrEqual(t, most.topics, quotaTopics)
	assert.LessOrEqual(t, most.partitions, quotaPartitions)
	assert.True(t, most.topics == quotaTopics || most.partitions >= quotaPartitions-2, "the quota was used: %+v", most)
	t.Logf("%d creates and growths refused at admission, %d objects admitted of which %d wait; on the brokers at most %+v", refused, admitted.all, admitted.waiting, most)

	w.free(t)
}

// newTwinWorld is a whole installation whose Service spreads requests over two webhooks.
func newTwinWorld(t *testing.T) *world {
	t.Helper()
	t.Parallel()
	service, err := kube.NewService(context.WithoutCancel(t.Context()), 100*time.Millisecond)
	require.NoError(t, err)
	t.Cleanup(service.Close)
	e := Install(t, service.Port())
	for _, name := range []string{"one", "two"} {
		replica, address := e.StartReplica(t, e.certDir, "--shutdown-delay=1s")
		service.Add(name, address, replica.Ready)
		e.Webhook = replica
	}
	return e.withKafka(t, kafkatest.Options{})
}

type brokerUsage struct{ topics, partitions int }

// watchUsage looks at the brokers again and again; what it returns ends that and tells the most that was seen.
func (w *world) watchUsage() func() brokerUsage {
	ctx, stop := context.WithCancel(w.t.Context())
	var most brokerUsage
	var done sync.WaitGroup
	done.Go(func() {
		for ctx.Err() == nil {
			topics, err := kafkatest.ReadTopics(ctx, w.kafka.Internal())
			if err != nil {
				continue
			}
			seen := brokerUsage{topics: len(topics)}
			for _, facts := range topics {
				seen.partitions += facts.Partitions
			}
			most.topics, most.partitions = max(most.topics, seen.topics), max(most.partitions, seen.partitions)
		}
	})
	return func() brokerUsage {
		stop()
		done.Wait()
		return most
	}
}

// createAtOnce has every client create its topics and grow some, and returns how many requests a quota refused.
func (w *world) createAtOnce() int64 {
	w.t.Helper()
	var refused atomic.Int64
	var clients sync.WaitGroup
	for number := range quotaClients {
		clients.Go(func() {
			random := rand.New(rand.NewPCG(uint64(number), 5))
			for i := range quotaEach {
				object := &v1alpha1.KafkaTopic{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: fmt.Sprintf("t-%02d-%d", number, i)}}
				partitions := 1 + random.Int64N(3)
				object.Spec = v1alpha1.KafkaTopicSpec{ClusterRef: &v1alpha1.ClusterRef{Name: "prod"}, Partitions: &partitions}
				err := w.Client.Create(w.t.Context(), object)
				if err == nil && random.IntN(2) == 0 {
					grown := partitions + 1
					object.Spec.Partitions = &grown
					err = w.Client.Update(w.t.Context(), object)
				}
				switch {
				case apierrors.IsInvalid(err):
					refused.Add(1)
				case err != nil && !apierrors.IsConflict(err): // the syncer may have written meanwhile
					assert.NoError(w.t, err)
				}
			}
		})
	}
	clients.Wait()
	return refused.Load()
}

type admittedTopics struct{ all, waiting int }

// settledByQuota waits until every topic is as declared or waits for the quota.
func (w *world) settledByQuota() (found admittedTopics) {
	w.t.Helper()
	wait.For(w.t, Patience, func(ctx context.Context) error {
		var list v1alpha1.KafkaTopicList
		if err := w.Client.List(ctx, &list, client.InNamespace("team")); err != nil {
			return err
		}
		found = admittedTopics{all: len(list.Items)}
		for i := range list.Items {
			object := &list.Items[i]
			ready := meta.FindStatusCondition(object.Status.Conditions, v1alpha1.ConditionReady)
			switch {
			case ready == nil || object.Status.ObservedGeneration != object.Generation:
				return fmt.Errorf("%s is not looked at yet", object.Name)
			case ready.Reason == string(topic.QuotaExceeded):
				found.waiting++
			case ready.Reason != string(topic.Synced):
				return fmt.Errorf("%s: %s: %s", object.Name, ready.Reason, ready.Message)
			}
		}
		return nil
	})
	return found
}

// free deletes every KafkaTopic; then others are let in again.
func (w *world) free(t *testing.T) {
	t.Helper()
	w.kubectl("delete", "kafkatopics.topicgate.io", "--all", "-n", "team", "--wait=false")
	w.eventuallyAllowed(t, TopicYAML("team", "afterwards", prod, "partitions: 50"))
	w.apply(topicYAML("afterwards", "partitions: 50"))
	w.ready("afterwards")
}
