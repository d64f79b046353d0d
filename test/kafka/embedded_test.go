package kafkatest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

func TestTheEmbeddedKafkaIsCountedAndAutoCreates(t *testing.T) {
	t.Parallel()
	cluster, err := kafkatest.Embedded(t.Context(), kafkatest.Options{})
	require.NoError(t, err)
	admin := client(t, cluster.Counted())
	_, err = admin.CreateTopics(t.Context(), 2, 1, nil, "a", "b")
	require.NoError(t, err)
	assert.Equal(t, []string{"CreateTopics 2"}, shortly(cluster.Mutations()))

	kafkatest.AutoCreate(t, cluster.Bootstrap(), "behind-your-back")
	waitForTopic(t, cluster.Bootstrap(), "behind-your-back")
	assert.Equal(t, 1, kafkatest.Topics(t, cluster.Bootstrap())["behind-your-back"].Partitions)

	configs, err := admin.DescribeBrokerConfigs(t.Context(), 0)
	require.NoError(t, err)
	found := false
	for _, config := range configs[0].Configs {
		if config.Key == "auto.create.topics.enable" {
			found = true
			assert.Equal(t, "true", *config.Value)
		}
	}
	assert.True(t, found, "a broker says that it creates topics")
	require.Equal(t, cluster.ClusterID(), clusterAt(t, cluster.Bootstrap()[0]))
	require.NoError(t, cluster.Stop())
	assert.NotEqual(t, cluster.ClusterID(), clusterAt(t, cluster.Bootstrap()[0]))
}

func TestTheEmbeddedKafkaRefusesWhatItWouldIgnore(t *testing.T) {
	t.Parallel()
	_, err := kafkatest.Embedded(t.Context(), kafkatest.Options{PlainUsers: []kafkatest.User{{Name: "a", Password: "b"}}})
	require.ErrorContains(t, err, "has no SASL")
}
