package plan

import (
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
	c.quotas = &quotas{used: map[string]policy.Usage{}, own: map[topic.Ref]policy.Usage{}, before: map[topic.Ref]policy.Usage{}}
	asking := c.reckon()
	slices.SortFunc(asking, func(a, b Object) int { return byAge(a.Ref, b.Ref) })
	for _, object := range asking {
		namespace := object.Ref.Namespace
		had := c.quotas.own[object.Ref]
		c.quotas.before[object.Ref] = c.quotas.used[namespace].Without(had)
		verdict := c.judge(object)
		if verdict.Refused() || c.older(object) {
			continue
		}
		wanted := c.wants(object)
		c.quotas.own[object.Ref] = wanted
		c.quotas.used[namespace] = c.quotas.used[namespace].Without(had).Add(wanted)
	}
}

// reckon counts what every object has, and returns those that ask for more.
func (c *computation) reckon() []Object {
	var asking []Object
	for _, object := range c.Objects {
		had := c.has(object)
		c.quotas.own[object.Ref] = had
		c.quotas.used[object.Ref.Namespace] = c.quotas.used[object.Ref.Namespace].Add(had)
		if object.Deleting {
			continue
		}
		if c.wants(object).Beyond(had) {
			asking = append(asking, object)
		}
	}
	return asking
}

// has is what an object has on the brokers: its topic as it was seen, or as its status remembers it, or as it is being
// made.
func (c *computation) has(object Object) policy.Usage {
	in := c.amountInput(object)
	live, seen := c.Snapshot.Topics[object.TopicName]
	switch {
	case c.InFlight[object.TopicName] && !c.older(object):
	case seen && c.holds(object, live):
		in.New = (&validate.Live{Observed: live}).As(object.Declared)
		in.New.Partitions, in.New.Replicas = &live.Partitions, &live.Replicas
	case !seen && object.Recorded.TopicID != "": // nobody looked, or a stale look: it will be there again anyway
		in.New.Partitions, in.New.Replicas = &object.Recorded.Partitions, &object.Recorded.Replicas
	default:
		return policy.Usage{}
	}
	return c.Policies.Amount(in)
}

// wants is what an object would have once its topic is as declared.
func (c *computation) wants(object Object) policy.Usage {
	in := c.amountInput(object)
	if live, seen := c.Snapshot.Topics[object.TopicName]; seen {
		in.Facts.Live = &live
	}
	return c.Policies.Amount(in)
}

// amountInput is what an amount is reckoned from: less than a verdict needs, for every object is asked each round.
func (c *computation) amountInput(object Object) policy.Input {
	return validate.Input{New: object.Declared, Facts: validate.Facts{
		Now: c.Guards.Now, Cluster: &c.Cluster, Namespace: object.Namespace,
	}}.ForPolicies()
}

// older says that another living object declares the topic and comes first.
func (c *computation) older(object Object) bool {
	for _, other := range c.byTopic[object.TopicName] {
		if !other.Deleting && other.Ref != object.Ref && other.Ref.Older(object.Ref) {
			return true
		}
	}
	return false
}
