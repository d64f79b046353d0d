package model

import (
	"fmt"
	"slices"
	"time"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit/inventory"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
)

// oracle knows the truth and judges by the words of the design, never by the plan's own functions.
type oracle struct {
	w *World
	// owner is the object that was last said to own a topic, by topic ID; maker the one that the topic was made for.
	owner, maker map[string]topic.Ref
	// known is when a topic was first seen by a look that reached the inventory, looks by the running process.
	known, looks map[string]time.Time
	baseline     map[string]bool
	// names are topics that were described at least once.
	names map[string]bool
	// tolds are the objects whose status ever carried a topic's ID.
	tolds map[string]bool
	// volatile are topics whose owner only a status knows, since a restart: what is not in the inventory yet dies with
	// the object.
	volatile map[string]bool
	// asked is when the deletion of that one object was asked for, by UID.
	asked map[string]time.Time
	// learned is when the syncer's cache first showed that an object is being deleted, by UID.
	learned    map[string]time.Time
	violations []string
}

func newOracle(w *World) *oracle {
	return &oracle{
		w: w, owner: map[string]topic.Ref{}, maker: map[string]topic.Ref{}, known: map[string]time.Time{},
		looks: map[string]time.Time{}, baseline: map[string]bool{}, names: map[string]bool{}, tolds: map[string]bool{}, volatile: map[string]bool{}, asked: map[string]time.Time{}, learned: map[string]time.Time{},
	}
}

func (o *oracle) found(format string, args ...any) {
	o.violations = append(o.violations, fmt.Sprintf(format, args...))
}

func (o *oracle) looked(snapshot topic.Snapshot, now time.Time) {
	for _, seen := range snapshot.Topics {
		if _, known := o.looks[seen.ID]; !known {
			o.looks[seen.ID] = now
		}
		o.names[seen.Name] = true
	}
	for name := range snapshot.Unknown { // what cannot be described is there nevertheless
		truth, exists := o.w.brokers.topics[name]
		if _, known := o.looks[truth.id]; exists && !known && !o.names[name] {
			o.looks[truth.id] = now
		}
	}
}

// published: what was seen so far is on record, so a restart may not forget it.
func (o *oracle) published(first bool) {
	for id, at := range o.looks {
		if before, known := o.known[id]; !known || at.Before(before) {
			o.known[id] = at
		}
		o.baseline[id] = o.baseline[id] || first
	}
}

// restarted: what neither inventory nor a status holds is forgotten, and may be.
func (o *oracle) restarted() {
	o.looks = map[string]time.Time{}
	for id := range o.known { // the inventory remembers one topic of a name, not those before it
		if !o.inInventory(id) {
			delete(o.known, id)
			delete(o.baseline, id)
		}
	}
	for id, owner := range o.owner {
		if !o.recorded(id, owner) {
			delete(o.owner, id)
		}
		o.volatile[id] = !o.onRecord(id, owner)
	}
	for _, entry := range o.w.api.inventory {
		if _, owned := o.owner[entry.TopicID]; !owned && entry.Object != nil {
			o.owner[entry.TopicID] = inventory.Entry(&entry).Owner
			delete(o.volatile, entry.TopicID)
		}
	}
}

func (o *oracle) inInventory(id string) bool {
	return slices.ContainsFunc(o.w.api.inventory, func(entry v1alpha1.InventoryTopic) bool { return entry.TopicID == id })
}

// onRecord says that the inventory names the owner.
func (o *oracle) onRecord(id string, owner topic.Ref) bool {
	return slices.ContainsFunc(o.w.api.inventory, func(entry v1alpha1.InventoryTopic) bool {
		return entry.TopicID == id && entry.Object != nil && entry.Object.UID == owner.UID
	})
}

func (o *oracle) recorded(id string, owner topic.Ref) bool {
	object, ok := o.w.api.objects[owner.String()]
	return o.onRecord(id, owner) || (ok && string(object.UID) == owner.UID && object.Status.TopicID == id)
}

func (o *oracle) made(ref topic.Ref, id string) { o.maker[id] = ref }

// accounted: every object in scope ends in exactly one of acted on, refused, settled.
func (o *oracle) accounted(in plan.Input, decided plan.Plan) {
	ends := o.ends(decided)
	for _, object := range in.Objects {
		scoped := in.Scope == nil || in.Scope[object.TopicName]
		if scoped != (len(ends[object.Ref]) == 1) || len(ends[object.Ref]) > 1 {
			o.found("%s (in scope: %v) ends in %v", object.Ref, scoped, ends[object.Ref])
		}
	}
}

// ends are where objects end.
func (o *oracle) ends(decided plan.Plan) map[topic.Ref]map[string]bool {
	ends := map[topic.Ref]map[string]bool{}
	end := func(ref topic.Ref, where string) {
		if ends[ref] == nil {
			ends[ref] = map[string]bool{}
		}
		ends[ref][where] = true
	}
	for _, action := range decided.Actions {
		end(action.Object(), "acted on")
	}
	for _, refusal := range decided.Refusals {
		end(refusal.Ref, "refused")
	}
	for _, settled := range decided.Settled {
		end(settled.Ref, "settled")
	}
	return ends
}

// owners: nobody takes another's topic.
func (o *oracle) owners(r *round, decided plan.Plan) {
	for name, ref := range decided.Owners {
		id := r.snapshot.Topics[name].ID
		o.takes(r, ref, id)
		o.owner[id] = ref
		delete(o.volatile, id)
	}
}

// ownerOf is whom a topic belongs to, as far as the syncer can know.
func (o *oracle) ownerOf(id string) (owner topic.Ref, owned bool) {
	owner, owned = o.owner[id]
	if object, lives := o.w.api.objects[owner.String()]; owned && o.volatile[id] && (!lives || string(object.UID) != owner.UID) {
		return topic.Ref{}, false
	}
	return owner, owned
}

// told: a status begins to say that a topic is the object's own.
func (o *oracle) told(ref topic.Ref, id string) {
	o.tolds[ref.UID+" "+id] = true
	if owner := o.owner[id]; owner.UID != ref.UID {
		o.found("the status of %s says topic %s, whose owner is %s", ref, id, owner)
	}
}

// takes judges whether a topic may become, or be, an object's.
func (o *oracle) takes(r *round, ref topic.Ref, id string) {
	former, owned := o.ownerOf(id)
	if owned && former.UID == ref.UID || !o.w.brokers.has(id) { // what a stale read shows once more is nobody's to take
		return
	}
	if owned && o.sound(former) {
		o.found("%s takes topic %s from %s, which lives and is sound", ref, id, former)
	}
	if !o.mayTake(r, ref, id) {
		o.found("%s takes topic %s, which was there before, without permission", ref, id)
	}
}

// mayTake says that a topic may become an object's: as its own, by the cluster's permission, or because its namespace
// owned it before.
func (o *oracle) mayTake(r *round, ref topic.Ref, id string) bool {
	former, owned := o.ownerOf(id)
	if !owned {
		former = o.maker[id]
	}
	return o.own(ref, id) || r.rights[ref.Namespace].adopts || former.Namespace == ref.Namespace
}

// own says that a topic is an object's without any permission: it was told so, or the topic was made for it, or came after
// it and was never anybody's.
func (o *oracle) own(ref topic.Ref, id string) bool {
	owner, owned := o.ownerOf(id)
	maker, made := o.maker[id]
	switch {
	case o.tolds[ref.UID+" "+id]:
		return true
	case owned || o.baseline[id]:
		return owner.UID == ref.UID
	case made && maker.UID == ref.UID:
		return true
	}
	for _, seen := range []map[string]time.Time{o.known, o.looks} {
		if at, ok := seen[id]; ok && at.Truncate(time.Second).Before(ref.Created) {
			return false
		}
	}
	return true
}

// sound says that an object certainly lives and may own its topic: neither the API server nor the cache knows better.
func (o *oracle) sound(ref topic.Ref) bool {
	stored, ok := o.w.api.objects[ref.String()]
	cached, known := o.w.syncer.store[ref.String()]
	return ok && known && o.soundly(stored, ref) && o.soundly(cached, ref)
}

func (o *oracle) soundly(object *v1alpha1.KafkaTopic, ref topic.Ref) bool {
	space := o.w.api.namespaces[object.Namespace]
	if string(object.UID) != ref.UID || object.DeletionTimestamp != nil || space == nil || !space.admits {
		return false
	}
	name := *object.Spec.TopicName
	for other := range o.w.names() {
		if naming.Collides(other, name) {
			return false
		}
	}
	want := object.Spec.Partitions
	return (want == nil || *want >= o.w.brokers.mostPartitions(name)) && (object.Status.TopicName == "" || object.Status.TopicName == name)
}

// touches judges a change of a topic.
func (o *oracle) touches(r *round, ref topic.Ref, seen topic.Observed) {
	o.takes(r, ref, seen.ID)
	cached := r.store[ref.String()]
	permitted := cached != nil && cached.Annotations[v1alpha1.AdoptAnnotation] == "true" && cached.Status.TopicID == ""
	if o.w.brokers.has(seen.ID) && !o.own(ref, seen.ID) && !permitted {
		o.found("%s takes topic %s and changes it, which nobody permitted", ref, seen.ID)
	}
}

func (o *oracle) learns(object *v1alpha1.KafkaTopic, now time.Time) {
	if _, known := o.learned[string(object.UID)]; !known && object.DeletionTimestamp != nil {
		o.learned[string(object.UID)] = now
	}
}

// deletes judges a deletion as it reaches the brokers.
func (o *oracle) deletes(r *round, a plan.Delete) {
	if _, asked := o.asked[a.Ref.UID]; !asked {
		o.found("topic %s is deleted for %s, whose own deletion nobody asked", a.ID, a.Ref)
	}
	owner, owned := o.ownerOf(a.ID)
	made := o.maker[a.ID].UID == a.Ref.UID
	truth := o.w.brokers.topics[a.Name]
	switch {
	case owned && owner.UID != a.Ref.UID:
		o.found("topic %s of %s is deleted for %s", a.ID, owner, a.Ref)
	case !owned && !made && !o.mayTake(r, a.Ref, a.ID):
		o.found("topic %s, which was never %s's, is deleted for it", a.ID, a.Ref)
	case truth.id == a.ID && truth.born.After(o.learned[a.Ref.UID]) && !made:
		o.found("topic %s was made after the deletion of %s was asked", a.ID, a.Ref)
	}
	o.guarded(r, a)
}

// guarded judges that what the syncer saw of a deletion let it pass.
func (o *oracle) guarded(r *round, a plan.Delete) {
	cached := r.store[a.Ref.String()]
	switch {
	case cached == nil || cached.Spec.DeletionPolicy != v1alpha1.DeletionDelete:
		o.found("topic %s is deleted though the policy of %s is not Delete", a.ID, a.Ref)
	case r.rights[a.Ref.Namespace].terminating:
		o.found("topic %s is deleted with its namespace", a.ID)
	case r.blind:
		o.found("topic %s is deleted though nobody knows whether its namespace lives on", a.ID)
	case r.used[a.ID] && !o.allowed(cached):
		o.found("topic %s is deleted though it holds records", a.ID)
	}
}

func (o *oracle) allowed(object *v1alpha1.KafkaTopic) bool {
	until, err := time.Parse(time.RFC3339, object.Annotations[v1alpha1.AllowDeleteUntilAnnotation])
	return err == nil && o.w.now.Before(until)
}
