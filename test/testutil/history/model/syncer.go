package model

import (
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/sync/status"
	"github.com/topicgate/topicgate/pkg/topic"
)

// syncer is one process of the syncer: everything in it is lost when it ends. It keeps to the order of pkg/sync's round:
// gather, release without Kafka, observe, recall, remember, decide, baseline, apply, report, publish.
type syncer struct {
	w       *World
	store   map[string]*v1alpha1.KafkaTopic
	entries map[string]topic.Entry
	missed  map[string]int
	loaded  bool
	shards  int64
	// writtenAt is when the inventory was last brought up to date.
	writtenAt time.Time
	expected  *plan.Expectations
	// waitedSince is when an object began to wait for something to become visible.
	waitedSince map[string]time.Time
	// left counts the writes until the process is killed; negative lives on.
	left int
}

func newSyncer(w *World) *syncer {
	s := &syncer{
		w: w, store: map[string]*v1alpha1.KafkaTopic{}, expected: plan.NewExpectations(),
		waitedSince: map[string]time.Time{}, left: -1,
	}
	for name, object := range w.api.objects { // an informer begins with a list
		s.store[name] = object
		w.oracle.learns(object, w.now)
	}
	return s
}

// quietFor is how long an object may wait before its status says so.
const quietFor = 5 * time.Second

// round is one pass.
type round struct {
	*syncer
	scope    map[string]bool
	objects  []plan.Object
	snapshot topic.Snapshot
	rights   map[string]namespace
	// used are the IDs of topics that held records when the round asked.
	used map[string]bool
	// blind says that the look-ups of namespaces and CRD fail.
	blind bool
	// wrote is what the round wrote anywhere.
	wrote []string
}

func (r *round) inScope(name string) bool { return r.scope == nil || r.scope[name] }

// dies says that the process is killed before its next write.
func (r *round) dies() bool {
	if r.left > 0 {
		r.left--
		return r.left == 0
	}
	return r.left == 0
}

// run is pkg/sync's round.run; mid happens between its look and its writes.
func (s *syncer) run(scope map[string]bool, mid func()) *round {
	r := &round{syncer: s, scope: scope, used: map[string]bool{}, blind: !s.w.brokers.fresh && s.w.rng.IntN(12) == 0}
	r.gather()
	r.releaseWithoutKafka()
	r.observe()
	r.recall()
	r.remember()
	decided := r.decide()
	mid()
	if !r.takeBaseline(decided) {
		return r
	}
	r.apply(&decided)
	r.report(decided)
	r.publish(decided)
	return r
}

func (r *round) gather() {
	r.rights = map[string]namespace{}
	for name, in := range r.w.api.namespaces {
		r.rights[name] = *in
	}
	for _, name := range shuffled(r.w.rng, r.store) {
		object := r.store[name]
		declared := dialect.Declared(object)
		declared.Cluster = clusterName
		rights := r.rights[object.Namespace]
		made := plan.Object{Declared: declared, AdmitsNamespace: rights.admits, MayAdopt: rights.adopts}
		if declared.Deleting && declared.Finalized && r.inScope(declared.TopicName) {
			made.Parent = r.parent(object.Namespace)
		}
		r.objects = append(r.objects, made)
	}
}

// parent reads past every cache.
func (r *round) parent(space string) plan.Parent {
	in, ok := r.w.api.namespaces[space]
	if r.blind {
		return ""
	}
	if r.w.api.crdTerminating || !ok || in.terminating {
		return plan.ParentTerminating
	}
	return plan.ParentAlive
}

func (r *round) releaseWithoutKafka() {
	kept := r.objects[:0]
	for _, object := range r.objects {
		released := false
		if object.Deleting && object.Finalized && r.inScope(object.TopicName) {
			_, released = plan.ReleasedWithoutKafka(object, topic.Retain)
		}
		if !released {
			kept = append(kept, object)
			continue
		}
		r.editFinalizer(object.Ref, false)
	}
	r.objects = kept
}

func (r *round) observe() {
	var names []string
	for name := range r.scope {
		names = append(names, name)
	}
	slices.Sort(names)
	r.snapshot = r.w.brokers.look(names, r.w.now)
	r.w.oracle.looked(r.snapshot, r.w.now)
}

// decide is pkg/sync's decide; the oracle judges what comes of it.
func (r *round) decide() plan.Plan {
	for i, object := range r.objects {
		live, seen := r.snapshot.Topics[object.TopicName]
		if object.Parent == plan.ParentAlive && seen && r.inScope(object.TopicName) {
			truth := r.w.brokers.topics[live.Name]
			r.used[truth.id] = truth.records > 0
			r.objects[i].Usage = topic.Usage{Known: true, Records: truth.records}
		}
	}
	in := plan.Input{
		Cluster: r.w.facts, Objects: r.objects, Scope: r.scope, Snapshot: r.snapshot, Ledger: r.entries,
		Waiting: r.expected.Waiting(r.objects, r.snapshot, r.inScope, r.w.facts.Configs, r.w.now),
		Guards:  plan.Guards{Now: r.w.now, Paused: r.w.api.paused, DeletionsLeft: 1000},
	}
	decided := plan.Compute(in)
	r.w.oracle.accounted(in, decided)
	r.w.oracle.owners(r, decided)
	return decided
}

// apply is pkg/sync's apply: each kind of change in turn, and what failed joins the refusals.
func (r *round) apply(decided *plan.Plan) {
	failed := map[topic.Ref]bool{}
	for _, action := range decided.Actions {
		if add, ok := action.(plan.AddFinalizer); ok && !r.editFinalizer(add.Ref, true) {
			failed[add.Ref] = true
		}
	}
	kinds := []func(plan.Action) (topic.Outcome, bool){r.create, r.grow, r.alter, r.remove}
	for _, carry := range kinds {
		for _, action := range decided.Actions {
			if !failed[action.Object()] {
				r.took(decided, action, carry)
			}
		}
	}
	for _, action := range decided.Actions {
		if release, ok := action.(plan.Release); ok {
			r.editFinalizer(release.Ref, false)
		}
	}
}

func (r *round) took(decided *plan.Plan, action plan.Action, carry func(plan.Action) (topic.Outcome, bool)) {
	outcome, done := carry(action)
	if !done {
		return
	}
	r.wrote = append(r.wrote, plan.Summary([]plan.Action{action}))
	if outcome.Failure == nil {
		r.expected.Wrote(action, outcome, r.w.now)
		r.note(action, outcome)
		return
	}
	decided.Refusals = append(decided.Refusals, plan.Refusal{
		Ref: action.Object(), Topic: outcome.Name, Reason: outcome.Failure.Reason, Message: outcome.Failure.Message,
	})
}

// report is pkg/sync's report.
func (r *round) report(decided plan.Plan) {
	cluster := status.Cluster{Name: clusterName, ID: clusterID}
	for _, settled := range decided.Settled {
		delete(r.waitedSince, settled.Ref.UID)
		if object, ok := r.store[settled.Ref.String()]; ok && settled.Live.ID != "" {
			r.writeStatus(settled.Ref, object, status.Settled(object.Status, object.Generation, cluster, settled, r.w.now))
		}
	}
	for _, refusal := range decided.Refusals {
		if object, ok := r.store[refusal.Ref.String()]; ok && r.due(refusal) {
			r.writeStatus(refusal.Ref, object, status.Refused(object.Status, object.Generation, cluster, refusal, r.w.now))
		}
	}
}

func (r *round) due(refusal plan.Refusal) bool {
	if topic.ConsequenceOf(refusal.Reason) == topic.Stall || refusal.Reason == topic.Paused {
		delete(r.waitedSince, refusal.Ref.UID)
		return true
	}
	since, waited := r.waitedSince[refusal.Ref.UID]
	if !waited {
		r.waitedSince[refusal.Ref.UID], since = r.w.now, r.w.now
	}
	return r.w.now.Sub(since) >= quietFor
}

func (r *round) writeStatus(ref topic.Ref, object *v1alpha1.KafkaTopic, after v1alpha1.KafkaTopicStatus) {
	if equality.Semantic.DeepEqual(object.Status, after) || r.dies() {
		return
	}
	r.wrote = append(r.wrote, fmt.Sprintf("the status of %s, from %+v to %+v", ref, object.Status, after))
	if stored, ok := r.w.api.writeStatus(ref, after); ok {
		if after.TopicID != object.Status.TopicID {
			r.w.oracle.told(ref, after.TopicID)
		}
		r.store[ref.String()] = stored
		r.w.oracle.learns(stored, r.w.now)
	}
}

// editFinalizer puts our finalizer on or takes it off; false when that failed.
func (r *round) editFinalizer(ref topic.Ref, on bool) bool {
	cached, ok := r.store[ref.String()]
	if !ok || string(cached.UID) != ref.UID || r.dies() {
		return false
	}
	finalizers := slices.DeleteFunc(slices.Clone(cached.Finalizers), func(f string) bool { return f == v1alpha1.TopicFinalizer })
	if on {
		finalizers = append(finalizers, v1alpha1.TopicFinalizer)
	}
	r.wrote = append(r.wrote, "the finalizers of "+ref.String())
	stored, ok := r.w.api.writeFinalizers(cached, finalizers)
	switch {
	case !ok:
	case stored == nil:
		delete(r.store, ref.String())
	default:
		r.store[ref.String()] = stored
	}
	return ok
}

func auditInput(r *round, owners map[string]topic.Ref) audit.Input {
	return audit.Input{
		Now: r.w.now, Grace: 5 * time.Second, First: r.shards == 0, Snapshot: r.snapshot,
		Previous: r.entries, Missed: r.missed, Owners: owners,
	}
}
