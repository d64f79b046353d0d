package plan

import (
	"cmp"
	"slices"

	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
)

// Compute decides about every object whose topic is in scope.
func Compute(in Input) Plan {
	c := newComputation(in)
	c.shareQuotas()
	names := c.names()
	// Most are settled in a converged system: growing the list by doubling would cost four times its size, at each resync.
	c.plan.Settled = slices.Grow(c.plan.Settled, len(names))
	for _, name := range names {
		c.decide(name)
	}
	c.limitDeletions()
	c.sort()
	return c.plan
}

type computation struct {
	Input
	byTopic map[string][]Object
	// byCollision groups declared and live names that collide, by collision key.
	byCollision map[string][]string
	// quotas is who has what of namespaces; nil where no policy asks.
	quotas    *quotas
	deletions []Delete
	plan      Plan
}

func newComputation(in Input) *computation {
	c := &computation{
		Input: in, byTopic: make(map[string][]Object, len(in.Objects)), byCollision: make(map[string][]string, len(in.Objects)),
	}
	c.plan.Owners = map[string]topic.Ref{}
	for _, object := range in.Objects {
		c.byTopic[object.TopicName] = append(c.byTopic[object.TopicName], object)
	}
	for name, objects := range c.byTopic {
		slices.SortFunc(objects, func(a, b Object) int { return byAge(a.Ref, b.Ref) })
		c.addName(name)
	}
	for name := range in.Snapshot.Topics {
		if _, declared := c.byTopic[name]; !declared {
			c.addName(name)
		}
	}
	return c
}

func (c *computation) addName(name string) {
	key := naming.CollisionKey(name)
	c.byCollision[key] = append(c.byCollision[key], name)
}

func byAge(a, b topic.Ref) int {
	switch {
	case a.Older(b):
		return -1
	case b.Older(a):
		return 1
	default:
		return cmp.Compare(a.String(), b.String())
	}
}

// names are the declared topics in scope, sorted.
func (c *computation) names() []string {
	var names []string
	for name := range c.byTopic {
		if c.Scope == nil || c.Scope[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// decide settles the fate of every object that declares one topic.
func (c *computation) decide(name string) {
	owner, verdicts := c.claim(name)
	for i := range verdicts {
		c.tally(verdicts[i])
	}
	if live, exists := c.Snapshot.Topics[name]; exists {
		c.ownership(c.byTopic[name], owner, live)
	}
	for i, object := range c.byTopic[name] {
		switch {
		case object.Deleting:
			c.remove(object, i == owner)
		case i == owner:
			c.sync(object, verdicts[i])
		default:
			c.refuseClaim(object, verdicts[i], c.byTopic[name], owner)
		}
	}
}

// ownership says whose the live topic is. It stays with an object that is refused for now, while nobody else may have it:
// else the topic would pass for released, and for anybody's once that object is deleted.
func (c *computation) ownership(objects []Object, owner int, live topic.Observed) {
	for i := range objects {
		if owner == noOwner && c.hold(objects[i], live) >= holdsByStatus {
			owner = i
		}
	}
	if owner != noOwner && c.holds(objects[owner], live) {
		c.plan.Owners[live.Name] = objects[owner].Ref
	}
}

func (c *computation) act(actions ...Action) { c.plan.Actions = append(c.plan.Actions, actions...) }

func (c *computation) refuse(object Object, reason topic.Reason, message string) {
	refusal := Refusal{Ref: object.Ref, Topic: object.TopicName, Reason: reason, Message: message}
	// Only the owner is told of the topic: whose status carries its ID owns it from then on.
	if live, ok := c.Snapshot.Topics[object.TopicName]; ok && c.plan.Owners[object.TopicName] == object.Ref {
		refusal.Live = &live
	}
	c.plan.Refusals = append(c.plan.Refusals, refusal)
}

func (c *computation) sort() {
	byRef := func(a, b topic.Ref) int { return cmp.Compare(a.String()+a.UID, b.String()+b.UID) }
	slices.SortStableFunc(c.plan.Refusals, func(a, b Refusal) int { return byRef(a.Ref, b.Ref) })
	slices.SortStableFunc(c.plan.Settled, func(a, b Settled) int { return byRef(a.Ref, b.Ref) })
	slices.Sort(c.plan.Held)
}
