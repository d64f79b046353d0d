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
	// Elsewhere are the objects of other products that declare topics, by topic name.
	Elsewhere map[string]topic.Ref
	Ignore    []Rule
	// Reserved says which names are a platform's here.
	Reserved naming.Reservations
	// Brokers tell what a topic looks like that a broker made by itself.
	Brokers Brokers
	Scan    Scan
}

// Brokers is what origins are told by.
type Brokers struct {
	// Partitions and Replicas are the defaults for new topics; zero when they are not known.
	Partitions, Replicas int64
	// AutoCreate says that some broker creates topics by itself, or might.
	AutoCreate bool
}

// BrokersOf are a cluster's brokers as the audit sees them. One that did not say whether it creates topics might.
func BrokersOf(cluster topic.Cluster) Brokers {
	return Brokers{
		Partitions: cluster.DefaultPartitions, Replicas: cluster.DefaultReplicas,
		AutoCreate: slices.ContainsFunc(cluster.Brokers, func(broker topic.Broker) bool { return broker.AutoCreate == nil || *broker.AutoCreate }),
	}
}

// Scan is what was asked of the brokers beside the look itself. Most looks ask nothing of it.
type Scan struct {
	// Sizes are what was measured just now, by topic name.
	Sizes map[string]topic.Size
	// Ends are the sums of the latest offsets, by topic name.
	Ends map[string]int64
	// Groups are all consumer groups; nil when nobody asked.
	Groups *topic.Groups
	// Evidence is of the topics that were examined just now, by name.
	Evidence map[string]topic.Evidence
}

// Rule names topics that are no orphans.
type Rule struct {
	// Pattern is a topic name in which * stands for any run of characters.
	Pattern string
	Reason  string
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

// confirmations is how many complete looks in a row must miss a topic before it is forgotten: one may be stale, and a
// forgotten topic that comes back would look new.
const confirmations = 2

// staleness is for how long reads may miss a topic that is there: up to 4 s were seen. Looks closer together count as one.
const staleness = 5 * time.Second

// Take makes the new inventory.
func Take(in Input) Result {
	result := Result{Entries: make(map[string]topic.Entry, len(in.Snapshot.Topics)), Missed: map[string]int{}}
	classifier := in.classifier()
	for name, seen := range in.Snapshot.Topics {
		entry := in.Remember(seen)
		before, known := in.Previous[name]
		if !known || before.TopicID != seen.ID {
			before = topic.Entry{}
		}
		entry.Class = classifier.classify(&entry, seen, before)
		in.note(&entry, seen)
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

// Due are the topics to be examined now: of those that nothing declares, and that were not examined within the last `every`,
// at most so many, those first that were not examined for longest.
func Due(in Input, every time.Duration, most int) []topic.Observed {
	type candidate struct {
		topic.Observed
		examined time.Time
		shard    int64
	}
	// By shards: whatever is found out about some topics then changes few of them.
	const finest = 1 << 20
	var found []candidate
	classifier := in.classifier()
	for _, seen := range in.Snapshot.Topics {
		entry := in.Remember(seen)
		class := classifier.classify(&entry, seen, topic.Entry{})
		if Undetermined(class) && (entry.ExaminedAt.IsZero() || !in.Now.Before(entry.ExaminedAt.Add(every))) {
			found = append(found, candidate{seen, entry.ExaminedAt, Shard(seen.Name, finest)})
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(a.examined.Compare(b.examined), cmp.Compare(a.shard, b.shard), cmp.Compare(a.Name, b.Name))
	})
	due := make([]topic.Observed, min(len(found), most))
	for i := range due {
		due[i] = found[i].Observed
	}
	return due
}

// Undetermined says that a class is one of topics that somebody should declare, name in a rule, or remove.
func Undetermined(class topic.Class) bool {
	return class == topic.ClassCandidate || class == topic.ClassOrphan || class == topic.ClassReleased
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
	entry.Elsewhere = in.Elsewhere[seen.Name]
	resize(&entry, in.Scan.Sizes[seen.Name], in.Now)
	in.noteWrites(&entry)
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
