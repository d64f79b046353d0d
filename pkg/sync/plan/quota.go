package plan

import (
	"cmp"
	"slices"

	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// quotas is who has what of a namespace, as every object has to reckon with: what is on the brokers, or about to be, comes
// before what is only asked for, and of that the oldest object's comes first. So two webhooks that let too much through, or
// none at all, still cannot have more made than a quota grants.
type quotas struct {
	// used is what each namespace has.
	used map[string]policy.Usage
	// own is what an object has of it, by its topic and what is about to be made.
	own map[topic.Ref]policy.Usage
	// before is what an object that asks for more found used by others when its turn came.
	before map[topic.Ref]policy.Usage
	// taken are topics that some object has, or is given.
	taken map[string]topic.Ref
}

// others is what the namespace's other objects have; nil where no policy asks.
func (q *quotas) others(object Object) *policy.Usage {
	if q == nil {
		return nil
	}
	if found, asked := q.before[object.Ref]; asked {
		return &found
	}
	rest := q.used[object.Ref.Namespace].Without(q.own[object.Ref])
	return &rest
}

// shareQuotas reckons up what is there, then gives what is asked for its turn, the oldest object first.
func (c *computation) shareQuotas() {
	if !c.Policies.HasQuotas() {
		return
	}
	c.quotas = &quotas{
		used: map[string]policy.Usage{}, own: map[topic.Ref]policy.Usage{}, before: map[topic.Ref]policy.Usage{},
		taken: map[string]topic.Ref{},
	}
	asking := c.reckon()
	slices.SortFunc(asking, func(a, b Object) int { return cmp.Or(c.unseen(a)-c.unseen(b), byAge(a.Ref, b.Ref)) })
	for _, object := range asking {
		namespace := object.Ref.Namespace
		had := c.quotas.own[object.Ref]
		c.quotas.before[object.Ref] = c.quotas.used[namespace].Without(had)
		verdict := c.judge(object)
		if who, taken := c.quotas.taken[object.TopicName]; verdict.Refused() || taken && who != object.Ref {
			continue
		}
		c.quotas.taken[object.TopicName] = object.Ref
		wanted := c.wants(object)
		c.quotas.own[object.Ref] = wanted
		c.quotas.used[namespace] = c.quotas.used[namespace].Without(had).Add(wanted)
	}
}

// unseen is 1 for an object whose topic is not on the brokers. One that is there is let be taken over whatever the quota is,
// so it comes first.
func (c *computation) unseen(object Object) int {
	if _, seen := c.Snapshot.Topics[object.TopicName]; seen {
		return 0
	}
	return 1
}

// reckon counts what every object has, and returns those that ask for more.
func (c *computation) reckon() []Object {
	concerned := c.namespacesInScope()
	within := func(o Object) bool { return concerned == nil || concerned[o.Ref.Namespace] }
	for name, objects := range c.byTopic {
		if !slices.ContainsFunc(objects, within) {
			continue
		}
		holder, certain := c.holder(name)
		if holder == noOwner {
			continue
		}
		object := objects[holder]
		had := c.has(object)
		c.quotas.own[object.Ref] = had
		c.quotas.used[object.Ref.Namespace] = c.quotas.used[object.Ref.Namespace].Add(had)
		if certain {
			c.quotas.taken[name] = object.Ref
		}
	}
	var asking []Object
	for _, object := range c.Objects {
		if within(object) && !object.Deleting && c.wants(object).Beyond(c.quotas.own[object.Ref]) {
			asking = append(asking, object)
		}
	}
	return asking
}

// namespacesInScope are those that the plan decides about; nil for all. What others have makes no difference to them.
func (c *computation) namespacesInScope() map[string]bool {
	if c.Scope == nil {
		return nil
	}
	namespaces := map[string]bool{}
	for name := range c.Scope {
		for _, object := range c.byTopic[name] {
			namespaces[object.Ref.Namespace] = true
		}
	}
	return namespaces
}

// holder is the object that a topic counts for: whose it is on the brokers, or who is having it made, or, of a topic that was
// not seen, whoever has it in its status: nobody looked, or the look was stale, and it will be there again anyway. That last
// one is not certain: another may get to make it.
func (c *computation) holder(name string) (index int, certain bool) {
	objects := c.byTopic[name]
	live, seen := c.Snapshot.Topics[name]
	switch {
	case c.InFlight[name]:
		return slices.IndexFunc(objects, c.making), true
	case seen:
		return c.holderSeen(objects, live), true
	default:
		return slices.IndexFunc(objects, func(o Object) bool { return o.Recorded.TopicID != "" }), false
	}
}

// holderSeen is whose a live topic is: the oldest of those that hold it most firmly, else the oldest that it came after.
func (c *computation) holderSeen(objects []Object, live topic.Observed) int {
	best := noOwner
	for i, object := range objects {
		if c.hold(object, live) > c.holdOf(objects, best, live) {
			best = i
		}
	}
	if best != noOwner {
		return best
	}
	return slices.IndexFunc(objects, func(o Object) bool { return !o.Deleting && c.owns(o, live) })
}

// has is what the holder of a topic has of it on the brokers.
func (c *computation) has(object Object) policy.Usage {
	in := c.amountInput(object)
	live, seen := c.Snapshot.Topics[object.TopicName]
	switch {
	case c.InFlight[object.TopicName]: // as it is declared
	case seen:
		in.New = (&validate.Live{Observed: live}).As(object.Declared)
		in.New.Partitions, in.New.Replicas = &live.Partitions, &live.Replicas
	default:
		in.New.Partitions, in.New.Replicas = &object.Recorded.Partitions, &object.Recorded.Replicas
	}
	return c.Policies.Amount(in)
}

// wants is what an object would have once its topic is as declared.
func (c *computation) wants(object Object) policy.Usage {
	in := c.amountInput(object)
	live, seen := c.Snapshot.Topics[object.TopicName]
	switch {
	case seen:
		in.Facts.Live = &live
	case c.Scope == nil || c.Scope[object.TopicName]:
		in.New.Recorded = topic.Recorded{} // it will be made anew
	}
	return c.Policies.Amount(in)
}

// amountInput is what an amount is reckoned from: less than a verdict needs, for every object is asked each round.
func (c *computation) amountInput(object Object) policy.Input {
	return validate.Input{New: object.Declared, Facts: validate.Facts{
		Now: c.Guards.Now, Cluster: &c.Cluster, Namespace: object.Namespace,
	}}.ForPolicies()
}

// making says whose topic it is that is being made or grown, as the ledger tells; else it is the oldest object's.
func (c *computation) making(object Object) bool {
	if owner := c.Ledger[object.TopicName].Owner; owner.UID != "" {
		return owner.UID == object.Ref.UID
	}
	for _, other := range c.byTopic[object.TopicName] { // oldest first
		if !other.Deleting {
			return other.Ref == object.Ref
		}
	}
	return false
}
