package plan

import (
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// noOwner stands for a topic whose objects are all ineligible.
const noOwner = -1

// claim finds the owner among the objects of one topic, oldest first, and judges each. Whoever holds the live topic
// stays its owner while it is eligible or being deleted; else the oldest eligible object is it.
func (c *computation) claim(name string) (owner int, verdicts []validate.Verdict) {
	objects := c.byTopic[name]
	live, exists := c.Snapshot.Topics[name]
	verdicts = make([]validate.Verdict, len(objects))
	oldest, best := noOwner, noOwner
	for i, object := range objects {
		if !object.Deleting {
			verdicts[i] = c.judge(object)
		}
		if verdicts[i].Refused() {
			continue
		}
		if oldest == noOwner && !object.Deleting {
			oldest = i
		}
		if exists && c.hold(object, live) > c.holdOf(objects, best, live) {
			best = i
		}
	}
	if best != noOwner {
		return best, verdicts
	}
	return oldest, verdicts
}

// How firmly an object holds a live topic: not at all, as the last owner that the ledger remembers, by the ID in its
// status, or by both. Where two statuses carry the ID, because an owner was ineligible for a while and another took over,
// the ledger knows who came last: ownership does not flip back.
const (
	holdsNothing = iota
	holdsByLedger
	holdsByStatus
	holdsByBoth
)

func (c *computation) holdOf(objects []Object, i int, live topic.Observed) int {
	if i == noOwner {
		return holdsNothing
	}
	return c.hold(objects[i], live)
}

// hold is how firmly an object holds the live topic; one that is being deleted holds it only to delete it.
func (c *computation) hold(object Object, live topic.Observed) int {
	if object.Deleting && !c.mayDelete(object, live) {
		return holdsNothing
	}
	return c.firmness(object, live)
}

func (c *computation) firmness(object Object, live topic.Observed) int {
	recorded, last := c.recorded(object, live), c.isLastOwner(object, live)
	switch {
	case recorded && last:
		return holdsByBoth
	case recorded:
		return holdsByStatus
	case last:
		return holdsByLedger
	default:
		return holdsNothing
	}
}

// lastOwner is who the ledger says owned this very topic last; empty when nobody did.
func (c *computation) lastOwner(live topic.Observed) (uid string) {
	if entry := c.Ledger[live.Name]; entry.TopicID == live.ID {
		return entry.Owner.UID
	}
	return ""
}

func (c *computation) isLastOwner(object Object, live topic.Observed) bool {
	uid := c.lastOwner(live)
	return uid != "" && uid == object.Ref.UID
}

// holds says that the live topic is the object's, now or as soon as its status is written.
func (c *computation) holds(object Object, live topic.Observed) bool {
	return c.hold(object, live) != holdsNothing || c.owns(object, live)
}

// recorded says that the object's status carries the live topic's ID.
func (c *computation) recorded(object Object, live topic.Observed) bool {
	r := object.Recorded
	return r.TopicID != "" && r.TopicID == live.ID && (r.ClusterID == "" || r.ClusterID == c.Cluster.ID)
}

// owns says that the live topic is the object's own: its status carries the ID, or the topic came into being after the
// object, without having been anybody else's.
func (c *computation) owns(object Object, live topic.Observed) bool {
	if c.firmness(object, live) != holdsNothing {
		return true
	}
	entry, known := c.Ledger[live.Name]
	if !known || entry.TopicID != live.ID || entry.Baseline || entry.FirstSeen.Before(object.Ref.Created) {
		return false
	}
	return entry.Owner == topic.Ref{} && !c.recordedByAnother(object, live)
}

// recordedByAnother says that the status of another object carries the live topic's ID: a ledger may have missed that.
func (c *computation) recordedByAnother(object Object, live topic.Observed) bool {
	return slices.ContainsFunc(c.byTopic[object.TopicName], func(other Object) bool {
		return other.Ref != object.Ref && c.recorded(other, live)
	})
}

// takeBack says that the topic was last owned by an object of the same namespace that is gone.
func (c *computation) takeBack(object Object, live topic.Observed) bool {
	entry := c.Ledger[live.Name]
	return entry.TopicID == live.ID && entry.Owner.Namespace != "" && entry.Owner.Namespace == object.Ref.Namespace
}

// judge runs the one engine over a stored object.
func (c *computation) judge(object Object) validate.Verdict {
	return validate.Evaluate(c.input(object))
}

// input is what a stored object is judged by, with what the brokers showed standing in for its old self.
func (c *computation) input(object Object) validate.Input {
	cluster := c.Cluster
	cluster.AdmitsNamespace, cluster.MayAdopt = object.AdmitsNamespace, object.MayAdopt
	facts := validate.Facts{
		Now: c.Guards.Now, Cluster: &cluster,
		Policies: c.Policies, Namespace: object.Namespace, Usage: c.quotas.others(object),
	}
	if live, ok := c.Snapshot.Topics[object.TopicName]; ok {
		facts.Live = &validate.Live{Observed: live, Owned: c.owns(object, live), TakeBack: c.takeBack(object, live), Elsewhere: c.Ledger[live.Name].Elsewhere}
	}
	facts.Claims, facts.Colliding = c.collisions(object)
	return validate.Input{Op: validate.Sync, New: object.Declared, Facts: facts}
}

// collisions are the other names that collide with the object's: those on the brokers, and those that older objects
// declare. Kafka overlooks collisions within one request, so of two new names only the older object's is made.
func (c *computation) collisions(object Object) (claims []validate.Claim, live []string) {
	for _, name := range c.byCollision[naming.CollisionKey(object.TopicName)] {
		if name == object.TopicName {
			continue
		}
		if _, exists := c.Snapshot.Topics[name]; exists {
			live = append(live, name)
			continue
		}
		for _, other := range c.byTopic[name] {
			if !other.Deleting && other.Ref.Older(object.Ref) {
				claims = append(claims, validate.Claim{Ref: other.Ref, TopicName: name})
			}
		}
	}
	slices.Sort(live)
	slices.SortFunc(claims, func(a, b validate.Claim) int { return byAge(a.Ref, b.Ref) })
	return claims, live
}

// refuseClaim tells an object that is not the owner why: its own faults first, else who the owner is. That it may not
// adopt the topic is no fault of its own where somebody owns it: with the right, it would still lose.
func (c *computation) refuseClaim(object Object, verdict validate.Verdict, objects []Object, owner int) {
	fault := func(v topic.Violation) bool {
		return v.Reason != topic.AdoptionNotPermitted && v.Reason != topic.AdoptionDiffers
	}
	if owner == noOwner || slices.ContainsFunc(verdict.Violations, fault) {
		c.refuse(object, verdict.Violations[0].Reason, Describe(verdict.Violations))
		return
	}
	duplicate := validate.Duplicate(object.Declared, objects[owner].Ref, "KafkaCluster "+c.Cluster.Name)
	c.refuse(object, topic.DuplicateClaim, Describe([]topic.Violation{duplicate}))
}

// Describe lists violations in one message, for a condition.
func Describe(violations []topic.Violation) string {
	texts := make([]string, len(violations))
	for i, violation := range violations {
		texts[i] = strings.TrimSpace(FieldName(violation.Field) + ": " + violation.Text())
	}
	return strings.Join(texts, "\n")
}

// FieldName is a field in plain words.
func FieldName(field topic.Field) string {
	if field.Key() != "" {
		return field.Key()
	}
	return strings.ToLower(string(field.Kind()))
}
