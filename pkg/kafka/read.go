package kafka

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/topicgate/topicgate/pkg/topic"
)

// inChunks runs do for every chunk of items, a few at once, and stops at the first error. do must guard what it shares.
func inChunks[T any](ctx context.Context, items []T, size int, do func(context.Context, []T) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for chunk := range slices.Chunk(items, size) {
		group.Go(func() error { return do(ctx, chunk) })
	}
	return group.Wait()
}

// byTopic asks about topics, some hundred at a time, and keeps by name what pick makes of the answers; what it cannot make
// anything of is left out. Nothing fails: what is missing shows as such.
func byTopic[A, V any](
	ctx context.Context, topics []topic.Observed, ask func(context.Context, []topic.Observed) A, pick func(topic.Observed, A) (V, bool),
) map[string]V {
	found := make(map[string]V, len(topics))
	var mu sync.Mutex
	_ = inChunks(ctx, topics, offsetsChunk, func(ctx context.Context, chunk []topic.Observed) error {
		answer := ask(ctx, chunk)
		mu.Lock()
		defer mu.Unlock()
		for _, o := range chunk {
			if value, ok := pick(o, answer); ok {
				found[o.Name] = value
			}
		}
		return nil
	})
	return found
}

// total sums a topic's partitions up; false when one of them is not told.
func total[V any](o topic.Observed, told map[partition]V, of func(V) int64) (int64, bool) {
	var sum int64
	for id := range int32(o.Partitions) {
		value, there := told[partition{o.Name, id}]
		if !there {
			return 0, false
		}
		sum += of(value)
	}
	return sum, o.Partitions > 0
}
