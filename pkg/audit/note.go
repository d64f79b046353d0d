package audit

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/topicgate/topicgate/pkg/topic"
)

// Bounds on what is kept of one topic: an inventory holds a thousand of them, and the API server refuses large objects.
const (
	mostGroups     = 10
	mostPrincipals = 10
	mostConfigs    = 40
	longestConfig  = 256
	longestName    = 128
)

// noteWrites notes that something was written since the last scan.
func (in Input) noteWrites(entry *topic.Entry) {
	end, asked := in.Scan.Ends[entry.Name]
	if !asked {
		return
	}
	if !entry.Ended.IsZero() && end > entry.End {
		entry.LastWrite = today(in.Now)
	}
	entry.End, entry.Ended = end, in.Now
}

func today(now time.Time) time.Time { return now.UTC().Truncate(day) }

// note keeps what somebody needs who looks into a topic that nothing declares, or wants to declare it.
func (in Input) note(entry *topic.Entry, seen topic.Observed) {
	if !Undetermined(entry.Class) {
		entry.Config, entry.Findings, entry.ExaminedAt = nil, topic.Findings{}, time.Time{}
		return
	}
	if seen.ConfigKnown {
		entry.Config = configOf(seen.Config)
	}
	if evidence, looked := in.Scan.Evidence[entry.Name]; looked {
		entry.Findings, entry.ExaminedAt = examined(entry.Findings, evidence, in.Now), in.Now
		if last := evidence.LastRecord.UTC().Truncate(day); last.After(entry.LastWrite) && !evidence.LastRecord.After(in.Now) {
			entry.LastWrite = last
		}
	}
}

// configOf leaves out what no declaration should repeat: the throttles of reassignments, which tools set for a while.
func configOf(config map[string]string) map[string]string {
	kept := make(map[string]string, len(config))
	for _, key := range slices.Sorted(maps.Keys(config)) {
		value := config[key]
		if !strings.HasSuffix(key, ".replication.throttled.replicas") && len(value) <= longestConfig && len(kept) < mostConfigs {
			kept[key] = value
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// examined rounds what an examination found: what grew is taken over at once, what shrank from day to day. What could not be
// seen just now, such as the readers of a group between two assignments, counts as it was seen earlier that day.
func examined(before topic.Findings, found topic.Evidence, now time.Time) topic.Findings {
	made := topic.Findings{Examined: today(now), Records: -1}
	if !before.Examined.Equal(made.Examined) {
		before = topic.Findings{Records: -1, Unseen: []string{"records", "groups", "principals"}}
	}
	saw := func(now bool, what string) {
		if !now && slices.Contains(before.Unseen, what) {
			made.Unseen = append(made.Unseen, what)
		}
	}
	saw(found.Records >= 0, "records")
	made.Records = before.Records
	if found.Records >= 0 {
		made.Records = max(powerOfTwo(found.Records), before.Records)
	}
	saw(found.GroupsKnown, "groups")
	made.Groups = uses(before.Groups, found)
	saw(found.PrincipalsKnown, "principals")
	made.Principals = before.Principals
	if found.PrincipalsKnown || len(found.Principals) > 0 {
		made.Principals = nil
	}
	for _, principal := range found.Principals[:min(len(found.Principals), mostPrincipals)] {
		made.Principals = append(made.Principals, bounded(principal))
	}
	return made
}

// uses are the first groups, by name, with rounded lags; where some could not be seen, with those seen before.
func uses(before []topic.GroupUse, found topic.Evidence) []topic.GroupUse {
	var made []topic.GroupUse
	was := func(name string) int {
		return slices.IndexFunc(before, func(b topic.GroupUse) bool { return b.Name == name })
	}
	for _, use := range found.Groups {
		use.Name, use.Members = bounded(use.Name), min(use.Members, 1)
		if use.Lag >= 0 {
			use.Lag = powerOfTwo(use.Lag)
			if i := was(use.Name); i >= 0 {
				use.Lag = max(use.Lag, before[i].Lag)
			}
		}
		made = append(made, use)
	}
	if !found.GroupsKnown {
		for _, use := range before {
			if !slices.ContainsFunc(made, func(m topic.GroupUse) bool { return m.Name == use.Name }) {
				made = append(made, use)
			}
		}
		slices.SortFunc(made, func(a, b topic.GroupUse) int { return strings.Compare(a.Name, b.Name) })
	}
	return made[:min(len(made), mostGroups)]
}

// bounded cuts a name that somebody made absurdly long.
func bounded(name string) string {
	if len(name) <= longestName {
		return name
	}
	return strings.ToValidUTF8(name[:longestName], "") + "…"
}
