package model

import (
	"maps"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/audit/inventory"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
)

// recall reads the inventory back, once a process.
func (r *round) recall() {
	if r.loaded {
		return
	}
	r.entries, r.missed = map[string]topic.Entry{}, map[string]int{}
	for _, from := range r.w.api.inventory {
		r.entries[from.Name] = inventory.Entry(&from)
	}
	r.loaded, r.shards = true, r.w.api.shards
}

func (r *round) remember() {
	in := auditInput(r, nil)
	for name, seen := range r.snapshot.Topics {
		r.entries[name] = in.Remember(seen)
	}
}

// note remembers for whom a topic was just made.
func (r *round) note(action plan.Action, outcome topic.Outcome) {
	if made, ok := action.(plan.Create); ok && outcome.ID != "" {
		r.entries[outcome.Name] = audit.Made(r.entries, outcome.Name, outcome.ID, made.Ref, r.w.now)
	}
}

func (r *round) take(decided plan.Plan) {
	result := audit.Take(auditInput(r, decided.Owners))
	r.entries, r.missed = result.Entries, result.Missed
}

// takeBaseline records the first complete look before anything is written to Kafka.
func (r *round) takeBaseline(decided plan.Plan) bool {
	if r.shards != 0 {
		return true
	}
	if r.scope != nil || !r.snapshot.Complete {
		return false
	}
	r.take(decided)
	return r.writeInventory()
}

// inventoryLag is how long changes of single topics wait to be written to the inventory together.
const inventoryLag = time.Second

// publish writes the inventory, after a look at single topics a little later.
func (r *round) publish(decided plan.Plan) {
	r.take(decided)
	if r.scope == nil || r.w.now.Sub(r.writtenAt) >= inventoryLag {
		r.writeInventory()
	}
}

// writeInventory writes inventory and cluster status, each only where it changed; the process may die in between.
func (r *round) writeInventory() bool {
	made := make([]v1alpha1.InventoryTopic, 0, len(r.entries))
	for _, name := range slices.Sorted(maps.Keys(r.entries)) {
		made = append(made, inventory.Topic(r.entries[name]))
	}
	if !slices.EqualFunc(r.w.api.inventory, made, sameTopic) || r.w.api.shards == 0 {
		if r.dies() {
			return false
		}
		r.wrote = append(r.wrote, "the inventory")
		r.w.api.inventory = made
		r.w.oracle.published(r.shards == 0)
	}
	if r.w.api.shards == 0 {
		if r.dies() {
			return false
		}
		r.w.api.shards = 1
	}
	r.shards, r.writtenAt = 1, r.w.now
	return true
}

func sameTopic(a, b v1alpha1.InventoryTopic) bool { return equality.Semantic.DeepEqual(a, b) }
