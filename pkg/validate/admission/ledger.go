package admission

import (
	"context"
	"fmt"
	"hash/maphash"
	"sync"
	"time"
	"weak"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/policy"
)

// account is what a quota is about: one namespace on one KafkaCluster, which is empty for topics that name none.
type account struct{ namespace, cluster string }

// ledger keeps what each account uses, by events and not by looking through all topics in the middle of a review, with what
// was allowed and is not seen yet.
type ledger struct {
	seed  maphash.Seed
	turns [256]chan struct{} // by namespace: of two reviews at the edge of a quota the second waits for the first one's verdict

	mu     sync.Mutex
	books  map[account]*book
	keptIn map[types.NamespacedName]account // of each KafkaTopic
	queue  []promise                        // every reservation, the oldest first
}

// book is one account.
type book struct {
	topics   map[string]*entry
	reserved map[string]reservation
	// total is of all topics that are not in unknown, whose amounts were worked out on the basis.
	total   policy.Usage
	basis   *basis // nil before anybody asked; without its set
	unknown map[string]struct{}
	// set is that of the basis. Accounts that are rarely asked about must not keep every set alive that there ever was.
	set weak.Pointer[policy.Set]
}

// entry is a KafkaTopic with its amount.
type entry struct {
	object *v1alpha1.KafkaTopic
	amount policy.Usage
}

// basis is what amounts depend on, beside the object.
type basis struct {
	set       *policy.Set
	cluster   policy.Cluster
	namespace policy.Namespace
}

func newLedger() *ledger {
	l := &ledger{seed: maphash.MakeSeed(), books: map[account]*book{}, keptIn: map[types.NamespacedName]account{}}
	for i := range l.turns {
		l.turns[i] = make(chan struct{}, 1)
	}
	return l
}

// turn waits for a namespace's turn, which lasts from the look at its usage to the reservation. An error means that ctx
// ended first.
func (l *ledger) turn(ctx context.Context, namespace string) (done func(), err error) {
	taken := l.turns[maphash.String(l.seed, namespace)%uint64(len(l.turns))]
	select {
	case taken <- struct{}{}:
		return func() { <-taken }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for other reviews of namespace %q: %w", namespace, ctx.Err())
	}
}

func (l *ledger) put(object *v1alpha1.KafkaTopic) {
	key, now := client.ObjectKeyFromObject(object), account{object.Namespace, dialect.ClusterName(object)}
	l.mu.Lock()
	defer l.mu.Unlock()
	if before, known := l.keptIn[key]; known && before != now {
		l.remove(key, before)
	}
	l.keptIn[key] = now
	b := l.open(now)
	b.forget(key.Name)
	b.topics[key.Name] = &entry{object: object}
	if b.basis != nil {
		b.unknown[key.Name] = struct{}{}
	}
	b.shown(object)
}

func (l *ledger) drop(object *v1alpha1.KafkaTopic) {
	key := client.ObjectKeyFromObject(object)
	l.mu.Lock()
	defer l.mu.Unlock()
	if kept, known := l.keptIn[key]; known {
		delete(l.keptIn, key)
		l.remove(key, kept)
	}
}

func (l *ledger) remove(key types.NamespacedName, from account) {
	b := l.books[from]
	b.forget(key.Name)
	delete(b.topics, key.Name)
	l.close(from)
}

func (l *ledger) open(a account) *book {
	b := l.books[a]
	if b == nil {
		b = &book{topics: map[string]*entry{}, reserved: map[string]reservation{}, unknown: map[string]struct{}{}}
		l.books[a] = b
	}
	return b
}

func (l *ledger) close(a account) {
	if b := l.books[a]; b != nil && len(b.topics) == 0 && len(b.reserved) == 0 {
		delete(l.books, a)
	}
}

// usage is what all topics of some accounts use but for the one of a name, what is reserved included.
func (l *ledger) usage(but string, on basis, now time.Time, accounts ...account) policy.Usage {
	l.mu.Lock()
	defer l.mu.Unlock()
	var used policy.Usage
	for _, a := range accounts {
		if b := l.books[a]; b != nil {
			used = used.Add(b.usage(but, on, now))
		}
	}
	return used
}

func (b *book) usage(but string, on basis, now time.Time) policy.Usage {
	b.settle(on)
	total := b.total
	if own := b.topics[but]; own != nil {
		total = total.Without(own.amount)
	}
	for name, held := range b.reserved {
		if name == but || now.After(held.expires) {
			continue
		}
		var shown policy.Usage
		if known := b.topics[name]; known != nil {
			shown = known.amount
		}
		total = total.Add(held.amount.Without(shown))
	}
	return total
}

// settle works out the amounts that are not known, all of them when their basis has changed.
func (b *book) settle(on basis) {
	kept := on
	kept.set = nil
	if set := weak.Make(on.set); b.basis == nil || b.set != set || !b.basis.same(kept) {
		b.basis, b.set, b.total = &kept, set, policy.Usage{}
		for name := range b.topics {
			b.unknown[name] = struct{}{}
		}
	}
	for name := range b.unknown {
		known := b.topics[name]
		known.amount = on.amount(known.object)
		b.total = b.total.Add(known.amount)
	}
	clear(b.unknown)
}

// forget takes a topic out of the total. What does not fit into numbers cannot be taken out of them: then all is counted anew.
func (b *book) forget(name string) {
	known := b.topics[name]
	if known == nil || b.basis == nil {
		return
	}
	if _, unknown := b.unknown[name]; !unknown {
		b.total = b.total.Without(known.amount)
	}
	delete(b.unknown, name)
	if t := b.total; max(t.Topics, t.Partitions, t.Replicas, t.Storage, t.Unbounded) == policy.Unlimited {
		b.basis = nil
		clear(b.unknown)
	}
}
