package testutil

import (
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// Number is a number that the environment sets, such as a seed, or another one where it sets none.
func Number(t testing.TB, variable string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	parsed, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, variable)
	return parsed
}
