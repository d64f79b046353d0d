package model

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/test/testutil"
	"github.com/topicgate/topicgate/test/testutil/history"
)

// World is a history's world in memory.
type World struct {
	rng     *rand.Rand
	now     time.Time
	api     *api
	brokers *brokers
	syncer  *syncer
	oracle  *oracle
	facts   validate.Cluster
	// crashes counts processes that were killed in the middle of a round.
	crashes int
}

var _ history.World = (*World)(nil)

// New is a world in which some topics were there before everything else; chance decides what reads and caches show.
func New(seed uint64) *World {
	rng := rand.New(rand.NewPCG(seed, 0xc4a5)) //nolint:gosec // a world must come again, not be secret
	w := &World{rng: rng, now: testutil.Start(), api: newAPI(), facts: testutil.Cluster()}
	w.brokers = &brokers{topics: map[string]held{}, hidden: map[string]bool{}, rng: rng}
	w.oracle = newOracle(w)
	w.syncer = newSyncer(w)
	w.brokers.make("late", 1, nil, w.now.Add(-time.Hour))
	w.brokers.past = nil // it was there long before: no read shows a time without it
	return w
}

// Topics are the IDs of what is on the brokers.
func (w *World) Topics(context.Context) (map[string]string, error) {
	ids := map[string]string{}
	for name, found := range w.brokers.topics {
		ids[name] = found.id
	}
	return ids, nil
}

// Objects are what is stored in the API server.
func (w *World) Objects(context.Context) ([]history.Object, error) {
	var objects []history.Object
	for _, name := range slices.Sorted(maps.Keys(w.api.objects)) {
		object := w.api.objects[name]
		objects = append(objects, history.Object{
			Name: name, UID: string(object.UID), Topic: *object.Spec.TopicName, TopicID: object.Status.TopicID,
			Deletes: object.Spec.DeletionPolicy == v1alpha1.DeletionDelete,
		})
	}
	return objects, nil
}

// Do carries out one step; the error is what the oracle found.
func (w *World) Do(_ context.Context, step history.Step) error {
	w.now = w.now.Add(time.Duration(step.Millis) * time.Millisecond)
	w.api.control(w.now)
	if step.Kind == history.Round {
		w.round(step)
	} else {
		w.happen(step)
	}
	return w.judged()
}

func (w *World) judged() error {
	if len(w.oracle.violations) == 0 {
		return nil
	}
	return fmt.Errorf("%s", w.oracle.violations[0]) //nolint:err113 // for a person to read
}

func (w *World) round(step history.Step) {
	w.deliver()
	scope := map[string]bool{step.Topic: true}
	if step.Topic == "" {
		scope = nil
	}
	w.syncer.run(scope, func() {
		for _, mid := range step.Mid {
			w.happen(mid)
		}
	})
	if w.syncer.left == 0 {
		w.crashes++
		w.restart()
	}
}

func (w *World) restart() {
	w.oracle.restarted()
	w.syncer = newSyncer(w)
}

// deliver brings changes to the cache, some of them later.
func (w *World) deliver() {
	for _, name := range w.changed() {
		if w.brokers.fresh || w.rng.IntN(5) > 0 {
			w.deliverOne(name)
		}
	}
}

func (w *World) changed() []string {
	names := map[string]bool{}
	for name := range w.api.objects {
		names[name] = true
	}
	for name := range w.syncer.store {
		names[name] = true
	}
	return slices.Sorted(maps.Keys(names))
}

func (w *World) deliverOne(name string) {
	if stored, ok := w.api.objects[name]; ok {
		w.syncer.store[name] = stored
		w.oracle.learns(stored, w.now)
		return
	}
	delete(w.syncer.store, name)
}

// names are all that is on the brokers, was lately, or is declared.
func (w *World) names() map[string]bool {
	names := map[string]bool{}
	for name := range w.brokers.topics {
		names[name] = true
	}
	for _, former := range w.brokers.past {
		for name := range former.topics {
			names[name] = true
		}
	}
	for _, objects := range []map[string]*v1alpha1.KafkaTopic{w.api.objects, w.syncer.store} {
		for _, object := range objects {
			names[*object.Spec.TopicName] = true
		}
	}
	return names
}

// rounds until a converged world must be quiet: deletions, finalizers and creations follow one another.
const settleRounds = 30

// Settle ends what hinders the syncer, lets it work, and judges that it comes to rest with every object told its fate.
func (w *World) Settle(ctx context.Context) error {
	w.brokers.fresh, w.api.paused, w.syncer.left = true, false, -1
	clear(w.brokers.hidden)
	var last *round
	for range settleRounds {
		w.now = w.now.Add(2 * time.Second)
		w.api.control(w.now)
		w.deliver()
		last = w.syncer.run(nil, func() {})
		if err := w.judged(); err != nil {
			return err
		}
	}
	if len(last.wrote) > 0 {
		return fmt.Errorf("still writing after %d quiet rounds: %s", settleRounds, strings.Join(last.wrote, "; ")) //nolint:err113 // for a person to read
	}
	for _, name := range slices.Sorted(maps.Keys(w.api.objects)) {
		if err := w.told(w.api.objects[name]); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// told judges that an object at rest knows why, and that none is held without a reason that a person can act on.
func (w *World) told(object *v1alpha1.KafkaTopic) error {
	declared := dialect.Declared(object)
	if declared.Deleting && !declared.Finalized {
		return nil
	}
	for _, condition := range object.Status.Conditions {
		reason := topic.Reason(condition.Reason)
		if condition.Type == v1alpha1.ConditionReady &&
			(reason == topic.Synced || reason == topic.Paused || topic.ConsequenceOf(reason) == topic.Stall) {
			return nil
		}
	}
	return fmt.Errorf("%s rests and is told %+v", declared.Ref, object.Status.Conditions) //nolint:err113 // for a person to read
}

func shuffled[V any](rng *rand.Rand, from map[string]V) []string {
	names := slices.Sorted(maps.Keys(from))
	rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return names
}
