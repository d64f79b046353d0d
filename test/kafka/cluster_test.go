package kafkatest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

func TestOneNodeServes(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.ForTest(t, kafkatest.Options{})
	require.Len(t, cluster.Bootstrap(), 1)
}
