package sync

import (
	"context"
	"fmt"
	"maps"
	gosync "sync"
	"time"

	"k8s.io/client-go/tools/cache"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/policyset"
	"github.com/topicgate/topicgate/pkg/sync/plan"
)

// policies are the TopicPolicies that every loop judges by, and what the loops found out about them, which is written into
// their statuses.
type policies struct {
	deps   Deps
	store  *policyset.Store
	synced []cache.InformerSynced
	// running names the clusters that have a loop.
	running func() []string
	wake    chan struct{}

	mu    gosync.Mutex
	tally map[string]tally
}

// tally is what one cluster's loop found in its last look at everything.
type tally struct {
	facts    policy.Cluster
	counts   map[string]policy.Counts
	excepted map[string]bool
}

// statusLag is how long changes wait to be written together.
const statusLag = time.Second

// newPolicies watches policies and exceptions; changed is told whenever they differ.
func newPolicies(ctx context.Context, mgr ctrl.Manager, deps Deps, changed func(), running func() []string) (*policies, error) {
	p := &policies{deps: deps, running: running, wake: make(chan struct{}, 1), tally: map[string]tally{}}
	p.store = policyset.New(nil, func() {
		p.stir()
		changed()
	})
	synced, err := p.store.Watch(ctx, mgr.GetCache())
	if err != nil {
		return nil, err
	}
	for _, one := range synced {
		p.synced = append(p.synced, one)
	}
	if err := mgr.Add(p); err != nil {
		return nil, fmt.Errorf("adding the policies: %w", err)
	}
	return p, nil
}

// set is all policies as they are now; nil where nobody watches any.
func (p *policies) set() *policy.Set {
	if p == nil {
		return nil
	}
	return p.store.Set()
}

// stir has the statuses looked at soon.
func (p *policies) stir() {
	select {
	case p.wake <- struct{}{}:
	default: // somebody has knocked already
	}
}

// found takes in what a look at everything on one cluster found.
func (p *policies) found(cluster string, facts policy.Cluster, decided plan.Plan) {
	if p == nil {
		return
	}
	p.mu.Lock()
	p.tally[cluster] = tally{facts: facts, counts: decided.Policies, excepted: decided.Excepted}
	p.mu.Unlock()
	p.stir()
}

// forget drops a cluster that is no more.
func (p *policies) forget(cluster string) {
	if p == nil {
		return
	}
	p.mu.Lock()
	delete(p.tally, cluster)
	p.mu.Unlock()
	p.stir()
}

// Start writes statuses until ctx ends; only the leader does.
func (p *policies) Start(ctx context.Context) error {
	if !cache.WaitForCacheSync(ctx.Done(), p.synced...) {
		return nil
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-p.wake:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(statusLag):
		}
		p.write(ctx)
	}
}

// sum is what all clusters together found; complete once each of them has looked at everything.
func (p *policies) sum() (sum tally, clusters []policy.Cluster, complete bool) {
	running := p.running()
	p.mu.Lock()
	defer p.mu.Unlock()
	sum = tally{counts: map[string]policy.Counts{}, excepted: map[string]bool{}}
	complete = true
	for _, name := range running {
		found, looked := p.tally[name]
		if !looked {
			complete = false
			continue
		}
		clusters = append(clusters, found.facts)
		maps.Copy(sum.excepted, found.excepted)
		for policy, counts := range found.counts {
			sum.counts[policy] = sum.counts[policy].Add(counts)
		}
	}
	return sum, clusters, complete
}
