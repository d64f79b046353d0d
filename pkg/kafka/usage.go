package kafka

import (
	"context"
	"slices"
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
// groups with members (classic, consumer or share) have it assigned or subscribed. A reader without a group is not
// seen. Known is false where any of it could not be found out: a partition that does not answer, or a group that may
// not be described or is between two assignments, which could be about any topic.
func (c *Client) Usage(ctx context.Context, topics []topic.Observed) map[string]topic.Usage {
	usage := make(map[string]topic.Usage, len(topics))
	if len(topics) == 0 {
		return usage
	}
	records := c.records(ctx, topics)
	groups, known := c.readers(ctx)
	for _, o := range topics {
		count, counted := records[o.Name]
		usage[o.Name] = topic.Usage{Known: known && counted, Records: count, Groups: groups[o.Name]}
	}
	return usage
}

// records counts per topic; a topic of which a partition is unknown is left out.
func (c *Client) records(ctx context.Context, topics []topic.Observed) map[string]int64 {
	out := map[string]int64{}
	var mu sync.Mutex
	// do never fails: what is missing shows as such.
	_ = inChunks(ctx, topics, offsetsChunk, func(ctx context.Context, chunk []topic.Observed) error {
		earliest := c.offsets(ctx, chunk, earliestOffset)
		latest := c.offsets(ctx, chunk, latestOffset)
		mu.Lock()
		defer mu.Unlock()
		for _, o := range chunk {
			if n, ok := held(o, earliest, latest); ok {
				out[o.Name] = n
			}
		}
		return nil
	})
	return out
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
		if shard.Err != nil || !ok {
			continue
		}
		for _, t := range answer.Topics {
			for _, p := range t.Partitions {
				if p.ErrorCode == 0 && p.Offset >= 0 {
					out[partition{t.Topic, p.Partition}] = position{p.Offset, time.UnixMilli(p.Timestamp).UTC()}
				}
			}
		}
	}
	return out
}

// readersByTopic collects groups by topic.
type readersByTopic map[string][]string

func (r readersByTopic) add(group, topicName string) {
	if !slices.Contains(r[topicName], group) {
		r[topicName] = append(r[topicName], group)
	}
}

func (r readersByTopic) sort() {
	for _, groups := range r {
		slices.Sort(groups)
	}
}
