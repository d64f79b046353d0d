package validate

import (
	"fmt"
	"math"
	"strconv"

	"github.com/topicgate/topicgate/pkg/topic"
)

// mostRecords is how many records the controller writes for one CreateTopics request (ReplicationControlManager,
// MAX_RECORDS_PER_USER_OP): one for the topic itself, one for each partition, and those for its configs.
const mostRecords = 10_000

// mostAtCreation is how many partitions a topic can have from the start. A topic always has room for one: more configs
// than that are refused for other reasons.
func mostAtCreation(in Input) int64 {
	return max(mostRecords-1-int64(in.table().Records(in.New.Texts())), 1)
}

// partitionsInRange: at least 1, and not more than Kafka can make.
func partitionsInRange(in Input) finding {
	want := in.New.Partitions
	if want == nil {
		return finding{}
	}
	violation := topic.Violation{
		Field:  topic.Of(topic.KindPartitions),
		Reason: topic.PartitionsInvalid,
		Value:  strconv.FormatInt(*want, 10),
		Source: in.kafkaSource(),
	}
	live, _ := in.liveCounts()
	most := mostAtCreation(in)
	switch {
	case *want < 1:
		violation.Problem = "a topic has at least one partition"
		violation.Limit = "1 or more"
		violation.Fix = "set partitions to 1 or more, or leave it out for the brokers' default"
	case live == 0 && *want > most:
		violation.Problem = "too many partitions for one creation"
		violation.Limit = strconv.FormatInt(most, 10) + " or fewer at creation, which has room for 9999 partitions and configs together"
		violation.Fix = fmt.Sprintf("set partitions to %d or fewer and grow the topic later", most)
	case *want > math.MaxInt32:
		violation.Problem = "more partitions than Kafka can count"
		violation.Limit = strconv.Itoa(math.MaxInt32) + " or fewer"
		violation.Fix = "set the number that was meant"
	default:
		return finding{}
	}
	return refuse(violation)
}

// partitionsGrow: Kafka cannot take a partition away, so the count never falls below what was declared or is there.
func partitionsGrow(in Input) finding {
	want := in.New.Partitions
	if want == nil || *want < 1 {
		return finding{}
	}
	live, _ := in.liveCounts()
	floor, holder, say := live, "on the brokers", in.byBrokers
	if in.Old != nil && in.Old.Partitions != nil {
		if declared := *in.Old.Partitions; declared > floor {
			floor, holder = declared, "declared before"
		}
		if *want < *in.Old.Partitions { // no fact about the brokers is needed
			say = func(v topic.Violation) finding { return refuse(v) }
		}
	}
	if *want >= floor {
		return finding{}
	}
	return say(topic.Violation{
		Field:   topic.Of(topic.KindPartitions),
		Reason:  topic.PartitionsDecreased,
		Value:   strconv.FormatInt(*want, 10),
		Problem: fmt.Sprintf("below the %d %s; Kafka cannot remove partitions", floor, holder),
		Limit:   fmt.Sprintf("%d or more", floor),
		Source:  in.kafkaSource(),
		Fix:     fmt.Sprintf("set partitions to %d or more, or leave it out", floor),
	})
}

// growthMovesKeys: a key's partition is its hash over their number, so more of them part the old records of a key from the
// new ones; in a compacted topic the old ones then stay for good.
func growthMovesKeys(in Input) finding {
	want := in.New.Partitions
	if want == nil || in.Old == nil {
		return finding{}
	}
	live, _ := in.liveCounts()
	if live == 0 || *want <= live || in.Old.Partitions != nil && *in.Old.Partitions >= *want {
		return finding{}
	}
	advice := topic.Violation{
		Field:   topic.Of(topic.KindPartitions),
		Reason:  topic.GrowthMovesKeys,
		Value:   strconv.FormatInt(*want, 10),
		Problem: fmt.Sprintf("more than the %d on the brokers: records with a key go to other partitions than before, so their order is lost", live),
		Source:  "TopicGate",
		Fix:     fmt.Sprintf("keep %d where keys matter; Kafka cannot take partitions away again", live),
	}
	if compacts(in.canonical(cleanupPolicy)) {
		advice.Problem += "; the topic is compacted, and what a moved key left in its old partition is never removed"
	}
	return warn(advice)
}
