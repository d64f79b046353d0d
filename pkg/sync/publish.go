package sync

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.uber.org/zap"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/audit/inventory"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/sync/status"
	"github.com/topicgate/topicgate/pkg/topic"
)

// mostEvents is how many new orphans get an event each; more share one.
const mostEvents = 10

// takeBaseline records the first complete look before anything is written to Kafka; else a crash in between would make
// topics of our own look as if they had been there before us.
func (r *round) takeBaseline(ctx context.Context, decided plan.Plan) error {
	if !r.first() {
		return nil
	}
	result := r.take(decided)
	if err := r.writeInventory(ctx); err != nil {
		return err
	}
	if err := r.writeCluster(ctx, r.audited(result), decided.Held); err != nil {
		return err
	}
	r.event(r.cluster, topic.BaselineTaken, "first complete look: %d topics were there before, %d of them declared by no KafkaTopic",
		result.Counts.Total, result.Counts.Orphan)
	return nil
}

// inventoryLag is how long changes of single topics wait to be written to the inventory together: an edit storm costs a
// few writes and not one a topic.
const inventoryLag = time.Second

// publish writes inventory and cluster status where they changed.
func (r *round) publish(ctx context.Context, decided plan.Plan) error {
	result := r.take(decided)
	if r.scope == nil {
		r.held, r.incomplete = decided.Held, r.snapshot.Incomplete
		r.announce(result.Orphans)
		r.policies.found(r.name, r.policyFacts(), decided)
		r.Metrics.audited(r.name, result.Counts, r.now, r.snapshot.Complete)
	} else if wait := inventoryLag - r.now.Sub(r.ledger.writtenAt); wait > 0 {
		r.queue.AddAfter(inventoryOnly, wait)
		return nil
	}
	if len(decided.Held) > 0 && r.scope != nil {
		r.queue.Add(everything) // what is held is counted over all topics
	}
	if err := r.findLostShards(ctx); err != nil {
		return err
	}
	if err := r.writeInventory(ctx); err != nil {
		return err
	}
	if err := r.writeCluster(ctx, r.audited(result), r.held); err != nil {
		return err
	}
	r.examine(ctx)
	return nil
}

// findLostShards has shards written again that somebody deleted.
func (r *round) findLostShards(ctx context.Context) error {
	if r.scope != nil {
		return nil
	}
	list := &metav1.PartialObjectMetadataList{}
	list.SetGroupVersionKind(v1alpha1.GroupVersion().WithKind("TopicInventoryList"))
	if err := r.Direct.List(ctx, list, client.MatchingLabels{v1alpha1.ClusterLabel: inventory.Label(r.name)}); err != nil {
		return fmt.Errorf("listing the inventory's shards: %w", err)
	}
	there := map[string]bool{}
	for i := range list.Items {
		there[list.Items[i].Name] = true
	}
	maps.DeleteFunc(r.ledger.written, func(number int64, _ []topic.Entry) bool { return !there[r.shardName(number)] })
	return nil
}

func (r *round) audited(result audit.Result) *status.Audited {
	return &status.Audited{
		Counts: result.Counts, Missing: r.missing(), Shards: r.ledger.shards, Incomplete: r.incomplete,
	}
}

// missing counts objects whose topic is not on the brokers.
func (r *round) missing() int64 {
	var missing int64
	for _, object := range r.objects {
		if _, there := r.ledger.entries[object.TopicName]; !object.Deleting && !there {
			missing++
		}
	}
	return missing
}

// announce tells of new orphans once; those of the baseline were told of in sum.
func (r *round) announce(orphans []topic.Entry) {
	if len(orphans) > mostEvents {
		r.event(r.cluster, topic.OrphanFound, "%d new topics that no KafkaTopic declares: %s", len(orphans), audit.Names(orphans, mostEvents))
		return
	}
	for _, orphan := range orphans {
		r.event(r.cluster, topic.OrphanFound, "topic %s (%s, %d partitions) is on the brokers, and no KafkaTopic declares it",
			orphan.Name, orphan.TopicID, orphan.Partitions)
	}
}

// writeInventory writes the shards that changed. When their number grows, the new ones come first: a reader of all shards
// then sees every topic at any time.
func (r *round) writeInventory(ctx context.Context) error {
	shards := audit.Shards(r.ledger.entries, r.ledger.shards)
	for i, entries := range slices.Backward(shards) {
		before, there := r.ledger.written[int64(i)]
		if there && slices.EqualFunc(before, entries, inventory.Same) {
			continue
		}
		if err := r.applyShard(ctx, r.shard(int64(i), entries)); err != nil {
			return fmt.Errorf("writing inventory shard %s: %w", r.shardName(int64(i)), err)
		}
		r.ledger.written[int64(i)] = entries
	}
	r.ledger.shards, r.ledger.writtenAt = int64(len(shards)), r.now
	return nil
}

func (r *round) shard(number int64, entries []topic.Entry) v1alpha1.TopicInventory {
	made := v1alpha1.TopicInventory{Cluster: r.name, ClusterID: r.Loop.cluster.ID, Shard: number}
	made.Name = r.shardName(number)
	made.Labels = map[string]string{v1alpha1.ClusterLabel: inventory.Label(r.name)}
	for _, entry := range entries {
		made.Topics = append(made.Topics, inventory.Topic(entry))
	}
	return made
}

func (r *round) shardName(number int64) string { return fmt.Sprintf("%s-%03d", r.name, number) }

func (r *round) applyShard(ctx context.Context, made v1alpha1.TopicInventory) error {
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&made)
	if err != nil {
		return fmt.Errorf("encoding: %w", err)
	}
	return r.applyObject(ctx, content, v1alpha1.GroupVersion().WithKind("TopicInventory"))
}

// writeCluster writes the KafkaCluster's status where it changed.
func (r *round) writeCluster(ctx context.Context, audited *status.Audited, held []string) error {
	seen := status.Seen{
		Name: r.name, Cluster: r.Loop.cluster, SpecVersion: r.cluster.Spec.KafkaVersion, Paused: r.cluster.Spec.Paused,
		Audit: audited, Creators: r.creators, Held: held, Frozen: r.frozen.reason, Message: r.frozen.message,
		AutoCreateRemedy: r.remedy(),
	}
	after := status.Reached(r.cluster.Status, r.cluster.Generation, seen, r.now)
	after.Deletions = r.countedDeletions()
	return r.writeClusterStatus(ctx, after)
}

func (r *round) writeUnreached(ctx context.Context, failure topic.Failure) {
	r.Metrics.unreached(r.name)
	after := status.Unreached(r.cluster.Status, r.cluster.Generation, failure, r.now)
	if err := r.writeClusterStatus(ctx, after); err != nil {
		r.Log.Warn("writing the cluster's status", zap.Error(err))
	}
}

func (r *round) writeClusterStatus(ctx context.Context, after v1alpha1.KafkaClusterStatus) error {
	if r.admission != nil {
		after = status.WithAdmission(after, r.cluster.Generation, r.admission.state(), r.now)
	}
	if equality.Semantic.DeepEqual(r.cluster.Status, after) {
		return nil
	}
	patch := &v1alpha1.KafkaCluster{Status: after}
	patch.Name, patch.UID = r.cluster.Name, r.cluster.UID
	if _, err := applyStatus(ctx, r.Client, "KafkaCluster", patch); err != nil {
		return fmt.Errorf("writing the status of KafkaCluster %q: %w", r.name, err)
	}
	r.cluster.Status = after
	return nil
}
