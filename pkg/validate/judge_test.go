package validate_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/test/testutil"
)

// judged is one case of a rule: what is judged, and what must come of it.
type judged struct {
	// op is Create where nothing is said, or Update where there is an old object.
	op    validate.Op
	old   *testutil.TopicBuilder
	topic *testutil.TopicBuilder
	facts func(*validate.Facts)
	// refused and warned are all reasons, in order.
	refused, warned []topic.Reason
	// says must be in the text of the first violation, or warning where nothing is refused.
	says string
}

func (j judged) input() validate.Input {
	in := validate.Input{Op: j.op, New: j.topic.Declared(), Facts: testutil.Facts()}
	if j.old != nil {
		old := j.old.Declared()
		in.Old = &old
	}
	if in.Op == "" {
		in.Op = validate.Create
		if in.Old != nil {
			in.Op = validate.Update
		}
	}
	if j.facts != nil {
		j.facts(&in.Facts)
	}
	return in
}

func run(t *testing.T, cases map[string]judged) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			verdict := validate.Evaluate(c.input())
			assert.Equal(t, c.refused, reasons(verdict.Violations), "%+v", verdict.Violations)
			assert.Equal(t, c.warned, reasons(verdict.Warnings), "%+v", verdict.Warnings)
			if all := slices.Concat(verdict.Violations, verdict.Warnings); c.says != "" && assert.NotEmpty(t, all) {
				assert.Contains(t, all[0].Text(), c.says)
			}
		})
	}
}

func reasons(violations []topic.Violation) []topic.Reason {
	var list []topic.Reason
	for _, violation := range violations {
		list = append(list, violation.Reason)
	}
	return list
}

func orders() *testutil.TopicBuilder { return testutil.Topic("orders") }

// live is a topic that is there, seen lately.
func live(seen topic.Observed, owned bool) func(*validate.Facts) {
	return func(f *validate.Facts) { f.Live = &validate.Live{Observed: seen, Owned: owned} }
}

// stale makes facts about the brokers old.
func stale(f *validate.Facts) { f.Cluster.Stale = "facts 3 h old" }

// both applies facts in turn.
func both(changes ...func(*validate.Facts)) func(*validate.Facts) {
	return func(f *validate.Facts) {
		for _, change := range changes {
			change(f)
		}
	}
}

func mayAdopt(f *validate.Facts) { f.Cluster.MayAdopt = true }

// just is a list of one reason.
func just(list ...topic.Reason) []topic.Reason { return list }
