package audit

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
)

// Input is what an inventory is made from.
type Input struct {
	Now time.Time
	// Grace is how long after its first sighting a topic stays a Candidate.
	Grace time.Duration
	// First says that no inventory was ever recorded, so what is seen now is the baseline.
	First bool
	// Snapshot is a look at all topics.
	Snapshot topic.Snapshot
	// Previous is the inventory so far, by topic name.
	Previous map[string]topic.Entry
	// Missed counts, by topic name, the complete looks in a row that did not show a remembered topic.
	Missed map[string]int
	// Owners are the objects that own topics seen, by topic name.
	Owners map[string]topic.Ref
	// Sizes are what was measured just now, by topic name; most looks measure nothing.
	Sizes  map[string]topic.Size
	Ignore []Rule
}

// Rule names topics that are no orphans.
type Rule struct {
	// Pattern is a topic name in which * stands for any run of characters.
	Pattern string
	// ExpiresAt ends the rule; zero never does.
	ExpiresAt time.Time
}

// Result is the new inventory.
type Result struct {
	Entries map[string]topic.Entry
	Missed  map[string]int
	// Orphans are the topics that became Orphan now and are not part of the baseline, sorted by name.
	Orphans []topic.Entry
	Counts  Counts
}

// Counts sums an inventory up. Candidates and released topics are orphans here: no object declares them.
type Counts struct {
	Total, Managed, Elsewhere, Orphan, Ignored, Unknown int64
}

// confirmations is how many complete looks in a row must miss a topic before it is forgotten: one may be stale, and a
// forgotten topic that comes back would look new.
const confirmations = 2

// staleness is for how long reads may miss a topic that is there: up to 4 s were seen. Looks closer together count as one.
const staleness = 5 * time.Second

// Take makes the new inventory.
func Take(in Input) Result {
	result := Result{Entries: make(map[string]topic.Entry, len(in.Snapshot.Topics)), Missed: map[string]int{}}
	for name, seen := range in.Snapshot.Topics {
		entry := in.Remember(seen)
		before, known := in.Previous[name]
		if !known || before.TopicID != seen.ID {
			before = topic.Entry{}
		}
		entry.Class = in.classify(entry, before.Class)
		result.Entries[name] = entry
		if entry.Class == topic.ClassOrphan && before.Class != topic.ClassOrphan && !entry.Baseline {
			result.Orphans = append(result.Orphans, entry)
		}
	}
	for name := range in.Snapshot.Unknown {
		entry, known := in.Previous[name]
		if !known { // it is there, whatever it is: once it can be described, it must not look new
			entry = in.begin(name)
		}
		entry.Class = topic.ClassUnknown
		result.Entries[name] = entry
	}
	in.keepMissed(&result)
	result.Counts = Count(result.Entries)
	slices.SortFunc(result.Orphans, func(a, b topic.Entry) int { return cmp.Compare(a.Name, b.Name) })
	return result
}

// Remember is the entry of a topic seen now, without its class: what was remembered of the same topic ID, or a new
// entry. A topic that came back with another ID is another topic.
func (in Input) Remember(seen topic.Observed) topic.Entry {
	entry := in.recall(seen)
	entry.MissedSince = time.Time{}
	entry.TopicID, entry.Partitions, entry.Replicas = seen.ID, seen.Partitions, seen.Replicas
	if owner, owned := in.Owners[seen.Name]; owned {
		entry.Owner = owner
	}
	resize(&entry, in.Sizes[seen.Name], in.Now)
	return entry
}

// recall finds what was remembered of this very topic: now, or before another ID was shown for a moment.
func (in Input) recall(seen topic.Observed) topic.Entry {
	entry, known := in.Previous[seen.Name]
	switch {
	case !known:
		return in.begin(seen.Name)
	case entry.TopicID == seen.ID, entry.TopicID == "": // known by name only until now
		return entry
	}
	former := entry.Former
	entry.Former = nil
	made := in.begin(seen.Name)
	if former != nil && former.TopicID == seen.ID {
		made = *former
	} else if entry.Class == topic.ClassUnknown { // when the ID changed could not be seen; it must not look newer than it may be
		made.FirstSeen = entry.FirstSeen
	}
	made.Former = &entry
	return made
}

// Made is what is remembered of a topic that was just made for an object, before any look shows it: the object may be
// deleted before that, and the clocks of API server and syncer may differ.
func Made(previous map[string]topic.Entry, name, id string, owner topic.Ref, now time.Time) topic.Entry {
	made := topic.Entry{
		Name: name, TopicID: id, Class: topic.ClassManaged, Owner: owner, FirstSeen: now.UTC().Truncate(time.Second),
		Size: topic.Size{Known: true}, // empty: it need not be written again once that was measured
	}
	if former, known := previous[name]; known {
		former.Former = nil
		made.Former = &former
	}
	return made
}

// begin is what is remembered of a topic at its first sighting.
func (in Input) begin(name string) topic.Entry {
	return topic.Entry{Name: name, Baseline: in.First, FirstSeen: in.Now.UTC().Truncate(time.Second)}
}

func (in Input) classify(entry topic.Entry, before topic.Class) topic.Class {
	_, owned := in.Owners[entry.Name]
	pattern, named := naming.Classify(entry.Name)
	switch {
	case owned:
		return topic.ClassManaged
	case named && pattern.Class == naming.ClassInternal:
		return topic.ClassInternal
	case in.ignored(entry.Name):
		return topic.ClassIgnored
	case entry.Owner != (topic.Ref{}):
		return topic.ClassReleased
	case named && pattern.Class == naming.ClassPlatform:
		return topic.ClassPlatform
	case before == topic.ClassOrphan, in.confirms(entry, before):
		return topic.ClassOrphan
	default:
		return topic.ClassCandidate
	}
}

// confirms says that this look makes an orphan of a topic without an object: it is the second one, past the grace period,
// and a complete one, for who may not see everything must not accuse.
func (in Input) confirms(entry topic.Entry, before topic.Class) bool {
	return before != "" && in.Snapshot.Complete && !in.Now.Before(entry.FirstSeen.Add(in.Grace))
}

func (in Input) ignored(name string) bool {
	return slices.ContainsFunc(in.Ignore, func(rule Rule) bool {
		return (rule.ExpiresAt.IsZero() || in.Now.Before(rule.ExpiresAt)) && Match(rule.Pattern, name)
	})
}

// keepMissed keeps remembered topics that this look did not show, until enough complete looks agree.
func (in Input) keepMissed(result *Result) {
	for name, entry := range in.Previous {
		if _, seen := result.Entries[name]; seen {
			continue
		}
		missed := in.Missed[name]
		if in.Snapshot.Complete {
			missed++
		}
		if missed > 0 && entry.MissedSince.IsZero() {
			entry.MissedSince = in.Now
		}
		if in.Snapshot.Complete && missed >= confirmations && !in.Now.Before(entry.MissedSince.Add(staleness)) {
			continue
		}
		result.Entries[name] = entry
		if missed > 0 {
			result.Missed[name] = missed
		}
	}
}

// Match says whether a name fits a pattern in which * stands for any run of characters.
func Match(pattern, name string) bool {
	return naming.Pattern{Glob: pattern}.Matches(name)
}

// Count sums an inventory up.
func Count(entries map[string]topic.Entry) Counts {
	var counts Counts
	for _, entry := range entries {
		counts.Total++
		switch entry.Class {
		case topic.ClassManaged:
			counts.Managed++
		case topic.ClassElsewhere:
			counts.Elsewhere++
		case topic.ClassCandidate, topic.ClassOrphan, topic.ClassReleased:
			counts.Orphan++
		case topic.ClassInternal, topic.ClassPlatform, topic.ClassIgnored:
			counts.Ignored++
		case topic.ClassUnknown:
			counts.Unknown++
		}
	}
	return counts
}

// Names lists entries by name, the first few in words.
func Names(entries []topic.Entry, most int) string {
	var names []string
	for _, entry := range entries[:min(len(entries), most)] {
		names = append(names, entry.Name)
	}
	if len(entries) > most {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}
