package parity

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
)

// TestTheSyncerDecidesTheCorpus has the syncer's plan made for each case: what it refuses to do, and what it lets be.
func TestTheSyncerDecidesTheCorpus(t *testing.T) {
	forEach(t, worlds(t, start()), func(t *testing.T, w *world) {
		w.skipWithoutBrokers(t)
		want := w.atSync()
		decided := plan.Compute(w.planned(t, start()))
		got := refusedBy(decided, w.topic)
		w.compare(t, expectation{Refuses: want.Refuses}, got)
		if len(want.Refuses)+len(w.Builtin) > 0 {
			return
		}
		require.Empty(t, decided.Refusals)
		if len(decided.Settled) == 0 {
			assert.NotEmpty(t, decided.Actions, "what is not refused and not settled is done")
			return
		}
		// Of a topic that is as declared it is told which rules it breaks; what nobody could judge it does not break.
		told := tagSet{}
		for _, breaks := range decided.Settled[0].Breaks {
			told[strings.Fields(breaks)[2]] = true
		}
		undecided := func(tag string) bool { return slices.Contains(want.Undecided, tag) }
		w.compareSet(t, "breaks", slices.DeleteFunc(slices.Concat(want.Warns, want.Audits), undecided), told)
	})
}

// refusedBy is what a plan refuses about an object.
func refusedBy(decided plan.Plan, object *v1alpha1.KafkaTopic) verdict {
	got := verdict{refuses: tagSet{}}
	for _, refusal := range decided.Refusals {
		if refusal.Ref.Name != object.Name {
			continue
		}
		for line := range strings.SplitSeq(refusal.Message, "\n") {
			got.texts = append(got.texts, line)
			for _, tag := range tagsOf(line) {
				got.refuses[tag] = true
			}
		}
	}
	return got
}

// skipWithoutBrokers: the syncer plans nothing before it has seen the brokers.
func (w *world) skipWithoutBrokers(t *testing.T) {
	t.Helper()
	if w.cluster.unseen() {
		t.Skip("no syncer decides anything about brokers that were never seen")
	}
	if w.Syncer != nil && w.Syncer.Skip {
		t.Skip(w.Syncer.Why)
	}
}

// planned is the case as the syncer puts it to its plan, about the case's topic alone. The old object, which the syncer
// never saw, is what is on the brokers; the other topics of the namespace are there as they are declared.
func (w *world) planned(t *testing.T, now time.Time) plan.Input {
	t.Helper()
	facts := w.cluster.facts(false)
	facts.Stale = ""
	in := plan.Input{
		Cluster: *facts, Policies: w.set(t), Guards: plan.Guards{Now: now, DeletionsLeft: 1},
		Snapshot: topic.Snapshot{ClusterID: w.cluster.id(), Complete: true, Topics: map[string]topic.Observed{}},
		Ledger:   map[string]topic.Entry{},
		Scope:    map[string]bool{dialect.Declared(w.topic).TopicName: true},
	}
	for _, other := range w.others {
		if dialect.ClusterName(other) == w.cluster.name {
			w.plan(&in, other, other)
		}
	}
	switch {
	case w.old != nil:
		w.plan(&in, w.topic, w.old)
	case w.Live != nil:
		seen := observed(w.topic, *w.Live)
		in.Snapshot.Topics[seen.Name] = seen
		in.Ledger[seen.Name] = topic.Entry{Name: seen.Name, TopicID: seen.ID, Baseline: true}
		in.Objects = append(in.Objects, w.planObject(w.topic))
	default:
		in.Objects = append(in.Objects, w.planObject(w.topic))
	}
	return in
}

// plan adds an object whose topic was made from an earlier state of it.
func (w *world) plan(in *plan.Input, object, madeFrom *v1alpha1.KafkaTopic) {
	live := w.made(in, madeFrom)
	if w.Live != nil && madeFrom == w.old {
		live = *w.Live
		if live.Config == nil {
			live.Config = dialect.Declared(madeFrom).Texts()
		}
	}
	before := madeFrom.DeepCopy()
	w.synced(before, live)
	object = object.DeepCopy()
	object.Status = before.Status
	seen := observed(object, live)
	in.Snapshot.Topics[seen.Name] = seen
	in.Ledger[seen.Name] = topic.Entry{Name: seen.Name, TopicID: seen.ID, Owner: dialect.Ref(object)}
	in.Objects = append(in.Objects, w.planObject(object))
}

// made is what the brokers make of an object.
func (w *world) made(in *plan.Input, object *v1alpha1.KafkaTopic) liveTopic {
	declared := dialect.Declared(object)
	live := liveTopic{Partitions: max(in.Cluster.DefaultPartitions, 1), Replicas: max(in.Cluster.DefaultReplicas, 1), Config: declared.Texts()}
	if declared.Partitions != nil {
		live.Partitions = *declared.Partitions
	}
	if declared.Replicas != nil {
		live.Replicas = *declared.Replicas
	}
	return live
}

func (w *world) planObject(object *v1alpha1.KafkaTopic) plan.Object {
	planned := plan.Object{
		Declared: dialect.Declared(object), AdmitsNamespace: true, MayAdopt: w.adopting(), Namespace: w.namespaceFacts(), Parent: plan.ParentAlive,
	}
	// Whoever may delete a topic carries the finalizer; it is none of this corpus's business.
	planned.Finalized = planned.EffectiveDeletion(topic.DeletionPolicy(w.cluster.Deletion)) == topic.Delete
	return planned
}
