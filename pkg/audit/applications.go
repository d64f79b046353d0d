package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/topic"
)

// applications are the running applications that make topics for themselves, as consumer groups and names of topics tell.
type applications struct {
	// known says that no group is missing.
	known bool
	// groups are the groups whose members read records, by name.
	groups map[string]topic.Group
	// share says that there are share groups.
	share bool
	// storage is what Connect keeps in a topic, by the topic's name, with the workers' group; empty when none runs.
	storage map[string]string
	mirrors mirrors
}

func applicationsOf(groups topic.Groups, topics map[string]topic.Observed) applications {
	apps := applications{known: groups.Known, groups: map[string]topic.Group{}}
	var workers []string
	for _, group := range groups.List {
		switch {
		case group.Protocol == "connect":
			workers = append(workers, group.Name)
		case group.Type == "share":
			apps.share = true
		default:
			apps.groups[group.Name] = group
		}
	}
	apps.storage = storage(topics, workers)
	apps.mirrors = mirrorsOf(topics)
	return apps
}

// origin is the application that a topic belongs to; not sure when only its name suggests so.
func (a applications) origin(seen topic.Observed) (found topic.Origin, sure bool) {
	if workers, is := a.storage[seen.Name]; is {
		return connectOrigin(workers, a.known)
	}
	if found, is := a.mirrors.origin(seen.Name); is {
		return found, true
	}
	if kind := streamsKind(seen.Name); kind != "" {
		return a.streams(seen.Name, kind)
	}
	if a.share && strings.HasPrefix(seen.Name, "dlq.") {
		return topic.Origin{Kind: topic.OriginDeadLetter, Evidence: "named like a dead letter queue, and there are share groups"}, false
	}
	return topic.Origin{}, false
}

// undecided says that a topic is named like an application's, and that nobody could tell whether there is such an application.
func (a applications) undecided(name string) bool {
	_, stored := a.storage[name]
	return !a.known && (stored || streamsKind(name) != "")
}

// streamsKind is what Kafka Streams uses topics of such names for; empty when it makes none of the kind.
func streamsKind(name string) string {
	switch {
	case strings.HasSuffix(name, "-changelog"):
		return "changelogs"
	case strings.HasSuffix(name, "-repartition"):
		return "repartition topics"
	case strings.HasSuffix(name, "-topic") && strings.Contains(name, "-KTABLE-FK-JOIN-SUBSCRIPTION-"):
		return "foreign-key joins"
	default:
		return ""
	}
}

// streams finds the application: Kafka Streams names its topics <application.id>-…, and its consumer group <application.id>.
// The longest such group counts: "orders" and "orders-eu" may both exist. The suffix alone proves nothing.
func (a applications) streams(name, kind string) (topic.Origin, bool) {
	for end := len(name) - 1; end > 0; end-- {
		if name[end] != '-' {
			continue
		}
		if group, is := a.groups[name[:end]]; is {
			what := "consumer group"
			if group.Type == "streams" {
				what = "streams group"
			}
			return topic.Origin{Kind: topic.OriginStreams, Of: group.Name, Evidence: fmt.Sprintf(
				"there is a %s %s, and Kafka Streams names the %s of such an application so", what, group.Name, kind)}, true
		}
	}
	if !a.known {
		return topic.Origin{Kind: topic.OriginPlain, Evidence: "named like one of Kafka Streams; the consumer groups could not be listed"}, false
	}
	return topic.Origin{Kind: topic.OriginStreamsLeftover, Evidence: fmt.Sprintf(
		"named like the %s of Kafka Streams, and no consumer group has the name of such an application", kind)}, false
}

func connectOrigin(workers string, known bool) (topic.Origin, bool) {
	found := topic.Origin{Kind: topic.OriginConnect, Of: workers, Evidence: "compacted, with its two siblings of Connect's storage"}
	if workers == "" {
		found.Kind = topic.OriginPlain
		found.Evidence += "; no Connect workers meet in a group now"
		if !known {
			found.Evidence = "named like Connect's storage; the consumer groups could not be listed"
		}
		return found, false
	}
	found.Evidence += ", and Connect workers meet in group " + workers
	return found, true
}

// storage finds the topics in which Connect workers keep configs, offsets and status. They are named as somebody chose, so
// nothing less than all three, all compacted and with one partition for configs, is taken for Connect's. The workers' group
// is the one that shares most of its name with them.
func storage(topics map[string]topic.Observed, workers []string) map[string]string {
	found := map[string]string{}
	for name, seen := range topics {
		if seen.Partitions != 1 || !compacted(seen) {
			continue
		}
		for _, trio := range siblings(name) {
			if !slices.ContainsFunc(trio, func(sibling string) bool { return !compacted(topics[sibling]) }) {
				for _, sibling := range append(trio, name) {
					found[sibling] = nearest(name, workers)
				}
			}
		}
	}
	return found
}

func compacted(seen topic.Observed) bool {
	return strings.Contains(seen.Config["cleanup.policy"], "compact")
}

// siblings are the pairs of names that Connect's offsets and status would have beside a topic of configs.
func siblings(configs string) [][]string {
	var pairs [][]string
	for _, word := range []string{"configs", "config"} {
		at := strings.LastIndex(configs, word)
		if at < 0 {
			continue
		}
		before, after := configs[:at], configs[at+len(word):]
		for _, offsets := range []string{"offsets", "offset"} {
			for _, status := range []string{"status", "statuses"} {
				pairs = append(pairs, []string{before + offsets + after, before + status + after})
			}
		}
		break
	}
	return pairs
}

// nearest is the group that has most of its beginning in common with a name; the first by name of several.
func nearest(name string, groups []string) string {
	best, most := "", -1
	for _, group := range slices.Sorted(slices.Values(groups)) {
		common := 0
		for common < min(len(name), len(group)) && name[common] == group[common] {
			common++
		}
		if common > most {
			best, most = group, common
		}
	}
	return best
}
