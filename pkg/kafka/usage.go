package kafka

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

const (
	// offsetsChunk is how many topics one ListOffsets request names.
	offsetsChunk   = 500
	earliestOffset = -2
	latestOffset   = -1
)

// Usage says for each topic, by name, whether somebody would miss it: how many records it holds at most, and which
// groups with members (classic, consumer, share or streams) have it assigned or subscribed, or work on it. A reader without
// a group is not seen. Known is false where any of it could not be found out: a partition that does not answer, or a group
// that may not be described or is between two assignments, which could be about any topic.
func (c *Client) Usage(ctx context.Context, topics []topic.Observed) map[string]topic.Usage {
	usage := make(map[string]topic.Usage, len(topics))
	if len(topics) == 0 {
		return usage
	}
	records, _ := c.records(ctx, topics)
	groups, known := map[string][]string{}, false
	if all := c.Groups(ctx); all.Known {
		var found readership
		found, known = c.readers(ctx, all.List)
		groups = found.topics
	}
	for _, o := range topics {
		count, counted := records[o.Name]
		usage[o.Name] = topic.Usage{Known: known && counted, Records: count, Groups: groups[o.Name]}
	}
	return usage
}

// records counts per topic, where a topic of which a partition is unknown is left out, and gives the ends of all partitions
// that answered.
func (c *Client) records(ctx context.Context, topics []topic.Observed) (counts map[string]int64, ends map[partition]int64) {
	counts, ends = map[string]int64{}, map[partition]int64{}
	var mu sync.Mutex
	// do never fails: what is missing shows as such.
	_ = inChunks(ctx, topics, offsetsChunk, func(ctx context.Context, chunk []topic.Observed) error {
		earliest := c.offsets(ctx, chunk, earliestOffset)
		latest := c.offsets(ctx, chunk, latestOffset)
		mu.Lock()
		defer mu.Unlock()
		for at, end := range latest {
			ends[at] = end.offset
		}
		for _, o := range chunk {
			if n, ok := held(o, earliest, latest); ok {
				counts[o.Name] = n
			}
		}
		return nil
	})
	return counts, ends
}

type partition struct {
	topic string
	id    int32
}

// held is an upper bound: compaction and transactions leave gaps between the offsets.
func held(o topic.Observed, earliest, latest map[partition]position) (int64, bool) {
	var total int64
	for id := range int32(o.Partitions) {
		first, ok := earliest[partition{o.Name, id}]
		if !ok {
			return 0, false
		}
		last, ok := latest[partition{o.Name, id}]
		if !ok {
			return 0, false
		}
		total += max(last.offset-first.offset, 0)
	}
	return total, o.Partitions > 0
}

// position is an offset and, where the question was about time, the time of the record there.
type position struct {
	offset int64
	time   time.Time
}

// offsets asks each partition's leader for the earliest or latest offset, or for the first record from a time on (in
// milliseconds since 1970). Partitions that do not answer are left out, and those that hold no such record.
func (c *Client) offsets(ctx context.Context, topics []topic.Observed, which int64) map[partition]position {
	out := c.answers(ctx, topics, which, 0)
	maps.DeleteFunc(out, func(_ partition, at position) bool { return at.offset < 0 })
	return out
}

// answers is offsets with those that hold no such record, whose offset is negative. Brokers that do not speak that version
// of the request would take the question for another one, so that their answers do not count.
func (c *Client) answers(ctx context.Context, topics []topic.Observed, which int64, version int16) map[partition]position {
	req := kmsg.NewPtrListOffsetsRequest()
	req.TimeoutMillis = c.timeoutMillis()
	for _, o := range topics {
		t := kmsg.NewListOffsetsRequestTopic()
		t.Topic = o.Name
		for id := range int32(o.Partitions) {
			p := kmsg.NewListOffsetsRequestTopicPartition()
			p.Partition, p.Timestamp = id, which
			t.Partitions = append(t.Partitions, p)
		}
		req.Topics = append(req.Topics, t)
	}
	out := map[partition]position{}
	for _, shard := range c.reads.RequestSharded(ctx, req) {
		answer, ok := shard.Resp.(*kmsg.ListOffsetsResponse)
		if shard.Err != nil || !ok || answer.Version < version {
			continue
		}
		for _, t := range answer.Topics {
			for _, p := range t.Partitions {
				if p.ErrorCode == 0 {
					out[partition{t.Topic, p.Partition}] = position{p.Offset, time.UnixMilli(p.Timestamp).UTC()}
				}
			}
		}
	}
	return out
}
