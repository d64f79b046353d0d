package kafka_test

import (
	"context"
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/topic"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

func TestEvidenceOnApacheKafka(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"4.4.0", "3.9.2"} {
		t.Run(version, func(t *testing.T) {
			cluster := kafkatest.ForTest(t, kafkatest.Options{Version: version})
			client := dial(t, kafka.Config{Bootstrap: cluster.Bootstrap()})
			done(t, client.Create(t.Context(), []topic.Creation{
				{Name: "left", Partitions: 2, Replicas: 1}, {Name: "empty", Partitions: 1, Replicas: 1}, {Name: "live", Partitions: 1, Replicas: 1},
			}))
			seen(t, client, "live", func(o topic.Observed) bool { return o.Leaderless == 0 })
			seen(t, client, "left", func(o topic.Observed) bool { return o.Leaderless == 0 })
			seen(t, client, "empty", func(o topic.Observed) bool { return o.Leaderless == 0 })
			assert.Equal(t, topic.Groups{Known: true}, client.Groups(t.Context()))
			t.Run("what was written, and when", func(t *testing.T) { writes(t, cluster, client) })
			t.Run("a group that left its offsets behind", func(t *testing.T) { leaves(t, cluster, client) })
			t.Run("groups that are at work", func(t *testing.T) { works(t, cluster, client, version) })
		})
	}
}

// writes puts three records into one of two partitions, the latest of them first.
func writes(t *testing.T, cluster *kafkatest.Cluster, client *kafka.Client) {
	topics := []topic.Observed{{Name: "left", Partitions: 2}, {Name: "empty", Partitions: 1}, {Name: "none", Partitions: 1}}
	assert.Equal(t, map[string]int64{"left": 0, "empty": 0}, client.Ends(t.Context(), topics))
	producer, err := kgo.NewClient(kgo.SeedBrokers(cluster.Internal()...), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	require.NoError(t, err)
	defer producer.Close()
	last := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, at := range []time.Time{last, last.Add(-time.Hour), last.Add(-time.Minute)} {
		require.NoError(t, producer.ProduceSync(t.Context(), &kgo.Record{Topic: "left", Partition: 1, Value: []byte("x"), Timestamp: at}).FirstErr())
	}
	assert.Equal(t, map[string]int64{"left": 3, "empty": 0}, client.Ends(t.Context(), topics))
	got := client.Evidence(t.Context(), topics, topic.Groups{Known: true})
	assert.Equal(t, map[string]topic.Evidence{
		"left":  {Records: 3, LastRecord: last, GroupsKnown: true, PrincipalsKnown: true},
		"empty": {Records: 0, GroupsKnown: true, PrincipalsKnown: true},
		"none":  {Records: -1, GroupsKnown: true, PrincipalsKnown: true},
	}, got)
}

func leaves(t *testing.T, cluster *kafkatest.Cluster, client *kafka.Client) {
	boss := admin(t, cluster)
	offsets := kadm.Offsets{}
	offsets.AddOffset("left", 1, 1, -1)
	offsets.AddOffset("empty", 0, 0, -1)
	require.Eventually(t, func() bool { // the topic of the offsets is only now made
		committed, err := boss.CommitOffsets(context.WithoutCancel(t.Context()), "gone", offsets)
		return err == nil && committed.Ok()
	}, soon, pause)
	groups := client.Groups(t.Context())
	require.Equal(t, topic.Groups{Known: true, List: []topic.Group{{Name: "gone", Type: "classic", State: "Empty"}}}, groups)
	seenTopics := observe(t, client).Topics
	got := client.Evidence(t.Context(), []topic.Observed{seenTopics["left"], seenTopics["live"]}, groups)
	assert.Equal(t, []topic.GroupUse{{Name: "gone", Lag: 2}}, got["left"].Groups)
	assert.True(t, got["left"].GroupsKnown)
	assert.NotContains(t, got, "empty", "nobody asked")
	assert.Empty(t, got["live"].Groups)
}

// works has one consumer of each kind that the brokers know read a topic of five records.
func works(t *testing.T, cluster *kafkatest.Cluster, client *kafka.Client, version string) {
	produce(t, cluster, "live", 5)
	manual := kgo.DisableAutoCommit()
	opts := map[string][]kgo.Opt{"classic": {kgo.ConsumerGroup("classic"), manual}}
	want := map[string]topic.Group{"classic": {Name: "classic", Type: "classic", Protocol: "consumer", State: "Stable"}}
	if version == "4.4.0" {
		opts["next"] = []kgo.Opt{kgo.ConsumerGroup("next"), kgo.ServerSideBalancer(), manual}
		want["next"] = topic.Group{Name: "next", Type: "consumer", Protocol: "consumer", State: "Stable"}
		opts["shared"] = []kgo.Opt{kgo.ShareGroup("shared")}
		want["shared"] = topic.Group{Name: "shared", Type: "share", Protocol: "share", State: "Stable"}
	}
	for _, o := range opts {
		consumer, err := kgo.NewClient(append(o, kgo.SeedBrokers(cluster.Bootstrap()...), kgo.ConsumeTopics("live"),
			kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))...)
		require.NoError(t, err)
		t.Cleanup(consumer.Close)
		go consumer.PollFetches(t.Context())
	}
	o := observe(t, client, "live").Topics["live"]
	var groups topic.Groups
	var got topic.Evidence
	listed := map[string]topic.Group{}
	require.Eventually(t, func() bool {
		groups = client.Groups(context.WithoutCancel(t.Context()))
		for _, group := range groups.List {
			listed[group.Name] = group
		}
		delete(listed, "gone")
		got = client.Evidence(context.WithoutCancel(t.Context()), []topic.Observed{o}, groups)["live"]
		return got.GroupsKnown && len(got.Groups) == len(opts) && maps.Equal(want, listed)
	}, soon, pause)
	assert.True(t, groups.Known)
	for _, use := range got.Groups {
		assert.EqualValues(t, 1, use.Members, use.Name)
		if use.Name != "shared" { // the brokers tell how far a share group has come only once it has begun
			assert.EqualValues(t, -1, use.Lag, use.Name)
		}
	}
	offsets := kadm.Offsets{}
	offsets.AddOffset("live", 0, 4, -1)
	_, err := admin(t, cluster).CommitOffsets(t.Context(), "elsewhere", offsets)
	require.NoError(t, err)
	got = client.Evidence(t.Context(), []topic.Observed{o}, client.Groups(t.Context()))["live"]
	assert.Contains(t, got.Groups, topic.GroupUse{Name: "elsewhere", Lag: 1})
}

func TestApacheKafkaIsNotSwitchedOffAsRedpandaIs(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"4.4.0", "3.9.2"} {
		t.Run(version, func(t *testing.T) {
			cluster := kafkatest.ForTest(t, kafkatest.Options{Version: version})
			client := dial(t, kafka.Config{Bootstrap: cluster.Counted()})
			err := client.SwitchOffRedpandaAutoCreate(t.Context())
			require.ErrorIs(t, err, kafka.ErrNotRedpanda)
			assert.Equal(t, topic.KafkaRefused, kafka.Classify(err).Reason)
			assert.Contains(t, kafka.Classify(err).Message, "not Redpanda's")
			assert.Empty(t, cluster.Mutations(), "Kafka would store the setting and ignore it")
			got, err := client.DescribeCluster(t.Context())
			require.NoError(t, err)
			assert.True(t, *got.Brokers[0].AutoCreate)
		})
	}
}
