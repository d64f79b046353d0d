package adopt

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
)

// Choice says which topics are to be adopted.
type Choice struct {
	// Names are topics named one by one; the rest counts only where there are none.
	Names []string
	// Globs are names in which * stands for any characters; empty means all.
	Globs []string
	// Words are classes and origins, as the audit spells them; empty means all.
	Words []string
}

// Left is a topic that gets no manifest.
type Left struct {
	Topic string
	// Why says so in a clause.
	Why string
}

// Choose picks topics out of an audit, sorted by name. What is somebody's by nature is taken only where it is named, and what
// no KafkaTopic may declare not even then.
func Choose(world audit.World, found audit.Report, reserved naming.Reservations, choice Choice) (chosen []audit.Topic, left []Left) {
	byName := make(map[string]audit.Topic, len(found.Topics))
	for _, one := range found.Topics {
		byName[one.Name] = one
	}
	names := choice.Names
	if len(names) == 0 {
		names = choice.matching(found.Topics)
	}
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	for _, name := range names {
		one, undeclared := byName[name]
		if !undeclared {
			left = append(left, Left{name, absent(world, name)})
			continue
		}
		if why := refusal(one, reserved); why != "" {
			left = append(left, Left{name, why})
			continue
		}
		chosen = append(chosen, one)
	}
	return chosen, left
}

func (c Choice) matching(topics []audit.Topic) []string {
	var names []string
	for _, one := range topics {
		if audit.Undetermined(one.Class) && c.matches(one) {
			names = append(names, one.Name)
		}
	}
	return names
}

func (c Choice) matches(one audit.Topic) bool {
	byName := len(c.Globs) == 0 || slices.ContainsFunc(c.Globs, func(glob string) bool { return audit.Match(glob, one.Name) })
	byWord := len(c.Words) == 0 || slices.Contains(c.Words, string(one.Class)) || slices.Contains(c.Words, string(one.Origin.Kind))
	return byName && byWord
}

// absent says why a topic is not among those that nothing declares.
func absent(world audit.World, name string) string {
	if entry, managed := world.Entries[name]; managed {
		return fmt.Sprintf("KafkaTopic %s declares it", entry.Owner)
	}
	return "there is no such topic, as far as the last look at the brokers showed"
}

// refusal says why nobody may declare a topic; empty where somebody may.
func refusal(one audit.Topic, reserved naming.Reservations) string {
	if problem := reserved.Check(one.Name); problem != nil {
		return problem.Limit
	}
	switch one.Class {
	case topic.ClassInternal:
		return "it is Kafka's own"
	case topic.ClassElsewhere:
		kind := strings.TrimSuffix("kafkatopic."+one.Elsewhere.Group, ".")
		return fmt.Sprintf("%s %s declares it, and a topic is declared once", kind, one.Elsewhere)
	case topic.ClassUnknown:
		return cmp.Or(strings.Join(one.Reasons, "; "), "it could not be described")
	case topic.ClassManaged, topic.ClassCandidate, topic.ClassOrphan, topic.ClassReleased, topic.ClassPlatform, topic.ClassIgnored:
	}
	return ""
}
