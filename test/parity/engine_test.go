package parity

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/validate"
)

// start is the time of every case that needs no real clock.
func start() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// TestTheEngineDecidesTheCorpus asks the engine as the webhook does.
func TestTheEngineDecidesTheCorpus(t *testing.T) {
	all := worlds(t, start())
	t.Logf("%d cases", len(all))
	forEach(t, all, func(t *testing.T, w *world) {
		said := validate.Evaluate(w.review(t, start()))
		got := verdict{refuses: tagSet{}, warns: tagSet{}, audits: tagSet{}, builtin: tagSet{}}
		got.add(got.refuses, said.Violations)
		got.add(got.warns, said.Warnings)
		got.add(got.audits, said.Policies.Audited)
		for _, violation := range said.Violations {
			if len(violation.Rules) == 0 {
				got.builtin[string(violation.Reason)] = true
			}
		}
		w.compare(t, w.expectation, got)
		w.compareTexts(t, got)
		w.compareSet(t, "undecided", w.Undecided, undecidedOf(said.Policies))
		w.compareSet(t, "excepted", w.Excepted, exceptedOf(said.Policies))
		assert.Len(t, said.Policies.Matched, len(w.Policies)-len(w.Unmatched), "matched: %v", said.Policies.Matched)
	})
}

func undecidedOf(said policy.Result) tagSet {
	tags := tagSet{}
	for _, one := range said.Undecided {
		tags[one.Policy+"/"+one.Rule] = true
	}
	return tags
}

func exceptedOf(said policy.Result) tagSet {
	tags := tagSet{}
	for _, one := range said.Excepted {
		tags[one.Policy+"/"+one.Rule] = true
	}
	return tags
}

// review is the case as the webhook puts it to the engine. The inventory tells nothing of configs.
func (w *world) review(t *testing.T, now time.Time) validate.Input {
	t.Helper()
	in := validate.Input{Op: validate.Create, New: dialect.Declared(w.topic), Facts: validate.Facts{
		Now: now, Cluster: w.cluster.facts(w.adopting()), Policies: w.set(t), Namespace: w.namespaceFacts(),
	}}
	if w.old != nil {
		old := dialect.Declared(w.old)
		in.Op, in.Old = validate.Update, &old
	}
	if w.Live != nil {
		seen := observed(w.topic, *w.Live)
		seen.Config, seen.ConfigKnown = nil, false
		in.Facts.Live = &validate.Live{Observed: seen, Owned: w.old != nil}
	}
	used := policy.Usage{}
	for _, other := range w.others {
		if dialect.ClusterName(other) == w.cluster.name {
			beside := in.ForPolicies()
			used = used.Add(in.Facts.Policies.Amount(policy.Input{New: dialect.Declared(other), Facts: policy.Facts{
				Cluster: beside.Facts.Cluster, Namespace: in.Facts.Namespace,
			}}))
		}
	}
	in.Facts.Usage = &used
	return in
}
