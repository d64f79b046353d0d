package e2e

import (
	"context"
	"fmt"
	"time"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/wait"
)

// metadataRequest is the API key of the request that every look at all topics starts with.
const metadataRequest = 3

// quiet closes a test: in a converged system, further looks at everything write nothing, neither to Kafka nor to
// Kubernetes, the lease aside (law 7). It waits until nothing was written during a whole look, then watches two more.
func (w *world) quiet() {
	w.t.Helper()
	w.kubectl("patch", "tgc", "prod", "--type=merge", "-p", `{"spec":{"sync":{"resyncInterval":"1s"}}}`)
	generation := w.clusterObject().Generation
	wait.For(w.t, Patience, func(context.Context) error {
		if seen := w.clusterObject().Status.ObservedGeneration; seen != generation {
			return fmt.Errorf("the syncer has not seen generation %d yet", generation)
		}
		return nil
	})
	wait.For(w.t, Patience, func(ctx context.Context) error {
		w.kafka.ResetCounts()
		w.api.Reset()
		if err := w.looks(ctx, 2); err != nil {
			return err
		}
		if w.api.CountWrites(stored) > 0 {
			return fmt.Errorf("still writing: %v", w.api.Writes())
		}
		return nil
	})
	w.kafka.ResetCounts()
	w.api.Reset()
	wait.For(w.t, Patience, func(ctx context.Context) error { return w.looks(ctx, 2) })
	assert.Empty(w.t, w.kafka.Mutations(), "Kafka mutations of a converged system")
	assert.Zero(w.t, w.api.CountWrites(stored), "Kubernetes writes of a converged system: %v", w.api.Writes())
}

// stored leaves out the dry runs that probe admission.
func stored(write kube.Write) bool { return !write.DryRun }

// looks waits for some looks at the brokers.
func (w *world) looks(ctx context.Context, count int) error {
	return wait.Until(ctx, 30*time.Second, func(context.Context) error {
		if seen := w.kafka.Requests()[metadataRequest]; seen < count {
			return fmt.Errorf("%d of %d looks", seen, count)
		}
		return nil
	})
}

func (w *world) clusterObject() *v1alpha1.KafkaCluster {
	var cluster v1alpha1.KafkaCluster
	if err := w.Client.Get(w.t.Context(), clientKey("prod"), &cluster); err != nil {
		return &v1alpha1.KafkaCluster{}
	}
	return &cluster
}

// clusterCondition waits until the KafkaCluster has a condition, and gives back its message.
func (w *world) clusterCondition(kind, status, reason string) (message string) {
	w.t.Helper()
	wait.For(w.t, Patience, func(context.Context) error {
		found := meta.FindStatusCondition(w.clusterObject().Status.Conditions, kind)
		if found == nil || string(found.Status) != status || found.Reason != reason {
			return fmt.Errorf("want %s=%s (%s), have %+v", kind, status, reason, found)
		}
		message = found.Message
		return nil
	})
	return message
}
