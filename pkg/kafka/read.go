package kafka

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"
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
