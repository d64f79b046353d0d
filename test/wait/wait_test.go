package wait_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/test/wait"
)

func TestUntilLooksAgainUntilTheConditionHolds(t *testing.T) {
	looks := 0
	wait.For(t, time.Minute, func(context.Context) error {
		if looks++; looks < 3 {
			return errors.New("not yet")
		}
		return nil
	})
	assert.Equal(t, 3, looks)
}

func TestUntilSaysWhatWasMissingWhenTimeIsUp(t *testing.T) {
	err := wait.Until(t.Context(), 120*time.Millisecond, func(ctx context.Context) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return errors.New("topic orders has no leader")
	})
	require.ErrorContains(t, err, "topic orders has no leader")
}
