package admission

import (
	"context"
	"errors"
	"fmt"
	"time"

	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
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

	store  *policyStore
	ledger *ledger
	synced []func() bool
}

// NewPolicies holds nothing until it watches. Metrics may be nil.
func NewPolicies(metrics *Metrics, unmatched Unmatched, now func() time.Time) *Policies {
	return &Policies{metrics: metrics, unmatched: unmatched, now: now, store: newPolicyStore(metrics), ledger: newLedger()}
}

// Watch follows a cache, before it is started: policies and exceptions to compile them, KafkaTopics for what they use.
func (p *Policies) Watch(ctx context.Context, shared cache.Cache) error {
	for _, watched := range []struct {
		kind    client.Object
		handler toolscache.ResourceEventHandler
	}{
		{&v1alpha1.TopicPolicy{}, following(p.store.policies.put, p.store.policies.drop)},
		{&v1alpha1.TopicPolicyException{}, following(p.store.exceptions.put, p.store.exceptions.drop)},
		{&v1alpha1.KafkaTopic{}, following(p.ledger.put, p.ledger.drop)},
	} {
		informer, err := shared.GetInformer(ctx, watched.kind, cache.BlockUntilSynced(false))
		if err != nil {
			return fmt.Errorf("watching %T: %w", watched.kind, err)
		}
		registration, err := informer.AddEventHandler(watched.handler)
		if err != nil {
			return fmt.Errorf("following %T: %w", watched.kind, err)
		}
		p.synced = append(p.synced, registration.HasSynced)
	}
	return nil
}

// following calls put with each object that is new or changed, and drop with each that is gone.
func following[T client.Object](put, drop func(T)) toolscache.ResourceEventHandler {
	given := func(call func(T)) func(any) {
		return func(object any) {
			if gone, ok := object.(toolscache.DeletedFinalStateUnknown); ok {
				object = gone.Obj // a deletion that the watch has missed
			}
			if known, ok := object.(T); ok {
				call(known)
			}
		}
	}
	return toolscache.ResourceEventHandlerFuncs{
		AddFunc: given(put), UpdateFunc: func(_, object any) { given(put)(object) }, DeleteFunc: given(drop),
	}
}

// Ready says whether everything that there was at the start has been read, and the policies are compiled.
func (p *Policies) Ready() bool {
	for _, synced := range p.synced {
		if !synced() {
			return false
		}
	}
	p.store.set()
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
	return p.store.set(), nil
}
