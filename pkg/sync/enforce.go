package sync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/topic"
)

// enforcement is what was last done about brokers that create topics by themselves.
type enforcement struct {
	at time.Time
	// message says what was done, or what stands in the way; empty when there is nothing to say.
	message string
	// refused is the version of the object that owns the setting for which the change was refused; it is not asked for again.
	refused string
}

// switchedOff is what became of one attempt.
type switchedOff struct {
	// result is committed, or why not; empty where nothing was asked for.
	result string
	// message is for the condition; event is told once, where something was changed.
	message, event string
	// refused is the version of the object that the change was refused for.
	refused string
}

// Results of an attempt, as metrics say them.
const (
	resultCommitted = "committed"
	resultConflict  = "conflict"
	resultForbidden = "forbidden"
	resultNotFound  = "notfound"
	resultRefused   = "refused"
	resultFailed    = "failed"
)

// enforce has auto-creation switched off by whatever owns the setting, where that was asked for: only while some broker is
// seen to have it on, and at most once an audit interval, whatever the answer was.
func (r *round) enforce(ctx context.Context) {
	if r.scope != nil {
		return
	}
	operator := r.cluster.Spec.OperatedBy
	if operator == nil || !r.cluster.Spec.AutoCreation.Enforce || r.cluster.Spec.Paused || !autoCreates(r.Loop.cluster.Brokers) {
		r.enforced = enforcement{at: r.enforced.at}
		return
	}
	if r.now.Sub(r.enforced.at) < auditInterval(r.cluster.Spec) {
		return
	}
	outcome := r.switchOff(ctx, *operator)
	r.enforced = enforcement{at: r.now, message: outcome.message, refused: outcome.refused}
	if outcome.result != "" {
		r.Metrics.acted(r.name, "SwitchOffAutoCreate", outcome.result)
	}
	if outcome.event != "" {
		r.Log.Info("auto-creation switched off", zap.String("operator", string(operator.Kind)))
		r.event(r.cluster, topic.AutoCreateSwitchedOff, "%s", outcome.event)
	}
}

// autoCreates says whether some broker is seen to create topics by itself.
func autoCreates(brokers []topic.Broker) bool {
	return slices.ContainsFunc(brokers, func(broker topic.Broker) bool { return broker.AutoCreate != nil && *broker.AutoCreate })
}

func (r *round) switchOff(ctx context.Context, operator v1alpha1.Operator) switchedOff {
	if operator.Kind == v1alpha1.OperatorRedpanda {
		return r.switchOffRedpanda(ctx)
	}
	return r.switchOffOwner(ctx, ownerOf(operator))
}

// switchOffRedpanda sets Redpanda's cluster property, which holds at once and for all brokers.
func (r *round) switchOffRedpanda(ctx context.Context) switchedOff {
	err := r.kafka.SwitchOffRedpandaAutoCreate(ctx)
	switch {
	case err == nil:
		return switchedOff{
			result: resultCommitted, message: "Redpanda was told to switch it off, and the next look will tell whether it did",
			event: "Redpanda's auto_create_topics_enabled is set to false for all brokers, without a restart",
		}
	case errors.Is(err, kafka.ErrNotRedpanda):
		return switchedOff{result: resultRefused, message: "spec.operatedBy says Redpanda, and the brokers are not Redpanda's: correct it"}
	}
	failure := kafka.Classify(err)
	return switchedOff{result: string(failure.Reason), message: "Redpanda does not switch it off: " + failure.Message +
		"; with its own tool: rpk cluster config set auto_create_topics_enabled false"}
}

// byHand says how people switch it off where nothing does it for them.
func byHand(operator *v1alpha1.Operator) string {
	if operator == nil {
		return ""
	}
	how := "set spec.autoCreation.enforce of this KafkaCluster, or "
	switch operator.Kind {
	case v1alpha1.OperatorRedpanda:
		return how + "run: rpk cluster config set auto_create_topics_enabled false"
	case v1alpha1.OperatorStrimzi, v1alpha1.OperatorKoperator:
		owner := ownerOf(*operator)
		change := owner.change(nil)
		return how + fmt.Sprintf("write %s into %s of %s; its operator then restarts the brokers one by one", change.Line, change.Path, owner)
	}
	return ""
}

// remedy is what the condition says of brokers that create topics by themselves: what was done, or what to do.
func (r *round) remedy() string {
	if r.enforced.message != "" {
		return r.enforced.message
	}
	if r.cluster.Spec.AutoCreation.Enforce && !r.cluster.Spec.Paused {
		return strings.TrimPrefix(byHand(r.cluster.Spec.OperatedBy), "set spec.autoCreation.enforce of this KafkaCluster, or ")
	}
	return byHand(r.cluster.Spec.OperatedBy)
}
