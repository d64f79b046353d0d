package differential

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// carries holds the longest value that we admit against the longest that brokers read. A longer one costs the connection,
// so no generated topic has one.
func carries(t *testing.T, asked *brokers, judged *engine) {
	t.Helper()
	const longest = 32_767
	of := func(length int) []spec {
		replica := "0:" + strings.Repeat("0", length-len("0:1")) + "1"
		return []spec{{change: true, config: map[string]string{"leader.replication.throttled.replicas": replica}}}
	}
	answers, err := asked.judge(t.Context(), of(longest))
	require.NoError(t, err)
	assert.Empty(t, judged.disagreement(of(longest)[0], answers[0]))
	assert.Zero(t, answers[0].code)
	_, err = asked.judge(t.Context(), of(longest+1))
	require.Error(t, err, "the broker hangs up")
	assert.Equal(t, "we refuse, Kafka accepts", strings.SplitN(judged.disagreement(of(longest + 1)[0], answer{}), "\n", 2)[0])
}
