package kafka

import (
	"context"
	"sync"

	"github.com/topicgate/topicgate/pkg/topic"
)

// Ends gives, by topic, the sum of the latest offsets of all partitions: it grows with everything that is written, the
// markers of transactions too, and shrinks only where records were lost. A topic of which a partition did not answer is left
// out, for its sum would seem to have moved. Topics that were deleted and made again start anew, so compare two looks only
// where the topic's ID is the same.
//
// It takes, for each 500 topics, one request to each broker that leads one of their partitions.
func (c *Client) Ends(ctx context.Context, topics []topic.Observed) map[string]int64 {
	ends := make(map[string]int64, len(topics))
	var mu sync.Mutex
	// do never fails: what is missing shows as such.
	_ = inChunks(ctx, topics, offsetsChunk, func(ctx context.Context, chunk []topic.Observed) error {
		latest := c.offsets(ctx, chunk, latestOffset)
		mu.Lock()
		defer mu.Unlock()
		for _, o := range chunk {
			if end, ok := end(o, latest); ok {
				ends[o.Name] = end
			}
		}
		return nil
	})
	return ends
}

func end(o topic.Observed, latest map[partition]position) (int64, bool) {
	var total int64
	for id := range int32(o.Partitions) {
		at, ok := latest[partition{o.Name, id}]
		if !ok {
			return 0, false
		}
		total += at.offset
	}
	return total, o.Partitions > 0
}
