package kafka

import (
	"context"
	"time"

	"github.com/topicgate/topicgate/pkg/topic"
)

const (
	// maxTimestamp asks for the record with the latest time (KIP-734), which brokers know from this version of ListOffsets on;
	// older ones would take the number for a time and answer with the first record.
	maxTimestamp        = -3
	maxTimestampVersion = 7
)

// lastRecords is the latest time among each topic's records. A topic is left out when it has none, or when one of its
// partitions did not answer.
func (c *Client) lastRecords(ctx context.Context, topics []topic.Observed) map[string]time.Time {
	last := func(ctx context.Context, chunk []topic.Observed) map[partition]position {
		return c.answers(ctx, chunk, maxTimestamp, maxTimestampVersion)
	}
	return byTopic(ctx, topics, last, latestTime)
}

func latestTime(o topic.Observed, last map[partition]position) (time.Time, bool) {
	var latest time.Time
	for id := range int32(o.Partitions) {
		at, ok := last[partition{o.Name, id}]
		if !ok {
			return time.Time{}, false
		}
		// A negative time is that of a record without one.
		if at.offset >= 0 && at.time.UnixMilli() >= 0 && at.time.After(latest) {
			latest = at.time
		}
	}
	return latest, !latest.IsZero()
}
