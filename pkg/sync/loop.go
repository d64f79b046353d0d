package sync

import (
	"context"
	"time"

	"go.uber.org/zap"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
)

// Deps are what every loop works with.
type Deps struct {
	// Client reads from the cache and writes to the API server; Direct reads past every cache.
	Client client.Client
	Direct client.Reader
	Events events.EventRecorder
	Log    *zap.Logger
	Now    func() time.Time
	// SecretsNamespace is the only namespace that Secrets and ConfigMaps are read from.
	SecretsNamespace string
	// Linger is how long a round waits for more changes to come in.
	Linger  time.Duration
	Metrics *Metrics
	// ProbeInterval is the time between two dry runs that tell whether the API server asks the webhook; zero for none.
	ProbeInterval time.Duration
	// Foreign reaches the objects of other products; nil leaves them alone.
	Foreign dynamic.Interface
}

// Retries after a failure: soon, so that a broker's restart goes by unnoticed, and never so rarely that recovery drags.
const (
	firstRetry = 100 * time.Millisecond
	lastRetry  = 15 * time.Second
)

// everything is the queue's item for a round about all topics; no topic has an empty name.
const everything = ""

// inventoryOnly is the queue's item for writing the inventory as it is remembered; no topic has such a name.
const inventoryOnly = "/"

// Loop keeps the topics of one KafkaCluster as declared.
type Loop struct {
	Deps
	name  string
	queue workqueue.TypedDelayingInterface[string]
	// backoff spaces the rounds that follow a failure, by topic, and for the cluster as a whole.
	backoff workqueue.TypedRateLimiter[string]
	store   *store
	// admission is nil where nobody probes.
	admission *admission
	// policies are what topics are judged by; nil for none.
	policies *policies

	connection  connection
	kafka       *kafka.Client
	cluster     topic.Cluster
	clusterRead time.Time
	keysOf      string
	table       versionTable
	expected    *plan.Expectations
	ledger      ledger
	stalled     map[string]stall
	unsettled   map[string]time.Time
	frozen      freeze
	held        []string
	// creators are who may create topics; nil before anybody asked.
	creators *topic.Creators
	// others are the objects with which another product declares topics.
	others elsewhere
	// enforced is what was done about brokers that create topics by themselves.
	enforced   enforcement
	incomplete string
	outage     bool
}

// stall remembers what Kafka refused, so that the same request is not repeated every round.
type stall struct {
	generation int64
	since      time.Time
}

// freeze says why nothing may be written to Kafka; the zero value lets things go on.
type freeze struct {
	reason  topic.Reason
	message string
}

// newLoop makes the loop of one KafkaCluster.
func newLoop(deps Deps, name string, admission *admission, policies *policies) *Loop {
	deps.Log = deps.Log.With(zap.String("cluster", name))
	return &Loop{
		Deps:      deps,
		name:      name,
		queue:     workqueue.NewTypedDelayingQueue[string](),
		backoff:   workqueue.NewTypedItemExponentialFailureRateLimiter[string](firstRetry, lastRetry),
		store:     newStore(),
		admission: admission,
		policies:  policies,
		expected:  plan.NewExpectations(),
		stalled:   map[string]stall{},
		unsettled: map[string]time.Time{},
	}
}

// run works until ctx ends.
func (l *Loop) run(ctx context.Context) {
	stop := context.AfterFunc(ctx, l.queue.ShutDown)
	defer stop()
	defer l.disconnect()
	defer l.leaveElsewhere()
	l.queue.Add(everything)
	for {
		names, more := l.gather(ctx)
		if !more {
			return
		}
		l.round(ctx, names)
		for _, name := range names {
			l.queue.Done(name)
		}
	}
}

// gather waits for the first item and takes with it what comes within the linger.
func (l *Loop) gather(ctx context.Context) (names []string, more bool) {
	name, shutdown := l.queue.Get()
	if shutdown {
		return nil, false
	}
	names = append(names, name)
	select {
	case <-ctx.Done():
		return nil, false
	case <-time.After(l.Linger):
	}
	for range l.queue.Len() {
		name, shutdown := l.queue.Get()
		if shutdown {
			return nil, false
		}
		names = append(names, name)
	}
	return names, true
}

// nudge asks for a round about everything, now.
func (l *Loop) nudge() { l.queue.Add(everything) }

// seen takes in a change that the informer brought.
func (l *Loop) seen(object *v1alpha1.KafkaTopic) {
	before, known := l.store.put(object)
	if !known || concerns(before.object, object) {
		l.enqueue(dialectName(object))
	}
}

// gone takes in that an object is no more.
func (l *Loop) gone(object *v1alpha1.KafkaTopic) {
	l.store.remove(client.ObjectKeyFromObject(object))
	l.enqueue(dialectName(object))
	if l.policies.set().HasQuotas() {
		l.nudge() // what it used is free for others, who may wait for it
	}
}

func (l *Loop) enqueue(name string) {
	if name != everything {
		l.queue.Add(name)
	}
}
