package validate

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// adoption: a topic that was there before its object is taken over only by permission, and changed by it only on request;
// else any tenant could write another team's topic name and own its data.
func adoption(in Input) finding {
	live := in.Facts.Live
	if live == nil || live.Owned || in.Op == Update || live.Elsewhere != (topic.Ref{}) {
		return finding{}
	}
	if !in.mayTake() {
		return in.byBrokers(topic.Violation{
			Field:   nameField(in.New),
			Reason:  topic.AdoptionNotPermitted,
			Value:   strconv.Quote(bounded(in.New.TopicName)),
			Problem: "the topic is on the brokers already, and namespace " + strconv.Quote(in.New.Ref.Namespace) + " may not adopt it",
			Limit:   "namespaces that adoption.namespaceSelector matches",
			Source:  in.clusterSource(),
			Fix:     "choose another name, or ask the platform team for the right to adopt",
		})
	}
	differences := differences(in.New, live.Observed, in.table())
	if len(differences) == 0 || in.New.Adopt {
		return finding{}
	}
	return in.byBrokers(topic.Violation{
		Field:   topic.Of(topic.KindObject),
		Reason:  topic.AdoptionDiffers,
		Problem: "taking over the existing topic " + strconv.Quote(bounded(in.New.TopicName)) + " would change it: " + firstFew(differences),
		Limit:   "exactly what is on the brokers",
		Source:  "TopicGate",
		Fix:     "write the values that are there, or permit the change with the annotation topicgate.io/adopt: \"true\"",
	})
}

// differences says what a takeover would change, in a fixed order.
func differences(declared topic.Declared, live topic.Observed, table topicconfig.Table) []string {
	var changes []string
	// A count of zero is not known yet: the inventory names a new topic before anybody has looked at it.
	if want := declared.Partitions; want != nil && live.Partitions > 0 && *want != live.Partitions {
		changes = append(changes, fmt.Sprintf("partitions %d → %d", live.Partitions, *want))
	}
	if !live.ConfigKnown {
		return changes
	}
	var keys []string
	for key := range declared.Config {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		want := declared.Config[key].Text
		have, set := live.Config[key]
		switch {
		case !set:
			changes = append(changes, fmt.Sprintf("%s (broker default) → %s", plain(key), plain(want)))
		case !table.Same(key, have, want):
			changes = append(changes, fmt.Sprintf("%s %s → %s", plain(key), plain(have), plain(want)))
		}
	}
	return changes
}

// firstFew keeps a long list from filling the answer.
func firstFew(texts []string) string {
	const most = 10
	if len(texts) > most {
		texts = append(texts[:most:most], fmt.Sprintf("and %d more", len(texts)-most))
	}
	return strings.Join(texts, ", ")
}

// plain is a text as it is where that fits into a line, else quoted and shortened.
func plain(text string) string {
	if quoted := strconv.Quote(bounded(text)); text == "" || quoted != `"`+text+`"` {
		return quoted
	}
	return text
}
