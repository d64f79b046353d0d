package sync

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/sync/status"
	"github.com/topicgate/topicgate/pkg/topic"
)

// report writes the statuses that changed, and tells what happened to topics behind Kubernetes' back.
func (r *round) report(ctx context.Context, decided plan.Plan) {
	cluster := status.Cluster{Name: r.name, ID: r.Loop.cluster.ID}
	var writes []statusWrite
	for _, settled := range decided.Settled {
		delete(r.unsettled, settled.Ref.UID)
		r.backoff.Forget(settled.Live.Name)
		found, ok := r.stored[settled.Ref]
		if !ok || settled.Live.ID == "" {
			continue
		}
		after := status.Settled(found.object.Status, found.object.Generation, cluster, settled, r.now)
		writes = append(writes, statusWrite{found.object, after})
		r.tellBreaks(found.object, after)
		if settled.Recreated != "" {
			r.warn(settled.Ref, topic.Recreated, "topic %s came back with another ID (%s, was %s): the records of the former one are gone",
				settled.Live.Name, settled.Live.ID, settled.Recreated)
			r.ledger.recreated(settled.Live.Name, settled.Recreated)
		}
	}
	r.writeStatuses(ctx, writes)
	r.writeRefusals(ctx, r.due(decided.Refusals))
}

// tellBreaks tells of rules of policies that an object breaks and is let, once for each change of them. A dry run is never
// stored, so none gets here.
func (r *round) tellBreaks(object *v1alpha1.KafkaTopic, after v1alpha1.KafkaTopicStatus) {
	now := meta.FindStatusCondition(after.Conditions, v1alpha1.ConditionPolicyViolation)
	before := meta.FindStatusCondition(object.Status.Conditions, v1alpha1.ConditionPolicyViolation)
	if now != nil && (before == nil || before.Message != now.Message) {
		r.event(object, topic.PolicyViolation, "%s", now.Message)
	}
}

// due leaves out refusals that only mean "not visible yet" until they have lasted: a new topic becomes Ready with one
// status write. All that will pass by itself is looked at again.
func (r *round) due(refusals []plan.Refusal) []plan.Refusal {
	var due []plan.Refusal
	for _, refusal := range refusals {
		if topic.ConsequenceOf(refusal.Reason) == topic.Stall || refusal.Reason == topic.Paused {
			delete(r.unsettled, refusal.Ref.UID)
			due = append(due, refusal)
			continue
		}
		r.queue.AddAfter(refusal.Topic, r.backoff.When(refusal.Topic))
		since, waited := r.unsettled[refusal.Ref.UID]
		if !waited {
			r.unsettled[refusal.Ref.UID], since = r.now, r.now
		}
		if r.now.Sub(since) >= quietFor {
			due = append(due, refusal)
		}
	}
	return due
}

func (r *round) writeRefusals(ctx context.Context, refusals []plan.Refusal) {
	cluster := status.Cluster{Name: r.name, ID: r.Loop.cluster.ID}
	var writes []statusWrite
	for _, refusal := range refusals {
		if found, ok := r.stored[refusal.Ref]; ok {
			after := status.Refused(found.object.Status, found.object.Generation, cluster, refusal, r.now)
			writes = append(writes, statusWrite{found.object, after})
		}
	}
	r.writeStatuses(ctx, writes)
}

// warn tells about an object in an event. A dead object takes none.
func (r *round) warn(ref topic.Ref, reason topic.Reason, format string, args ...any) {
	if found, ok := r.stored[ref]; ok {
		r.event(found.object, reason, format, args...)
	}
}

func (l *Loop) event(about runtime.Object, reason topic.Reason, format string, args ...any) {
	kind := "Warning"
	if reason == topic.BaselineTaken || reason == topic.AutoCreateSwitchedOff {
		kind = "Normal"
	}
	l.Events.Eventf(about, nil, kind, string(reason), "Sync", format, args...)
}

// quietFor is how long an object may wait for the brokers to show a write before its status says so.
const quietFor = 5 * time.Second

type statusWrite struct {
	object *v1alpha1.KafkaTopic
	after  v1alpha1.KafkaTopicStatus
}
