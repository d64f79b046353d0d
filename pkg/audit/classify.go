package audit

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
)

// applicationGrace is how long an application's topics stay its own after the brokers have forgotten its group: Connect
// workers leave nothing behind while they are all restarted, and a restart is no reason to report orphans.
const applicationGrace = 24 * time.Hour

// classifier says what topics are, one after the other; what it looks names up in is made once a look.
type classifier struct {
	Input
	patterns []naming.Pattern
	apps     applications
}

func (in Input) classifier() classifier {
	c := classifier{Input: in, patterns: slices.DeleteFunc(naming.Patterns(), func(p naming.Pattern) bool { return !p.Reserved })}
	if in.Scan.Groups != nil {
		c.apps = applicationsOf(*in.Scan.Groups, in.Snapshot.Topics)
	}
	return c
}

// classify gives a topic's class and notes its origin, in this order: what an object declares, here or elsewhere; what is the
// brokers' own; what a rule ignores; what a product or a running application made; what an object left; the rest.
func (c classifier) classify(entry *topic.Entry, seen topic.Observed, before topic.Entry) topic.Class {
	if class := c.declared(*entry); class != "" {
		entry.Origin = topic.Origin{}
		return class
	}
	pattern, reserved := c.reserved(entry.Name)
	if seen.Internal || (reserved && pattern.Class == naming.ClassInternal) {
		entry.Origin = topic.Origin{Kind: topic.OriginKafka, Of: pattern.Product}
		return topic.ClassInternal
	}
	c.attribute(entry, seen, pattern, reserved)
	switch {
	case c.ignored(entry.Name):
		return topic.ClassIgnored
	case natural(entry.Origin.Kind):
		return topic.ClassPlatform
	case entry.Owner != (topic.Ref{}):
		return topic.ClassReleased
	case before.Class == topic.ClassOrphan, c.confirms(*entry, before.Class):
		return topic.ClassOrphan
	default:
		return topic.ClassCandidate
	}
}

// declared is the class of a topic that an object declares; empty where none does.
func (c classifier) declared(entry topic.Entry) topic.Class {
	if _, owned := c.Owners[entry.Name]; owned {
		return topic.ClassManaged
	}
	if entry.Elsewhere != (topic.Ref{}) {
		return topic.ClassElsewhere
	}
	return ""
}

// natural says that whatever makes such topics makes them for itself and needs no object.
func natural(kind topic.OriginKind) bool {
	switch kind {
	case topic.OriginProduct, topic.OriginStreams, topic.OriginConnect, topic.OriginMirrorMaker:
		return true
	case topic.OriginKafka, topic.OriginStreamsLeftover, topic.OriginDeadLetter, topic.OriginDeletedObject, topic.OriginAutoCreated, topic.OriginPlain:
		return false
	}
	return false
}

// reserved finds the pattern that keeps anybody from declaring a topic of that name.
func (c classifier) reserved(name string) (naming.Pattern, bool) {
	for _, pattern := range c.patterns {
		if beginning, _, _ := strings.Cut(pattern.Glob, "*"); strings.HasPrefix(name, beginning) && pattern.Matches(name) {
			return c.Reserved.Match(name)
		}
	}
	return naming.Pattern{}, false
}

// attribute notes where a topic comes from. What spoke for an application and does not any more counts on for a while.
func (c classifier) attribute(entry *topic.Entry, seen topic.Observed, pattern naming.Pattern, reserved bool) {
	before := entry.Origin
	if reserved {
		entry.Origin = topic.Origin{Kind: topic.OriginProduct, Of: pattern.Product, Evidence: fmt.Sprintf("named like %q", pattern.Glob)}
		return
	}
	left := entry.Owner != (topic.Ref{}) && before.Kind != topic.OriginDeletedObject
	if c.Scan.Groups == nil && before.Kind != "" && !left {
		return // nobody asked for groups just now
	}
	found, sure := c.apps.origin(seen)
	if sure {
		entry.Origin, entry.OriginGone = found, time.Time{}
		return
	}
	if !c.lingers(entry) {
		entry.Origin = c.orphaned(*entry, seen, found)
	}
}

// lingers says that an application's topics still count as its own, although nothing speaks for it any more.
func (c classifier) lingers(entry *topic.Entry) bool {
	if !natural(entry.Origin.Kind) || entry.Origin.Kind == topic.OriginProduct {
		return false
	}
	if entry.OriginGone.IsZero() {
		entry.OriginGone = c.Now
	}
	return c.Now.Before(entry.OriginGone.Add(applicationGrace))
}

// orphaned is where a topic comes from that is no running application's; looksLike is what its name suggests, if anything.
func (c classifier) orphaned(entry topic.Entry, seen topic.Observed, looksLike topic.Origin) topic.Origin {
	switch {
	case entry.Owner != (topic.Ref{}):
		return topic.Origin{Kind: topic.OriginDeletedObject, Of: entry.Owner.String(), Evidence: "that KafkaTopic owned it, and was deleted"}
	case looksLike.Kind != "":
		return looksLike
	case c.autoCreated(entry, seen):
		return topic.Origin{Kind: topic.OriginAutoCreated, Evidence: fmt.Sprintf(
			"%d partitions and %d replicas, the brokers' defaults, and no config of its own", seen.Partitions, seen.Replicas)}
	default:
		return topic.Origin{Kind: topic.OriginPlain}
	}
}

// autoCreated says that a topic looks as brokers make them by themselves: with their defaults and no config. Nothing in Kafka
// tells it for sure. Once suspected it stays so, also after auto-creation was switched off.
func (c classifier) autoCreated(entry topic.Entry, seen topic.Observed) bool {
	shaped := seen.ConfigKnown && len(seen.Config) == 0 &&
		seen.Partitions == c.Brokers.Partitions && seen.Replicas == c.Brokers.Replicas
	return shaped && (c.Brokers.AutoCreate || entry.Origin.Kind == topic.OriginAutoCreated)
}

// confirms says that this look makes an orphan of a topic without an object: it is a second one, past the grace period, with a
// scan that would have told whose it is, and a complete one, for who may not see everything must not accuse.
func (c classifier) confirms(entry topic.Entry, before topic.Class) bool {
	again := before != "" && c.Now.After(entry.FirstSeen.Add(time.Second)) // both takes of one round are one sighting
	seen := c.Scan.Groups != nil && c.Snapshot.Complete && !c.apps.undecided(entry.Name)
	return again && seen && !c.Now.Before(entry.FirstSeen.Add(c.Grace))
}

func (in Input) ignored(name string) bool {
	_, is := ignoredBy(in.Ignore, name, in.Now)
	return is
}

// ignoredBy is the first rule in force that names a topic.
func ignoredBy(rules []Rule, name string, now time.Time) (Rule, bool) {
	for _, rule := range rules {
		if rule.active(now) && Match(rule.Pattern, name) {
			return rule, true
		}
	}
	return Rule{}, false
}

func (r Rule) active(now time.Time) bool { return r.ExpiresAt.IsZero() || now.Before(r.ExpiresAt) }

// Match says whether a name fits a pattern in which * stands for any run of characters.
func Match(pattern, name string) bool {
	return naming.Pattern{Glob: pattern}.Matches(name)
}
