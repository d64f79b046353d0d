package sync

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"go.uber.org/zap"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
)

// clusterFactsAge is how old what brokers said of themselves may be before a full look asks again.
const clusterFactsAge = 5 * time.Second

// roundTimeout bounds one round; whatever is not done then is done in the next one.
const roundTimeout = 5 * time.Minute

// round is one pass of observe, plan, apply, report over the topics that the queue named.
type round struct {
	*Loop
	cluster *v1alpha1.KafkaCluster
	// scope holds the topics that the round is about; nil means all.
	scope    map[string]bool
	objects  []plan.Object
	stored   map[topic.Ref]stored
	now      time.Time
	snapshot topic.Snapshot
}

// round looks, decides, acts and reports once.
func (l *Loop) round(ctx context.Context, names []string) {
	ctx, cancel := context.WithTimeout(ctx, roundTimeout)
	defer cancel()
	var cluster v1alpha1.KafkaCluster
	// Past the cache: the status counts deletions, and an older count would allow more of them.
	if err := l.Direct.Get(ctx, client.ObjectKey{Name: l.name}, &cluster); err != nil {
		if !apierrors.IsNotFound(err) {
			l.Log.Warn("reading the KafkaCluster", zap.Error(err))
			l.queue.AddAfter(everything, time.Second)
		}
		return
	}
	r := &round{Loop: l, cluster: &cluster, scope: scopeOf(names), now: l.Now()}
	if r.scope == nil {
		l.queue.AddAfter(everything, interval(cluster.Spec))
	}
	if err := r.run(ctx); err != nil {
		r.failed(ctx, err)
	}
	l.Metrics.observe(l.name, l.store.all(), len(l.held))
}

// scopeOf is the set of names; nil when everything is among them.
func scopeOf(names []string) map[string]bool {
	if slices.Contains(names, everything) {
		return nil
	}
	scope := make(map[string]bool, len(names))
	for _, name := range names {
		if name != inventoryOnly {
			scope[name] = true
		}
	}
	return scope
}

func (r *round) inScope(name string) bool { return r.scope == nil || r.scope[name] }

// failure is an error that says what it means for the cluster.
type failure struct{ topic.Failure }

func (f failure) Error() string { return f.Message }

func (r *round) run(ctx context.Context) error {
	if err := r.gatherObjects(ctx); err != nil {
		return err
	}
	r.releaseWithoutKafka(ctx)
	if failed := r.connect(ctx, r.cluster); failed != nil {
		return failure{*failed}
	}
	if r.first() {
		r.scope = nil // what was there before is known only after a look at everything
	}
	if err := r.observe(ctx); err != nil {
		return failure{kafka.Classify(err)}
	}
	r.outage = false
	r.backoff.Forget(everything)
	r.checkCluster(ctx)
	if err := r.recall(ctx); err != nil {
		return err
	}
	r.checkFirstLook()
	if r.frozen.reason != "" {
		r.tellDue(ctx, topic.Failure{Reason: r.frozen.reason, Message: r.frozen.message})
		return r.writeCluster(ctx, nil, r.held)
	}
	r.ledger.scan = audit.Scan{}
	if r.scope == nil {
		r.followElsewhere(ctx)
	}
	r.measure(ctx)
	r.remember()
	decided := r.decide(ctx)
	if err := r.takeBaseline(ctx, decided); err != nil {
		return err
	}
	r.apply(ctx, &decided)
	r.report(ctx, decided)
	r.scan(ctx, decided)
	r.enforce(ctx)
	return r.publish(ctx, decided)
}

// observe looks at the topics in scope and, with a look at all of them, at the brokers too.
func (r *round) observe(ctx context.Context) (err error) {
	due := r.now.Sub(r.clusterRead) >= min(clusterFactsAge, interval(r.cluster.Spec))
	if r.Loop.cluster.ID == "" || (r.scope == nil && due) {
		if err := r.observeCluster(ctx); err != nil {
			return err
		}
	}
	var names []string
	if r.scope != nil {
		names = slices.AppendSeq(make([]string, 0, len(r.scope)), maps.Keys(r.scope)) // empty is none, nil would be all
		slices.Sort(names)
	}
	r.snapshot, err = r.kafka.Observe(ctx, names)
	if err != nil || r.scope != nil || r.snapshot.Complete {
		return err
	}
	return r.askForMissed(ctx)
}

// askForMissed asks by name for declared topics that a look at all, but not a complete one, did not show: only then does
// Kafka tell those that are absent from those that may not be seen.
func (r *round) askForMissed(ctx context.Context) error {
	names := []string{}
	for _, object := range r.objects {
		_, seen := r.snapshot.Topics[object.TopicName]
		if _, unknown := r.snapshot.Unknown[object.TopicName]; !seen && !unknown {
			names = append(names, object.TopicName)
		}
	}
	asked, err := r.kafka.Observe(ctx, names)
	if err != nil {
		return err
	}
	maps.Copy(r.snapshot.Topics, asked.Topics)
	maps.Copy(r.snapshot.Unknown, asked.Unknown)
	return nil
}

func (r *round) observeCluster(ctx context.Context) error {
	before := r.Loop.cluster
	seen, err := r.kafka.DescribeCluster(ctx)
	if err != nil {
		return err
	}
	seen.ConfigKeys, seen.ConfigDefaults = before.ConfigKeys, before.ConfigDefaults
	// Asking for the configs is a creation that is only checked, and Kafka charges it like a real one: once a version.
	if release := seen.ID + " " + seen.Version; r.keysOf != release {
		keys, defaults, err := r.kafka.TopicConfigs(ctx)
		if err == nil {
			seen.ConfigKeys, seen.ConfigDefaults, r.keysOf = keys, defaults, release
		}
	}
	r.Loop.cluster, r.clusterRead = seen, r.now
	return nil
}

// failed reports that the brokers could not be asked: one condition on the cluster, and a word on only those objects
// that have a change due.
func (r *round) failed(ctx context.Context, err error) {
	var known failure
	if !errors.As(err, &known) {
		r.Log.Warn("round ended early", zap.Error(err))
		r.requeue()
		return
	}
	if !r.outage {
		r.Log.Warn("brokers cannot be asked", zap.String("reason", string(known.Reason)), zap.String("message", known.Message))
	}
	r.outage = true
	r.writeUnreached(ctx, known.Failure)
	r.tellDue(ctx, known.Failure)
	r.requeue()
}

// tellDue says why nothing happens, to those objects only that have a change due: an outage is one condition, on the
// cluster, and no storm of statuses.
func (r *round) tellDue(ctx context.Context, why topic.Failure) {
	var due []plan.Refusal
	for _, object := range r.objects {
		stored := r.stored[object.Ref]
		if r.inScope(object.TopicName) && (stored.object.Status.ObservedGeneration != object.Generation || (object.Deleting && object.Finalized)) {
			due = append(due, plan.Refusal{Ref: object.Ref, Topic: object.TopicName, Reason: why.Reason, Message: why.Message})
		}
	}
	r.writeRefusals(ctx, due)
}

// requeue asks for a look at everything later, and later each time. One item probes for the whole cluster, with jitter,
// so that many loops do not knock in step.
func (r *round) requeue() {
	r.queue.AddAfter(everything, wait.Jitter(r.backoff.When(everything), 0.3))
}
