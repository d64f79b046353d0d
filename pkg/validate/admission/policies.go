package admission

import (
	"context"
	"errors"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/cache"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/policyset"
)

var errPoliciesUnread = errors.New("the TopicPolicies are not read yet")

// Unmatched says what becomes of a topic that no policy matches, where there is any policy.
type Unmatched string

// What becomes of a topic that no policy matches.
const (
	UnmatchedAllow Unmatched = "allow"
	UnmatchedWarn  Unmatched = "warn"
	UnmatchedDeny  Unmatched = "deny"
)

// Policies are the TopicPolicies and their exceptions as this replica knows them, compiled, with what namespaces use and
// what this replica allowed them a moment ago. A nil *Policies stands for a webhook that knows none.
type Policies struct {
	metrics   *Metrics
	unmatched Unmatched
	now       func() time.Time

	store  *policyset.Store
	ledger *ledger
	synced []func() bool
}

// NewPolicies holds nothing until it watches. Metrics may be nil.
func NewPolicies(metrics *Metrics, unmatched Unmatched, now func() time.Time) *Policies {
	return &Policies{metrics: metrics, unmatched: unmatched, now: now, store: policyset.New(metrics.known, nil), ledger: newLedger()}
}

// Watch follows a cache, before it is started: policies and exceptions to compile them, KafkaTopics for what they use.
func (p *Policies) Watch(ctx context.Context, shared cache.Cache) error {
	synced, err := p.store.Watch(ctx, shared)
	if err != nil {
		return err
	}
	topics, err := policyset.Follow(ctx, shared, &v1alpha1.KafkaTopic{}, policyset.Following(p.ledger.put, p.ledger.drop))
	if err != nil {
		return err
	}
	p.synced = append(append(p.synced, synced...), topics)
	return nil
}

// Ready says whether everything that there was at the start has been read, and the policies are compiled.
func (p *Policies) Ready() bool {
	for _, synced := range p.synced {
		if !synced() {
			return false
		}
	}
	p.store.Set()
	return true
}

// any says whether there is any policy.
func (p *Policies) any() bool {
	set, err := p.set()
	return err == nil && !set.Empty()
}

// set is all policies, nil where this webhook knows none. Before they are read there is no answer, and nothing may be
// concluded.
func (p *Policies) set() (*policy.Set, error) {
	if p == nil {
		return nil, nil //nolint:nilnil // a nil set is an empty one
	}
	for _, synced := range p.synced {
		if !synced() {
			return nil, errPoliciesUnread
		}
	}
	return p.store.Set(), nil
}
