// Package wait polls real parts for a condition and, when the time is up, says what was still wrong.
package wait

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// interval between two looks: short beside what the waits of this repository wait for, long beside a look's own cost.
const interval = 50 * time.Millisecond

// Until calls condition until it returns nil. When timeout has passed or ctx ends, it returns the last error that the
// condition gave, so that a failure tells what was missing and not only that time ran out.
func Until(ctx context.Context, timeout time.Duration, condition func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	var last error
	for {
		err := condition(ctx)
		if err == nil {
			return nil
		}
		// A look that the deadline cut short says less than the one before it.
		if last == nil || ctx.Err() == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting up to %s: %w", timeout, last)
		case <-ticker.C:
		}
	}
}

// For is Until in a test: it fails the test at once when the condition does not come true in time.
func For(t testing.TB, timeout time.Duration, condition func(context.Context) error) {
	t.Helper()
	if err := Until(t.Context(), timeout, condition); err != nil {
		t.Fatal(err)
	}
}
