package kafka

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

// Sizes measures topics: how many bytes they hold, each partition counted once, and of what time their oldest record is.
// A topic of which any partition is not told is left out, which is all of them where the principal lacks DESCRIBE on the
// cluster. Records that were moved to remote storage are not counted.
//
// It takes a request to each broker, which walks over its logs for it, and one ListOffsets for each 500 topics.
func (c *Client) Sizes(ctx context.Context, topics []topic.Observed) map[string]topic.Size {
	held := c.logSizes(ctx)
	measured := make(map[string]topic.Size, len(topics))
	var filled []topic.Observed
	for _, o := range topics {
		size, known := total(o, held, func(size int64) int64 { return size })
		if !known {
			continue
		}
		measured[o.Name] = topic.Size{Known: true, Bytes: size}
		if size > 0 {
			filled = append(filled, o)
		}
	}
	for name, oldest := range c.oldest(ctx, filled) {
		size := measured[name]
		size.Oldest = oldest
		measured[name] = size
	}
	return measured
}

// logSizes asks every broker for its logs. Replicas differ by what they have not deleted or fetched yet: the largest counts.
func (c *Client) logSizes(ctx context.Context) map[partition]int64 {
	held := map[partition]int64{}
	for _, shard := range c.reads.RequestSharded(ctx, kmsg.NewPtrDescribeLogDirsRequest()) {
		answer, ok := shard.Resp.(*kmsg.DescribeLogDirsResponse)
		if shard.Err != nil || !ok || answer.ErrorCode != 0 {
			continue
		}
		for _, dir := range answer.Dirs {
			addDir(held, dir)
		}
	}
	return held
}

func addDir(held map[partition]int64, dir kmsg.DescribeLogDirsResponseDir) {
	if dir.ErrorCode != 0 {
		return
	}
	for _, t := range dir.Topics {
		for _, p := range t.Partitions {
			if key := (partition{t.Topic, p.Partition}); !p.IsFuture {
				held[key] = max(held[key], p.Size)
			}
		}
	}
}

// oldest is the time of each topic's first record, as its producer or broker stamped it.
func (c *Client) oldest(ctx context.Context, topics []topic.Observed) map[string]time.Time {
	const ever = 0
	first := func(ctx context.Context, chunk []topic.Observed) map[partition]position {
		return c.offsets(ctx, chunk, ever)
	}
	return byTopic(ctx, topics, first, oldestTime)
}

// oldestTime is the earliest of the partitions' first records; false when there is none.
func oldestTime(o topic.Observed, first map[partition]position) (oldest time.Time, found bool) {
	for id := range int32(o.Partitions) {
		if at, ok := first[partition{o.Name, id}]; ok && (!found || at.time.Before(oldest)) {
			oldest, found = at.time, true
		}
	}
	return oldest, found
}
