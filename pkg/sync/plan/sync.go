package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// sync decides about the object that owns, or is to own, its topic.
func (c *computation) sync(object Object, verdict validate.Verdict) {
	if verdict.Refused() {
		c.refuse(object, verdict.Violations[0].Reason, Describe(verdict.Violations))
		return
	}
	if reason, waiting := c.Waiting[object.TopicName]; waiting {
		c.refuse(object, reason, "waiting until the brokers show what was written")
		return
	}
	if why, unknown := c.Snapshot.Unknown[object.TopicName]; unknown {
		c.refuse(object, topic.KafkaUnauthorized, "the topic exists but cannot be described: "+why)
		return
	}
	live, exists := c.Snapshot.Topics[object.TopicName]
	if !exists {
		c.perform(object, c.finalizer(object), []Action{c.creation(object)})
		return
	}
	changes, hold := c.changes(object, live)
	if hold != "" {
		c.refuse(object, hold, "partitions are added once the replicas have stopped moving")
		return
	}
	finalizer := c.finalizer(object)
	if len(changes)+len(finalizer) > 0 {
		c.perform(object, finalizer, changes)
		return
	}
	c.settle(object, live, verdict)
}

// perform does it, or says what would be done.
func (c *computation) perform(object Object, finalizer, changes []Action) {
	if (c.Guards.Paused || object.Paused) && len(changes) > 0 {
		c.refuse(object, topic.Paused, "paused; would "+Summary(changes))
		return
	}
	c.act(finalizer...)
	c.act(changes...)
}

// finalizer keeps the finalizer on exactly those objects whose deletion deletes a topic.
func (c *computation) finalizer(object Object) []Action {
	wanted := object.EffectiveDeletion(c.Cluster.DefaultDeletion) == topic.Delete
	switch {
	case wanted && !object.Finalized:
		return []Action{AddFinalizer{For{object.Ref}}}
	case !wanted && object.Finalized:
		return []Action{Release{For: For{object.Ref}, Kept: true, Message: "deletionPolicy is Retain"}}
	default:
		return nil
	}
}

// creation makes the topic as declared; what the object leaves out is a policy's default's, else the brokers'.
func (c *computation) creation(object Object) Action {
	creation := topic.Creation{
		Name: object.TopicName, Partitions: topic.BrokerDefault, Replicas: topic.BrokerDefault, Config: object.Texts(),
	}
	defaults := c.defaults(object)
	defaults.Fill(&creation)
	if object.Partitions != nil {
		creation.Partitions = *object.Partitions
	}
	if object.Replicas != nil {
		creation.Replicas = *object.Replicas
	}
	return Create{For: For{object.Ref}, Creation: creation, Lost: object.Recorded.TopicID}
}

// changes are what makes the live topic as declared; a reason means that it must wait.
func (c *computation) changes(object Object, live topic.Observed) ([]Action, topic.Reason) {
	var actions []Action
	if object.Partitions != nil && *object.Partitions > live.Partitions {
		if live.Reassigning {
			return nil, topic.ReassignmentInProgress
		}
		growth := topic.Growth{Name: live.Name, Partitions: *object.Partitions}
		actions = append(actions, Grow{For: For{object.Ref}, Growth: growth, From: live.Partitions})
	}
	if change := c.configChange(object, live); len(change.Set)+len(change.Reset) > 0 {
		actions = append(actions, Alter{For: For{object.Ref}, ConfigChange: change})
	}
	return actions, ""
}

// settle takes an object whose topic is as declared; without a leader everywhere it is not usable yet.
func (c *computation) settle(object Object, live topic.Observed, verdict validate.Verdict) {
	if live.Leaderless > 0 {
		c.refuse(object, topic.WaitingForLeaders, fmt.Sprintf("%d of %d partitions have no leader", live.Leaderless, live.Partitions))
		return
	}
	settled := Settled{
		Ref: object.Ref, Live: live,
		Managed:  managed(object),
		Unlisted: c.unlisted(object, live), Defaulted: c.defaulted(object, live), Breaks: breaks(verdict),
		Adopted: !c.owns(object, live),
	}
	if former := object.Recorded.TopicID; former != "" && former != live.ID {
		settled.Recreated = former
	}
	c.plan.Settled = append(c.plan.Settled, settled)
	c.plan.Owners[live.Name] = object.Ref // also where it was taken over just now
}

// Summary says actions in words: what would be, or was, done.
func Summary(actions []Action) string {
	parts := make([]string, 0, len(actions))
	for _, action := range actions {
		parts = append(parts, describe(action))
	}
	return strings.Join(parts, ", ")
}

func describe(action Action) string {
	switch a := action.(type) {
	case AddFinalizer:
		return "add the finalizer"
	case Create:
		return "create topic " + a.Name
	case Grow:
		return fmt.Sprintf("grow from %d to %d partitions", a.From, a.Partitions)
	case Alter:
		return describeChange(a.ConfigChange)
	case Delete:
		return "delete topic " + a.Name + " (" + a.ID + ")"
	case Release:
		return "release the object: " + a.Message
	}
	return ""
}

func describeChange(change topic.ConfigChange) string {
	var parts []string
	for key, value := range change.Set {
		parts = append(parts, key+"="+value)
	}
	slices.Sort(parts)
	text := ""
	if len(parts) > 0 {
		text = "set " + strings.Join(parts, ", ")
	}
	if len(change.Reset) > 0 {
		text += strings.TrimPrefix(" and reset "+strings.Join(change.Reset, ", "), map[bool]string{true: " and "}[text == ""])
	}
	return text
}
