package plan_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/test/testutil/history"
	"github.com/topicgate/topicgate/test/testutil/history/model"
)

// TestNoTopicVanishesUnasked plays random histories against the plan and the audit as the syncer drives them. A failure
// names its seed: the same seed gives the same history.
func TestNoTopicVanishesUnasked(t *testing.T) {
	t.Parallel()
	seeds, steps := uint64(200), 400
	if testing.Short() {
		seeds = 20
	}
	for seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			found, err := history.Play(t.Context(), model.New(seed), history.Generate(seed, steps))
			require.NoError(t, err)
			require.Empty(t, found)
		})
	}
}

// FuzzNoTopicVanishesUnasked is the same for as many seeds as there is time.
func FuzzNoTopicVanishesUnasked(f *testing.F) {
	f.Add(uint64(0))
	f.Fuzz(func(t *testing.T, seed uint64) {
		found, err := history.Play(t.Context(), model.New(seed), history.Generate(seed, 200))
		require.NoError(t, err)
		require.Empty(t, found)
	})
}
