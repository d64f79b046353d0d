package model

import (
	"maps"

	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
)

// refused is an answer after which the syncer looks again.
func refused(name string) (topic.Outcome, bool) {
	return topic.Outcome{Name: name, Failure: &topic.Failure{Reason: topic.Pending, Message: "refused by the brokers"}}, true
}

func (r *round) create(action plan.Action) (topic.Outcome, bool) {
	a, ok := action.(plan.Create)
	if !ok || r.dies() {
		return topic.Outcome{}, false
	}
	id, made := r.w.brokers.make(a.Name, a.Partitions, a.Config, r.w.now)
	if !made {
		return refused(a.Name)
	}
	r.w.oracle.made(a.Ref, id)
	return topic.Outcome{Name: a.Name, ID: id}, true
}

func (r *round) grow(action plan.Action) (topic.Outcome, bool) {
	a, ok := action.(plan.Grow)
	if !ok || r.dies() {
		return topic.Outcome{}, false
	}
	r.w.oracle.touches(r, a.Ref, r.snapshot.Topics[a.Name])
	found, exists := r.w.brokers.topics[a.Name]
	switch {
	case r.snapshot.Topics[a.Name].Partitions >= a.Partitions:
		r.w.oracle.found("topic %s was to shrink from %d to %d partitions", a.Name, a.From, a.Partitions)
		return refused(a.Name)
	case !exists || found.partitions >= a.Partitions:
		return refused(a.Name)
	}
	found.partitions = a.Partitions
	r.w.brokers.change(a.Name, &found, r.w.now)
	return topic.Outcome{Name: a.Name}, true
}

func (r *round) alter(action plan.Action) (topic.Outcome, bool) {
	a, ok := action.(plan.Alter)
	if !ok || r.dies() {
		return topic.Outcome{}, false
	}
	r.w.oracle.touches(r, a.Ref, r.snapshot.Topics[a.Name])
	found, exists := r.w.brokers.topics[a.Name]
	if !exists {
		return refused(a.Name)
	}
	found.config = maps.Clone(found.config)
	if found.config == nil {
		found.config = map[string]string{}
	}
	maps.Copy(found.config, a.Set)
	for _, key := range a.Reset {
		delete(found.config, key)
	}
	r.w.brokers.change(a.Name, &found, r.w.now)
	return topic.Outcome{Name: a.Name}, true
}

func (r *round) remove(action plan.Action) (topic.Outcome, bool) {
	a, ok := action.(plan.Delete)
	if !ok || r.dies() {
		return topic.Outcome{}, false
	}
	r.w.oracle.deletes(r, a)
	if found := r.w.brokers.topics[a.Name]; found.id == a.ID { // by ID: a topic made anew is another
		r.w.brokers.change(a.Name, nil, r.w.now)
	}
	return topic.Outcome{Name: a.Name}, true
}
