package validate

import (
	"fmt"
	"strconv"

	"github.com/topicgate/topicgate/pkg/topic"
)

// smallestBatch is what a batch of one empty record takes: the batch's header of 61 bytes and a record of 7 (DefaultRecordBatch).
const smallestBatch = 68

// writable: brokers take limits under which nothing, or less than was meant, can be written.
func writable(in Input) finding {
	const message, segment = "max.message.bytes", "segment.bytes"
	largest, knowsMessage := in.number(message)
	size, knowsSegment := in.number(segment)
	_, setMessage := in.New.Config[message]
	_, setSegment := in.New.Config[segment]
	advice := topic.Violation{Reason: topic.WritesTooSmall, Source: "TopicGate"}
	switch {
	case setMessage && knowsMessage && largest < smallestBatch:
		advice.Field, advice.Value = topic.ConfigField(message), strconv.FormatInt(largest, 10)
		advice.Problem = "nothing can be written: the smallest batch takes " + strconv.Itoa(smallestBatch) + " bytes"
		advice.Fix = "remove the line for the brokers' default"
	case (setMessage || setSegment) && knowsMessage && knowsSegment && size < largest:
		advice.Field, advice.Value = topic.ConfigField(segment), strconv.FormatInt(size, 10)
		advice.Problem = fmt.Sprintf("smaller than %s (%d): brokers refuse batches between the two", message, largest)
		advice.Fix = fmt.Sprintf("set %s to %d or more, or lower %s", segment, largest, message)
	default:
		return finding{}
	}
	return warn(advice)
}
