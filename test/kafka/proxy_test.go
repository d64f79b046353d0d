package kafkatest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kmsg"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

func TestTheProxyCountsWhatPasses(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.ForTest(t, kafkatest.Options{Nodes: 2})
	admin := client(t, cluster.Counted())

	_, err := admin.ListTopics(t.Context())
	require.NoError(t, err)
	_, err = admin.ValidateCreateTopics(t.Context(), 1, 1, nil, "dry")
	require.NoError(t, err)
	assert.Empty(t, cluster.Mutations(), "questions and dry runs change nothing")
	assert.Equal(t, 1, cluster.Requests()[kmsg.CreateTopics.Int16()])
	assert.Positive(t, cluster.Requests()[kmsg.Metadata.Int16()])

	cluster.ResetCounts()
	_, err = admin.CreateTopics(t.Context(), 2, 1, nil, "a", "b")
	require.NoError(t, err)
	value := "1000"
	_, err = admin.AlterTopicConfigs(t.Context(), []kadm.AlterConfig{{Name: "retention.ms", Value: &value}}, "a")
	require.NoError(t, err)
	_, err = admin.CreatePartitions(t.Context(), 1, "b")
	require.NoError(t, err)
	_, err = admin.DeleteTopics(t.Context(), "a")
	require.NoError(t, err)
	_, err = client(t, cluster.Bootstrap()).CreateTopic(t.Context(), 1, 1, nil, "past-the-proxy")
	require.NoError(t, err)
	assert.Equal(t, []string{"CreateTopics 2", "IncrementalAlterConfigs 1", "CreatePartitions 1", "DeleteTopics 1"}, shortly(cluster.Mutations()))
	created := cluster.Mutations()[0]
	assert.ElementsMatch(t, []string{"a", "b"}, created.Names)
	assert.Equal(t, t.Name(), created.ClientID)
	assert.Equal(t, kmsg.CreateTopics.Int16(), created.Key)

	cluster.ResetCounts()
	assert.Empty(t, cluster.Requests())
	kafkatest.AutoCreate(t, cluster.Counted(), "by-a-producer")
	assert.Equal(t, []string{"Metadata 1"}, shortly(cluster.Mutations()), "a question that may create a topic is none")
}

func TestACutIsAnOutageUntilResumed(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.ForTest(t, kafkatest.Options{})
	admin := client(t, cluster.Counted())
	_, err := admin.ApiVersions(t.Context())
	require.NoError(t, err)

	cluster.Cut()
	assert.Empty(t, clusterAt(t, cluster.Counted()[0]))
	_, err = admin.CreateTopic(t.Context(), 1, 1, nil, "lost")
	require.Error(t, err, "its open connection was cut too")
	assert.NotContains(t, kafkatest.Topics(t, cluster.Bootstrap()), "lost", "only the way through the proxy is cut")

	require.NoError(t, cluster.Resume())
	_, err = admin.CreateTopic(t.Context(), 1, 1, nil, "found")
	require.NoError(t, err)
}

func TestAHookRunsBeforeTheBrokerSeesTheRequestThatStillArrives(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.ForTest(t, kafkatest.Options{})
	admin := client(t, cluster.Counted())
	var during map[string]kafkatest.TopicFacts
	cluster.OnRequest(kmsg.CreateTopics.Int16(), 2, func() {
		during = kafkatest.Topics(t, cluster.Internal())
		admin.Close() // the sender dies
	})
	_, err := admin.CreateTopics(t.Context(), 1, 1, nil, "first")
	require.NoError(t, err)
	_, err = admin.CreateTopics(t.Context(), 1, 1, nil, "second")
	require.Error(t, err, "its sender was closed")
	waitForTopic(t, cluster.Internal(), "second")
	assert.Contains(t, during, "first")
	assert.NotContains(t, during, "second")
}

func shortly(requests []kafkatest.Request) []string {
	out := make([]string, len(requests))
	for i, request := range requests {
		out[i] = request.Name + " " + string(rune('0'+request.Topics))
	}
	return out
}
