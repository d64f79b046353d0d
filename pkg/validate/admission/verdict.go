package admission

import (
	"context"

	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// review is one KafkaTopic being judged, and how.
type review struct {
	validate.Input
	object *v1alpha1.KafkaTopic
	dryRun bool
	// policiesOnly leaves TopicGate's own rules out: nothing that they speak of has changed.
	policiesOnly bool
}

// judge is the verdict on a KafkaTopic. What it allows counts against quotas from then on, unless it is a dry run.
func (l *Lookup) judge(ctx context.Context, r review) (validate.Verdict, error) {
	if r.Facts.Policies.Empty() {
		return r.verdict(l.Policies), nil
	}
	verdict, err := l.judgeCounted(ctx, r)
	if err != nil {
		return verdict, err
	}
	if !r.dryRun {
		l.Policies.metrics.judged(verdict.Policies)
	}
	return verdict, nil
}

// judgeCounted has what the namespace uses among the facts where some policy asks for it.
func (l *Lookup) judgeCounted(ctx context.Context, r review) (validate.Verdict, error) {
	if !r.Facts.Policies.HasQuotas() || r.Facts.Cluster == nil {
		return r.verdict(l.Policies), nil
	}
	accounts, err := l.accounts(ctx, r.New)
	if err != nil {
		return validate.Verdict{}, err
	}
	return l.Policies.judgeWithin(ctx, r, accounts)
}

// accounts are where the topics lie that count together with one: those that name no cluster are the default one's.
func (l *Lookup) accounts(ctx context.Context, object topic.Declared) ([]account, error) {
	clusters, err := l.clusters(ctx)
	if err != nil {
		return nil, err
	}
	accounts := []account{{object.Ref.Namespace, object.Cluster}}
	if dialect.DefaultCluster(clusters) == object.Cluster {
		accounts = append(accounts, account{object.Ref.Namespace, ""})
	}
	return accounts, nil
}

// judgeWithin judges by quotas too. From the look at what the namespace uses to the reservation no other review of it is
// let in; dry runs reserve nothing and wait for nobody.
func (p *Policies) judgeWithin(ctx context.Context, r review, accounts []account) (validate.Verdict, error) {
	if !r.dryRun {
		done, err := p.ledger.turn(ctx, r.New.Ref.Namespace)
		if err != nil {
			return validate.Verdict{}, err
		}
		defer done()
	}
	now := p.now()
	used := p.ledger.usage(r.New.Ref.Name, basisOf(r.Input), now, accounts...)
	r.Facts.Usage = &used
	verdict := r.verdict(p)
	if r.dryRun || verdict.Refused() {
		return verdict, nil
	}
	to := account{r.New.Ref.Namespace, dialect.ClusterName(r.object)}
	p.ledger.reserve(to, r.New.Ref.Name, reservation{amount: r.Facts.Policies.Amount(r.ForPolicies()), spec: stripped(r.object.Spec)}, now)
	return verdict, nil
}

// verdict judges by every rule that is asked for.
func (r review) verdict(p *Policies) validate.Verdict {
	verdict := validate.Evaluate(r.Input)
	if r.policiesOnly {
		verdict.Violations, verdict.Warnings = verdict.Policies.Violations, verdict.Policies.Warnings
	}
	return p.addUnmatched(r, verdict)
}

// addUnmatched says what the webhook was told to say of topics that no policy matches. One that none matched before, though
// it may not be so any more, is only warned about.
func (p *Policies) addUnmatched(r review, verdict validate.Verdict) validate.Verdict {
	if r.Facts.Policies.Empty() || r.Facts.Cluster == nil || len(verdict.Policies.Matched) > 0 {
		return verdict
	}
	if !r.dryRun {
		p.metrics.unmatchedTopic()
	}
	found := topic.Violation{
		Field: topic.Of(topic.KindObject), Reason: topic.NoPolicyMatches, Problem: "no TopicPolicy matches the topic",
		Source: "TopicGate", Fix: "ask the platform team which names, labels and namespaces their policies are about",
	}
	switch {
	case p.unmatched == UnmatchedDeny && !r.unmatchedBefore():
		found.Limit = "topics that some policy matches"
		verdict.Violations = append(verdict.Violations, found)
	case p.unmatched == UnmatchedWarn, p.unmatched == UnmatchedDeny:
		verdict.Warnings = append(verdict.Warnings, found)
	}
	return verdict
}

func (r review) unmatchedBefore() bool {
	if r.Old == nil {
		return false
	}
	before := r.Input
	before.New = *r.Old
	return len(validate.Evaluate(before).Policies.Matched) == 0
}

// sameSpec says of an update that it leaves the spec as it is.
func sameSpec(objects pair[*v1alpha1.KafkaTopic]) bool {
	return objects.old != nil && equality.Semantic.DeepEqual(objects.old.Spec, objects.new.Spec)
}
