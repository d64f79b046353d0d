package dependability

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

const (
	// One in so many creates must be refused, and one in so many needs the mutating webhook.
	invalidEvery, unfilledEvery = 20, 4
	// workers is how many creates are in flight at most.
	workers = 64
)

var (
	errAdmitted = errors.New("an invalid topic was admitted")
	errUnfilled = errors.New("the mutating webhook was not asked")
)

// load creates KafkaTopics at a pace, whatever becomes of them.
type load struct {
	client  client.Client
	begun   time.Time
	end     context.CancelFunc
	workers sync.WaitGroup

	sent, created, denied atomic.Int64

	mu     sync.Mutex
	failed []error
}

// startLoad starts creating. The names of the topics begin with the given one.
func startLoad(t *testing.T, config *rest.Config, name string, perSecond int) *load {
	t.Helper()
	scheme := runtime.NewScheme()
	require.NoError(t, v1alpha1.AddToScheme(scheme))
	config = rest.CopyConfig(config)
	config.QPS = -1
	c, err := client.New(config, client.Options{Scheme: scheme})
	require.NoError(t, err)
	ctx, end := context.WithCancel(context.WithoutCancel(t.Context()))
	l := &load{client: c, begun: time.Now(), end: end}
	pace := rate.NewLimiter(rate.Limit(perSecond), 1)
	for range workers {
		l.workers.Go(func() {
			for pace.Wait(ctx) == nil {
				l.create(name)
			}
		})
	}
	t.Cleanup(func() { l.stop() })
	return l
}

// stop ends the load when all answers are there.
func (l *load) stop() time.Duration {
	l.end()
	l.workers.Wait()
	return time.Since(l.begun)
}

// create creates one topic, with patience of its own: the end of the load must not look like a failure.
func (l *load) create(prefix string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	n := l.sent.Add(1)
	topic := &v1alpha1.KafkaTopic{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: fmt.Sprintf("%s-%06d", prefix, n)}}
	topic.Spec.Partitions = new(int64(3))
	if n%unfilledEvery != 0 {
		topic.Spec.ClusterRef = &v1alpha1.ClusterRef{Name: cluster}
	}
	invalid := n%invalidEvery == 0
	if invalid {
		topic.Spec.Partitions = new(int64(0))
	}
	err := l.client.Create(ctx, topic)
	switch {
	case invalid && err == nil:
		l.fail(errAdmitted)
	case invalid && apierrors.IsInvalid(err):
		l.denied.Add(1)
	case err != nil:
		l.fail(err)
	case topic.Spec.ClusterRef == nil || topic.Spec.ClusterRef.Name != cluster:
		l.fail(errUnfilled)
	default:
		l.created.Add(1)
	}
}

func (l *load) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed = append(l.failed, fmt.Errorf("%s into the load: %w", time.Since(l.begun).Round(time.Millisecond), err))
}

func (l *load) failures() []error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]error(nil), l.failed...)
}

// more waits until so many creates more were answered.
func (l *load) more(t *testing.T, count int64) {
	t.Helper()
	answered := func() int64 { return l.created.Load() + l.denied.Load() + int64(len(l.failures())) }
	want := answered() + count
	require.Eventually(t, func() bool { return answered() >= want }, patience, 10*time.Millisecond)
}

// nothingFailed ends the load, says what it was, and fails where anything did.
func (l *load) nothingFailed(t *testing.T) {
	t.Helper()
	took := l.stop()
	l.report(t, took)
	assert.Empty(t, l.failures())
	assert.Positive(t, l.created.Load())
	assert.Positive(t, l.denied.Load())
}

func (l *load) report(t *testing.T, took time.Duration) {
	t.Helper()
	t.Logf("%d creates in %s (%.0f/s): %d created, %d denied as they must be, %d failed", l.sent.Load(), took.Round(time.Millisecond),
		float64(l.sent.Load())/took.Seconds(), l.created.Load(), l.denied.Load(), len(l.failures()))
}
