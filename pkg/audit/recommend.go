package audit

import (
	"fmt"
	"time"

	"github.com/topicgate/topicgate/pkg/topic"
)

// idleFor is how long a topic must have been known, and not written to, before nothing speaks for keeping it.
const idleFor = 60 * 24 * time.Hour

// recommend says what a person should do about a topic, and why. It recommends deletion only where nothing at all speaks
// for keeping a topic, and where all of that could be seen.
func (w World) recommend(entry topic.Entry) (Recommendation, []string) {
	now := w.Now
	switch entry.Class {
	case topic.ClassInternal, topic.ClassPlatform:
		return Ignore, []string{"it is " + by(entry.Origin)}
	case topic.ClassIgnored:
		return Ignore, []string{w.ignoring(entry.Name)}
	case topic.ClassElsewhere:
		return Ignore, []string{fmt.Sprintf("%s %s declares it", kindOf(entry.Elsewhere), entry.Elsewhere)}
	case topic.ClassManaged:
		return Ignore, []string{"a KafkaTopic declares it"}
	case topic.ClassUnknown:
		return Investigate, []string{"it could not be described: the principal that looked lacks DESCRIBE on it"}
	case topic.ClassCandidate, topic.ClassOrphan, topic.ClassReleased:
	}
	if used := signsOfUse(entry, now); len(used) > 0 {
		return Adopt, used
	}
	if doubts := doubts(entry, now); len(doubts) > 0 {
		return Investigate, doubts
	}
	return DeleteCandidate, []string{
		"it holds no records", "no consumer group reads it or left offsets there",
		fmt.Sprintf("nothing is known to have been written to it for %d days", int(idleFor.Hours()/24)),
	}
}

// ignoring says why a topic is ignored, in the words of the first rule that names it.
func (w World) ignoring(name string) string {
	if rule, is := ignoredBy(w.Ignore, name, w.Now); is && rule.Reason != "" {
		return rule.Reason
	}
	return "a rule of audit.ignore names it"
}

func by(origin topic.Origin) string {
	switch origin.Kind {
	case topic.OriginKafka:
		return "the brokers' own"
	case topic.OriginProduct:
		return "the state of " + origin.Of
	case topic.OriginStreams:
		return "made by the Kafka Streams application " + origin.Of
	case topic.OriginConnect:
		return "the storage of the Kafka Connect workers " + origin.Of
	case topic.OriginMirrorMaker:
		return "made by MirrorMaker 2"
	case topic.OriginStreamsLeftover, topic.OriginDeadLetter, topic.OriginDeletedObject, topic.OriginAutoCreated, topic.OriginPlain:
	}
	return "somebody's by nature"
}

// signsOfUse say that somebody uses a topic now.
func signsOfUse(entry topic.Entry, now time.Time) []string {
	var found []string
	for _, group := range entry.Findings.Groups {
		if group.Members > 0 {
			found = append(found, "consumer group "+group.Name+" has members and reads it")
		}
	}
	const lately = 7 * day
	if !entry.LastWrite.IsZero() && now.Sub(entry.LastWrite) < lately {
		found = append(found, "something was written to it within the last week")
	}
	return found
}

// doubts are what speaks against calling a topic superfluous.
func doubts(entry topic.Entry, now time.Time) []string {
	var found []string
	note := func(is bool, text string) {
		if is {
			found = append(found, text)
		}
	}
	note(unseen(entry, "records"), "whether it holds records is not known")
	note(!unseen(entry, "records") && entry.Findings.Records > 0, "it holds records")
	note(unseen(entry, "groups"), "which consumer groups read it is not known")
	note(len(entry.Findings.Groups) > 0 && !unseen(entry, "groups"), "a consumer group left offsets there")
	note(entry.FirstSeen.IsZero(), "when it was first seen is not known")
	note(!entry.FirstSeen.IsZero() && now.Sub(entry.FirstSeen) < idleFor, fmt.Sprintf("it was first seen less than %d days ago", int(idleFor.Hours()/24)))
	note(!entry.LastWrite.IsZero() && now.Sub(entry.LastWrite) < idleFor, fmt.Sprintf("something was written to it within %d days", int(idleFor.Hours()/24)))
	note(entry.Origin.Kind == topic.OriginStreamsLeftover, "it may be the state of a Kafka Streams application that is not running")
	return found
}
