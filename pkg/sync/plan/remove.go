package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// remove decides about an object whose deletion was asked for. Every way out but the last keeps the topic.
func (c *computation) remove(object Object, owner bool) {
	if release, ok := ReleasedWithoutKafka(object, c.Cluster.DefaultDeletion); ok {
		c.releaseOrIgnore(object, release)
		return
	}
	live, exists := c.Snapshot.Topics[object.TopicName]
	reason, waiting := c.Waiting[object.TopicName]
	switch {
	case object.Parent != ParentAlive:
		c.refuse(object, topic.Deleting, "whether the namespace and the CRD live on could not be looked up, so the topic is not touched yet")
	case waiting:
		c.refuse(object, reason, "waiting until the brokers show what was written")
	case c.Snapshot.Unknown[object.TopicName] != "":
		c.refuse(object, topic.KafkaUnauthorized, "the topic cannot be described: "+c.Snapshot.Unknown[object.TopicName])
	case !exists:
		c.releaseOrIgnore(object, "the topic is gone")
	case !owner || !c.mayDelete(object, live):
		c.releaseOrIgnore(object, "the topic on the brokers is not this object's, so it is kept")
	default:
		c.deleteOwned(object, live)
	}
}

// mayDelete says that the live topic is the one whose deletion was asked for: its ID is in the object's status or, where
// no status was written yet, the ledger names the object as its owner. A topic that came back since, or one that was
// merely first seen after the object, is not it; nor is one that somebody else owned last, or that a living object,
// eligible or not, holds as firmly.
func (c *computation) mayDelete(object Object, live topic.Observed) bool {
	last := c.lastOwner(live)
	if last != "" && last != object.Ref.UID {
		return false
	}
	if !c.recorded(object, live) && (last == "" || object.Recorded.TopicID != "") {
		return false
	}
	return !slices.ContainsFunc(c.byTopic[object.TopicName], func(other Object) bool {
		return !other.Deleting && c.firmness(other, live) >= c.firmness(object, live)
	})
}

// ReleasedWithoutKafka says why an object being deleted is released at once, topic and brokers untouched: its policy is
// Retain, or the deletion is its namespace's or its CRD's and so not its own (law 5).
func ReleasedWithoutKafka(object Object, clusterDefault topic.DeletionPolicy) (message string, released bool) {
	switch {
	case object.Parent == ParentTerminating:
		return "its namespace or its CRD is being deleted, which deletes no topic", true
	case object.EffectiveDeletion(clusterDefault) != topic.Delete:
		return "deletionPolicy is Retain", true
	default:
		return "", false
	}
}

// releaseOrIgnore takes our finalizer off; an object that others' finalizers hold is nothing to us any more.
func (c *computation) releaseOrIgnore(object Object, message string) {
	if !object.Finalized {
		c.plan.Settled = append(c.plan.Settled, Settled{Ref: object.Ref})
		return
	}
	_, exists := c.Snapshot.Topics[object.TopicName]
	c.act(Release{For: For{object.Ref}, Kept: exists, Message: message})
}

func (c *computation) deleteOwned(object Object, live topic.Observed) {
	if !object.Finalized { // its deletion policy became Delete too late; without the finalizer there is nothing to hold on to
		c.plan.Settled = append(c.plan.Settled, Settled{Ref: object.Ref})
		return
	}
	if c.Guards.Paused || object.Paused {
		c.refuse(object, topic.Paused, "paused; would delete topic "+live.Name)
		return
	}
	if why := c.protected(object); why != "" {
		c.refuse(object, topic.DeletionProtected, why)
		return
	}
	c.deletions = append(c.deletions, Delete{For: For{object.Ref}, Removal: topic.Removal{Name: live.Name, ID: live.ID}})
}

// protected says why the topic must not go; what could not be found out counts as in use.
func (c *computation) protected(object Object) string {
	const lift = "; annotate topicgate.io/allow-delete-until (at most 24 h ahead) to delete it, or set deletionPolicy: Retain to keep it"
	if validate.DeletionAllowed(object.Declared, c.Guards.Now) {
		return ""
	}
	policies, _ := c.Policies.Protection(c.input(object).ForPolicies())
	protection := validate.Protected(c.Cluster.Protection, policies)
	switch {
	case protection == validate.ProtectNone:
		return ""
	case protection == validate.ProtectAlways:
		return "it is protected whatever it holds" + lift
	case !object.Usage.Known:
		return "whether the topic is in use could not be found out" + lift
	case object.Usage.Records > 0 && protection != validate.ProtectWhenConsumed:
		return fmt.Sprintf("the topic holds up to %d records", object.Usage.Records) + lift
	case len(object.Usage.Groups) > 0 && protection != validate.ProtectWhenNotEmpty:
		return "consumer groups read the topic: " + strings.Join(object.Usage.Groups, ", ") + lift
	default:
		return ""
	}
}

// limitDeletions lets through as many deletions as the window allows, oldest object first, or all that are held once a
// person has named their exact number.
func (c *computation) limitDeletions() {
	slices.SortFunc(c.deletions, func(a, b Delete) int {
		return cmp.Or(byAge(a.Ref, b.Ref), cmp.Compare(a.Name, b.Name))
	})
	held := max(len(c.deletions)-max(c.Guards.DeletionsLeft, 0), 0)
	if held > 0 && c.Guards.ReleaseDeletions == held {
		held = 0
	}
	pass := len(c.deletions) - held
	for i, deletion := range c.deletions {
		if i < pass {
			c.act(deletion)
			continue
		}
		c.plan.Held = append(c.plan.Held, deletion.Name)
		c.plan.Refusals = append(c.plan.Refusals, Refusal{
			Ref: deletion.Ref, Topic: deletion.Name, Reason: topic.DeletionHeld,
			Message: "too many deletions within the window; the KafkaCluster's DeletionsHeld condition says how to let them go ahead",
		})
	}
}
