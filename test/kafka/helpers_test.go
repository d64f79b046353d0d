package kafkatest_test

import (
	"context"
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

func decodeID(t *testing.T, id string) [16]byte {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(id)
	require.NoError(t, err)
	return [16]byte(raw)
}

func waitForTopic(t *testing.T, bootstrap []string, topic string, opts ...kgo.Opt) {
	t.Helper()
	require.Eventually(t, func() bool {
		topics, err := kafkatest.ReadTopics(t.Context(), bootstrap, opts...)
		_, found := topics[topic]
		return err == nil && found
	}, patience, 50*time.Millisecond, "topic %q", topic)
}

func waitForRack(t *testing.T, bootstrap []string, id int32, rack string) {
	t.Helper()
	admin := client(t, bootstrap)
	require.Eventually(t, func() bool {
		brokers, err := admin.ListBrokers(t.Context())
		if err != nil {
			return false
		}
		for _, broker := range brokers {
			if broker.NodeID == id && broker.Rack != nil && *broker.Rack == rack {
				return true
			}
		}
		return false
	}, patience, 50*time.Millisecond)
}

// clusterAt returns the ID of the cluster that answers at an address, "" when none does. A connection alone proves
// nothing once a cluster has stopped: whatever starts next beside this test may be given its port.
func clusterAt(t *testing.T, address string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	metadata, err := client(t, []string{address}, kgo.RequestRetries(0)).BrokerMetadata(ctx)
	if err != nil {
		return ""
	}
	return metadata.Cluster
}

func skipIfMissing(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, kafkatest.ErrMissing) {
		kafkatest.SkipOrFail(t, err)
	}
}
