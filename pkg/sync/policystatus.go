package sync

import (
	"context"

	"go.uber.org/zap"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/sync/status"
)

// write brings the statuses of policies and exceptions up to date, where they differ.
func (p *policies) write(ctx context.Context) {
	sum, clusters, complete := p.sum()
	contradictions := map[string][]policy.Contradiction{}
	for _, found := range p.set().Contradictions(clusters) {
		contradictions[found.Policy] = append(contradictions[found.Policy], found)
	}
	p.writePolicies(ctx, sum, contradictions, complete)
	p.writeExceptions(ctx, sum, complete)
}

func (p *policies) writePolicies(ctx context.Context, sum tally, contradictions map[string][]policy.Contradiction, complete bool) {
	var list v1alpha1.TopicPolicyList
	if err := p.deps.Client.List(ctx, &list, client.UnsafeDisableDeepCopy); err != nil {
		p.deps.Log.Warn("listing TopicPolicies", zap.Error(err))
		return
	}
	found := make([]status.PolicyFound, len(list.Items))
	p.deps.Metrics.forgetPolicies()
	for i := range list.Items { // all at once, before anything is written: a scrape in between would miss some
		name := list.Items[i].Name
		found[i] = status.PolicyFound{Problems: p.store.Policies.Problems(name), Contradictions: contradictions[name]}
		if counts := sum.counts[name]; complete {
			found[i].Counts = &counts
		}
		p.deps.Metrics.policy(name, found[i])
	}
	for i := range list.Items {
		object := &list.Items[i]
		after := &v1alpha1.TopicPolicy{Status: status.Policy(object.Status, object.Generation, found[i], p.deps.Now())}
		if !equality.Semantic.DeepEqual(object.Status, after.Status) {
			p.apply(ctx, "TopicPolicy", object, after)
		}
	}
}

func (p *policies) writeExceptions(ctx context.Context, sum tally, complete bool) {
	var list v1alpha1.TopicPolicyExceptionList
	if err := p.deps.Client.List(ctx, &list, client.UnsafeDisableDeepCopy); err != nil {
		p.deps.Log.Warn("listing TopicPolicyExceptions", zap.Error(err))
		return
	}
	for i := range list.Items {
		object := &list.Items[i]
		found := status.ExceptionFound{Problems: p.store.Exceptions.Problems(object.Name)}
		if used := sum.excepted[object.Name]; complete {
			found.Used = &used
		}
		p.deps.Metrics.exception(object)
		after := &v1alpha1.TopicPolicyException{Status: status.Exception(object.Status, object, found, p.deps.Now())}
		if !equality.Semantic.DeepEqual(object.Status, after.Status) {
			p.apply(ctx, "TopicPolicyException", object, after)
		}
	}
}

// apply writes one status. What fails is written at the next look at everything.
func (p *policies) apply(ctx context.Context, kind string, object, after client.Object) {
	after.SetName(object.GetName())
	after.SetUID(object.GetUID())
	if _, err := applyStatus(ctx, p.deps.Client, kind, after); err != nil && !apierrors.IsNotFound(err) {
		p.deps.Log.Warn("writing a status", zap.String("kind", kind), zap.String("name", object.GetName()), zap.Error(err))
	}
}
