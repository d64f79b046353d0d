package sync

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
)

// stallFor is how long a request that Kafka refused is not repeated while its object stays the same.
const stallFor = 10 * time.Minute

// apply carries the plan out: finalizers first, then creations, growth, configs, deletions, each kind in batches, and
// releases last. What failed joins the plan's refusals; one topic's failure never hides another's.
func (r *round) apply(ctx context.Context, decided *plan.Plan) {
	actions := r.withoutStalled(decided)
	failed := r.addFinalizers(ctx, actions)
	var creates []plan.Create
	var grows []plan.Grow
	var alters []plan.Alter
	var deletes []plan.Delete
	var releases []plan.Release
	for _, action := range actions {
		if failed[action.Object()] {
			continue
		}
		switch a := action.(type) {
		case plan.AddFinalizer:
		case plan.Create:
			creates = append(creates, a)
		case plan.Grow:
			grows = append(grows, a)
		case plan.Alter:
			alters = append(alters, a)
		case plan.Delete:
			deletes = append(deletes, a)
		case plan.Release:
			releases = append(releases, a)
		}
	}
	commit(ctx, r, decided, creates, r.kafka.Create, func(a plan.Create) topic.Creation { return a.Creation })
	commit(ctx, r, decided, grows, r.kafka.Grow, func(a plan.Grow) topic.Growth { return a.Growth })
	commit(ctx, r, decided, alters, r.kafka.Alter, func(a plan.Alter) topic.ConfigChange { return a.ConfigChange })
	if err := r.reserveDeletions(ctx, len(deletes)); err != nil {
		r.Log.Warn("nothing is deleted now", zap.Error(err))
		r.requeue()
		deletes = nil
	}
	commit(ctx, r, decided, deletes, r.kafka.Delete, func(a plan.Delete) topic.Removal { return a.Removal })
	r.release(ctx, releases)
}

// commit sends one kind of change in batches and takes in what became of each.
func commit[A plan.Action, C any](
	ctx context.Context, r *round, decided *plan.Plan, actions []A, send func(context.Context, []C) []topic.Outcome, change func(A) C,
) {
	if len(actions) == 0 || ctx.Err() != nil {
		return
	}
	changes := make([]C, len(actions))
	for i, action := range actions {
		changes[i] = change(action)
	}
	for i, outcome := range send(ctx, changes) {
		r.took(decided, actions[i], outcome)
	}
}

// took takes in what became of one action.
func (r *round) took(decided *plan.Plan, action plan.Action, outcome topic.Outcome) {
	ref := action.Object()
	log := r.Log.With(zap.String("topic", outcome.Name), zap.String("namespace", ref.Namespace), zap.String("name", ref.Name))
	kind := kindOf(action)
	if outcome.Failure == nil {
		log.Info("changed", zap.String("action", plan.Summary([]plan.Action{action})))
		r.Metrics.acted(r.name, kind, "committed")
		r.expected.Wrote(action, outcome, r.now)
		r.committed(action, outcome)
		r.queue.Add(outcome.Name) // look at it again, to settle it
		return
	}
	log.Warn("not changed", zap.String("action", kind), zap.String("reason", string(outcome.Failure.Reason)), zap.String("message", outcome.Failure.Message))
	r.Metrics.acted(r.name, kind, string(outcome.Failure.Reason))
	decided.Refusals = append(decided.Refusals, plan.Refusal{
		Ref: ref, Topic: outcome.Name, Reason: outcome.Failure.Reason, Message: outcome.Failure.Message,
	})
	if topic.ConsequenceOf(outcome.Failure.Reason) == topic.Stall {
		r.stalled[ref.UID] = stall{generation: r.stored[ref].object.Generation, since: r.now}
	}
}

// committed remembers whose a new topic is, and tells what people must know.
func (r *round) committed(action plan.Action, outcome topic.Outcome) {
	switch a := action.(type) {
	case plan.Create:
		if outcome.ID != "" {
			r.ledger.entries[a.Name] = audit.Made(r.ledger.entries, a.Name, outcome.ID, a.Ref, r.now)
		}
		if a.Lost != "" {
			r.warn(a.Ref, topic.TopicMissing, "topic %s (%s) was deleted behind Kubernetes' back and is made again, empty", a.Name, a.Lost)
		}
	case plan.AddFinalizer, plan.Grow, plan.Alter, plan.Delete, plan.Release:
	}
}

// withoutStalled leaves out what Kafka refused lately for the same spec.
func (r *round) withoutStalled(decided *plan.Plan) []plan.Action {
	var actions []plan.Action
	for _, action := range decided.Actions {
		ref := action.Object()
		stall, stalled := r.stalled[ref.UID]
		if stalled && stall.generation == r.stored[ref].object.Generation && r.now.Sub(stall.since) < stallFor {
			continue
		}
		delete(r.stalled, ref.UID)
		actions = append(actions, action)
	}
	return actions
}

func kindOf(action plan.Action) string {
	switch action.(type) {
	case plan.AddFinalizer:
		return "add-finalizer"
	case plan.Create:
		return "create"
	case plan.Grow:
		return "grow"
	case plan.Alter:
		return "alter"
	case plan.Delete:
		return "delete"
	case plan.Release:
		return "release"
	}
	return ""
}
