package admission_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/test/bench/fixture"
)

// What a review costs us, the network aside, at two sizes of the cache, without policies and with fifty that all match, and
// beside it what it costs whoever only decodes it.
func BenchmarkReview(b *testing.B) {
	reviews, err := fixture.Reviews()
	require.NoError(b, err)
	for _, size := range []struct{ topics, policies int }{{1_000, 0}, {10_000, 0}, {10_000, 50}} {
		webhook, err := fixture.Webhook(b.Context(), size.topics, size.policies)
		require.NoError(b, err)
		for _, review := range reviews {
			name := review.Name + "/topics=" + strconv.Itoa(size.topics)
			if size.policies > 0 {
				name += "/policies=" + strconv.Itoa(size.policies)
			}
			b.Run(name, func(b *testing.B) { play(b, webhook, review) })
		}
	}
}

// The floor of BenchmarkReview.
func BenchmarkAllowAll(b *testing.B) {
	reviews, err := fixture.Reviews()
	require.NoError(b, err)
	for _, review := range reviews {
		b.Run(review.Name, func(b *testing.B) { play(b, fixture.AllowAll(), review) })
	}
}

func play(b *testing.B, handler http.Handler, review fixture.Review) {
	player, err := fixture.NewPlayer(handler, review)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		player.Play()
	}
}

func TestTheBenchmarksReviewsAreAnsweredRightly(t *testing.T) {
	reviews, err := fixture.Reviews()
	require.NoError(t, err)
	for _, policies := range []int{0, 50} {
		webhook, err := fixture.Webhook(t.Context(), 100, policies)
		require.NoError(t, err)
		for _, review := range reviews {
			player, err := fixture.NewPlayer(webhook, review)
			require.NoError(t, err)
			require.NoError(t, player.Check(review))
		}
	}
}
