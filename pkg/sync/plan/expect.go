package plan

import (
	"slices"
	"time"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

const (
	// patience is how long an own write is trusted over reads that do not show it: first reads after a creation were
	// seen to be stale for up to 4 s on a loaded cluster.
	patience = 30 * time.Second
	// secondLook is how long after a topic was first not seen its absence may be believed.
	secondLook = time.Second
)

// expectation is what an own, committed write should make the brokers show.
type expectation struct {
	since   time.Time
	created string
	deleted string
	grown   int64
	set     map[string]string
	reset   []string
}

// Expectations remembers own writes that are not visible yet, and absences seen only once.
type Expectations struct {
	writes map[string]expectation
	absent map[string]time.Time
}

// NewExpectations expects nothing yet.
func NewExpectations() *Expectations {
	return &Expectations{writes: map[string]expectation{}, absent: map[string]time.Time{}}
}

// Wrote remembers a committed action.
func (e *Expectations) Wrote(action Action, outcome topic.Outcome, now time.Time) {
	expected := e.writes[outcome.Name]
	expected.since = now
	switch a := action.(type) {
	case Create:
		expected = expectation{since: now, created: outcome.ID}
	case Grow:
		expected.grown = a.Partitions
	case Alter:
		expected.set, expected.reset = a.Set, a.Reset
	case Delete:
		expected = expectation{since: now, deleted: a.ID}
	case AddFinalizer, Release:
		return
	}
	e.writes[outcome.Name] = expected
}

// InFlight names the topics with own writes that the brokers have not been seen to show.
func (e *Expectations) InFlight() map[string]bool {
	names := make(map[string]bool, len(e.writes))
	for name, expected := range e.writes {
		names[name] = expected.deleted == ""
	}
	return names
}

// Waiting compares what is seen with what was written, and says which declared topics cannot be judged yet.
func (e *Expectations) Waiting(objects []Object, snapshot topic.Snapshot, inScope func(string) bool, table topicconfig.Table, now time.Time) map[string]topic.Reason {
	waiting := map[string]topic.Reason{}
	for name, expected := range e.writes {
		if !inScope(name) {
			continue
		}
		live, seen := snapshot.Topics[name]
		if now.Sub(expected.since) > patience || expected.visible(live, seen, table) {
			delete(e.writes, name)
			continue
		}
		waiting[name] = topic.Pending
		if expected.deleted != "" {
			waiting[name] = topic.Deleting
		}
	}
	e.confirmAbsence(objects, snapshot, inScope, now, waiting)
	return waiting
}

// confirmAbsence makes topics that were there before wait for a second look that does not show them either. A
// topic is decided once for all its objects: one without a status must not reset the wait of another.
func (e *Expectations) confirmAbsence(objects []Object, snapshot topic.Snapshot, inScope func(string) bool, now time.Time, waiting map[string]topic.Reason) {
	missed := map[string]bool{}
	for _, object := range objects {
		_, seen := snapshot.Topics[object.TopicName]
		missed[object.TopicName] = missed[object.TopicName] || (!seen && (object.Recorded.TopicID != "" || object.Deleting))
	}
	for name := range missed {
		if inScope(name) && e.unconfirmed(name, missed[name], now) && waiting[name] == "" {
			waiting[name] = topic.Pending
		}
	}
}

func (e *Expectations) unconfirmed(name string, missed bool, now time.Time) bool {
	if !missed {
		delete(e.absent, name)
		return false
	}
	if _, before := e.absent[name]; !before {
		e.absent[name] = now
	}
	return now.Sub(e.absent[name]) < secondLook
}

func (x expectation) visible(live topic.Observed, seen bool, table topicconfig.Table) bool {
	switch {
	case x.deleted != "":
		return !seen || live.ID != x.deleted
	case !seen || !live.ConfigKnown || live.Partitions < x.grown || (x.created != "" && live.ID != x.created):
		return false
	}
	return x.configVisible(live.Config, table)
}

func (x expectation) configVisible(config map[string]string, table topicconfig.Table) bool {
	for key, want := range x.set {
		if have, set := config[key]; !set || !table.Same(key, have, want) {
			return false
		}
	}
	return !slices.ContainsFunc(x.reset, func(key string) bool { _, set := config[key]; return set })
}
