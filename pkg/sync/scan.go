package sync

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
)

// seldom is how many audit intervals lie between two of the questions that cost the brokers most: how large all topics are,
// and who has to do with a topic that nothing declares. It is an hour with the default interval.
const seldom = 12

// mostExamined bounds how many topics one scan examines; the next scan goes on with the others.
const mostExamined = 25_000

func (r *round) rarely() time.Duration { return seldom * auditInterval(r.cluster.Spec) }

// measure asks how large topics are: all of them seldom, as brokers walk over their logs for it; sooner those that were
// never measured.
func (r *round) measure(ctx context.Context) {
	if r.scope != nil {
		return
	}
	since := r.now.Sub(r.ledger.measuredAt)
	unmeasured := func(name string) bool { return !r.ledger.entries[name].Size.Known }
	switch all := slices.Collect(maps.Values(r.snapshot.Topics)); {
	case since >= r.rarely():
		r.ledger.scan.Sizes, r.ledger.measuredAt, r.ledger.measuredNewAt = r.kafka.Sizes(ctx, all), r.now, r.now
	case r.now.Sub(r.ledger.measuredNewAt) >= auditInterval(r.cluster.Spec):
		fresh := slices.DeleteFunc(all, func(seen topic.Observed) bool { return !unmeasured(seen.Name) })
		if len(fresh) > 0 {
			r.ledger.scan.Sizes, r.ledger.measuredNewAt = r.kafka.Sizes(ctx, fresh), r.now
		}
	}
}

// scan asks the brokers once an audit interval what tells topics apart: which groups there are, and where something was
// written; and examines topics that nothing declares. It comes after everything that somebody may be waiting for.
func (r *round) scan(ctx context.Context, decided plan.Plan) {
	if r.scope != nil || r.now.Sub(r.ledger.scannedAt) < auditInterval(r.cluster.Spec) {
		return
	}
	began := r.Now()
	groups := r.kafka.Groups(ctx)
	r.ledger.scan.Groups = &groups
	r.ledger.scan.Ends = r.kafka.Ends(ctx, slices.Collect(maps.Values(r.snapshot.Topics)))
	due := audit.Due(r.auditInput(decided.Owners), r.rarely(), mostExamined)
	r.ledger.scan.Evidence = r.kafka.Evidence(ctx, due, groups)
	creators := r.kafka.Creators(ctx)
	r.creators, r.ledger.scannedAt = &creators, r.now
	r.Metrics.scanned(r.name, r.Now().Sub(began))
}
