package kafka

import (
	"context"

	"github.com/topicgate/topicgate/pkg/topic"
)

// Ends gives, by topic, the sum of the latest offsets of all partitions: it grows with everything that is written, the
// markers of transactions too, and shrinks only where records were lost. A topic of which a partition did not answer is left
// out, for its sum would seem to have moved. Topics that were deleted and made again start anew, so compare two looks only
// where the topic's ID is the same.
//
// It takes, for each 500 topics, one request to each broker that leads one of their partitions.
func (c *Client) Ends(ctx context.Context, topics []topic.Observed) map[string]int64 {
	latest := func(ctx context.Context, chunk []topic.Observed) map[partition]position {
		return c.offsets(ctx, chunk, latestOffset)
	}
	return byTopic(ctx, topics, latest, func(o topic.Observed, latest map[partition]position) (int64, bool) {
		return total(o, latest, func(at position) int64 { return at.offset })
	})
}
