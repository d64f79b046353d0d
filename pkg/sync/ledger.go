package sync

import (
	"context"
	"fmt"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/audit/inventory"
	"github.com/topicgate/topicgate/pkg/audit/world"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
)

// ledger is what is remembered of the topics on the brokers; the inventory is its copy in the API server.
type ledger struct {
	loaded    bool
	clusterID string
	entries   map[string]topic.Entry
	missed    map[string]int
	// written are the entries of the shards as they were last written, by number; a shard that equals is not written again.
	written map[int64][]topic.Entry
	shards  int64
	// scan is what was asked in this round beside the look itself. The times say when such things were last asked: everything
	// of a scan; the sizes of all topics; the sizes of topics that had none.
	scan                                 audit.Scan
	scannedAt, measuredAt, measuredNewAt time.Time
	// writtenAt is when the inventory was last looked through for changes.
	writtenAt time.Time
}

// recall reads the inventory back, when the loop starts and when its brokers became another cluster.
func (r *round) recall(ctx context.Context) error {
	if r.ledger.loaded && r.ledger.clusterID == r.Loop.cluster.ID {
		return nil
	}
	var list v1alpha1.TopicInventoryList
	if err := r.Direct.List(ctx, &list, client.MatchingLabels{v1alpha1.ClusterLabel: inventory.Label(r.name)}); err != nil {
		return fmt.Errorf("reading the inventory back: %w", err)
	}
	found := ledger{
		loaded: true, clusterID: r.Loop.cluster.ID, entries: map[string]topic.Entry{}, missed: map[string]int{},
		written: map[int64][]topic.Entry{}, shards: r.cluster.Status.InventoryShards,
	}
	for _, shard := range list.Items {
		if shard.Cluster == r.name && shard.ClusterID == r.Loop.cluster.ID {
			found.read(shard)
		}
	}
	otherCluster := len(found.entries) == 0 && r.cluster.Status.ClusterID != r.Loop.cluster.ID
	shardLost := int64(len(found.written)) < found.shards
	if otherCluster || shardLost {
		found.shards = 0 // a baseline is due again: what is there now must not look new, and so be anybody's
	}
	r.ledger = found
	return nil
}

func (l *ledger) read(shard v1alpha1.TopicInventory) {
	written := make([]topic.Entry, len(shard.Topics))
	for i := range shard.Topics {
		written[i] = inventory.Entry(&shard.Topics[i])
		l.entries[written[i].Name] = written[i]
	}
	l.written[shard.Shard] = written
}

// first says that no baseline was ever taken.
func (r *round) first() bool { return r.ledger.shards == 0 }

// remember notes what is seen now, before the plan asks what was there first.
func (r *round) remember() {
	in := r.auditInput(nil)
	for name, seen := range r.snapshot.Topics {
		r.ledger.entries[name] = in.Remember(seen)
	}
}

func (r *round) auditInput(owners map[string]topic.Ref) audit.Input {
	return audit.Input{
		Now: r.now, Grace: grace(r.cluster.Spec), First: r.first(), Snapshot: r.snapshot,
		Previous: r.ledger.entries, Missed: r.ledger.missed, Owners: owners, Elsewhere: r.elsewhere(),
		Ignore: world.Rules(r.cluster.Spec), Reserved: r.facts().Reserved, Brokers: audit.BrokersOf(r.Loop.cluster), Scan: r.ledger.scan,
	}
}

// take turns what was seen and decided into the new inventory.
func (r *round) take(decided plan.Plan) audit.Result {
	result := audit.Take(r.auditInput(decided.Owners))
	r.ledger.entries, r.ledger.missed = result.Entries, result.Missed
	return result
}

// recreated notes which topic another one took the place of, for the audit.
func (l *ledger) recreated(name, former string) {
	if entry, known := l.entries[name]; known {
		entry.FormerID = former
		l.entries[name] = entry
	}
}
