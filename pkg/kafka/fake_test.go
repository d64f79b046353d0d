package kafka_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/topic"
)

// fake starts a Kafka in this process, for faults that a real one cannot be made to have at will.
func fake(t *testing.T, opts ...kfake.Opt) (*kfake.Cluster, *kafka.Client) {
	t.Helper()
	cluster, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(1)}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(cluster.Close)
	return cluster, dial(t, kafka.Config{Bootstrap: cluster.ListenAddrs()})
}

func dial(t *testing.T, cfg kafka.Config) *kafka.Client {
	t.Helper()
	client, err := kafka.New(cfg)
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return client
}

// observe looks at the named topics, or at all when there are none.
func observe(t *testing.T, client *kafka.Client, names ...string) topic.Snapshot {
	t.Helper()
	snap, err := client.Observe(t.Context(), names)
	require.NoError(t, err)
	return snap
}

// done requires that every change was made.
func done(t *testing.T, outcomes []topic.Outcome) []topic.Outcome {
	t.Helper()
	for _, outcome := range outcomes {
		if outcome.Failure != nil {
			require.Failf(t, "not done", "%s: %s: %s", outcome.Name, outcome.Failure.Reason, outcome.Failure.Message)
		}
	}
	return outcomes
}
