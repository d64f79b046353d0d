package validate

import (
	"fmt"
	"strconv"

	"github.com/topicgate/topicgate/pkg/topic"
)

// MinInsync is the config that says how many replicas must hold a write before it counts.
const MinInsync = "min.insync.replicas"

// minInsync: Kafka accepts more than there are replicas and then quietly counts with the replicas, so that losing the
// first one stops every write with acks=all (seen on 3.9 to 4.4). Whoever wrote it meant something else.
func minInsync(in Input) finding {
	value, set := in.New.Config[MinInsync]
	if !set || value.Problem != "" {
		return finding{}
	}
	definition, _ := in.table().Lookup(MinInsync)
	want, reads := definition.Whole(value.Text)
	replicas, whose := expectedReplicas(in)
	if !reads || replicas < 1 || want <= replicas {
		return finding{} // what does not parse is the config rule's to tell
	}
	say := in.byBrokers
	if in.New.Replicas != nil { // then no fact about the brokers is needed
		say = func(v topic.Violation) finding { return refuse(v) }
	}
	return say(topic.Violation{
		Field:   topic.ConfigField(MinInsync),
		Reason:  topic.MinInsyncExceedsReplicas,
		Value:   strconv.FormatInt(want, 10),
		Problem: fmt.Sprintf("more than the topic's %d replicas (%s)", replicas, whose),
		Limit:   fmt.Sprintf("%d or fewer", replicas),
		Source:  "TopicGate",
		Fix:     fmt.Sprintf("set %s to %d or fewer, or raise replicas", MinInsync, max(replicas-1, 1)),
	})
}

// expectedReplicas is how many replicas the topic has or will have, and how that is known; zero when it is not.
func expectedReplicas(in Input) (replicas int64, whose string) {
	if in.New.Replicas != nil {
		return *in.New.Replicas, "as declared"
	}
	if _, live := in.liveCounts(); live > 0 {
		return live, "on the brokers"
	}
	if in.Facts.Cluster != nil && !in.stale() {
		return in.Facts.Cluster.DefaultReplicas, "the brokers' default"
	}
	return 0, ""
}
