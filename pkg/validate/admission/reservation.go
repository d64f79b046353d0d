package admission

import (
	"time"

	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
)

const (
	// promised is how long what was allowed counts as used though no watch shows it: the API server waits for all its
	// webhooks, and may refuse in the end.
	promised = 30 * time.Second
	// mostPromises bounds the memory of a replica; beyond it the oldest are forgotten, and the syncer's check remains.
	mostPromises = 50_000
)

// reservation is what was allowed to a topic.
type reservation struct {
	amount  policy.Usage
	spec    v1alpha1.KafkaTopicSpec // as the cache will show it
	expires time.Time
}

// promise says where a reservation is kept.
type promise struct {
	account
	name    string
	expires time.Time
}

// reserve counts what a topic was allowed as used. What it was allowed before is forgotten.
func (l *ledger) reserve(a account, name string, held reservation, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.queue) > 0 && (len(l.queue) >= mostPromises || now.After(l.queue[0].expires)) {
		l.release(l.queue[0])
		l.queue = l.queue[1:]
	}
	held.expires = now.Add(promised)
	l.open(a).reserved[name] = held
	l.queue = append(l.queue, promise{a, name, held.expires})
}

// release ends a reservation, unless a later one has taken its place.
func (l *ledger) release(p promise) {
	b := l.books[p.account]
	if b == nil {
		return
	}
	if held, known := b.reserved[p.name]; known && !held.expires.After(p.expires) {
		delete(b.reserved, p.name)
		l.close(p.account)
	}
}

// shown ends the reservation of a topic that is seen as it was allowed.
func (b *book) shown(object *v1alpha1.KafkaTopic) {
	if held, known := b.reserved[object.Name]; known && equality.Semantic.DeepEqual(held.spec, object.Spec) {
		delete(b.reserved, object.Name)
	}
}
