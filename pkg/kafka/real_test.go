package kafka_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/topic"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

const (
	soon  = 20 * time.Second
	pause = 50 * time.Millisecond
)

// seen waits until the topic shows as wanted: brokers show a change only after they have applied it.
func seen(t *testing.T, client *kafka.Client, name string, want func(topic.Observed) bool) topic.Observed {
	t.Helper()
	var last topic.Observed
	require.Eventually(t, func() bool {
		snap, err := client.Observe(context.WithoutCancel(t.Context()), []string{name})
		last = snap.Topics[name]
		return err == nil && last.Name == name && want(last)
	}, soon, pause, "topic %s", name)
	return last
}

func gone(t *testing.T, client *kafka.Client, name string) {
	t.Helper()
	require.Eventually(t, func() bool {
		snap, err := client.Observe(context.WithoutCancel(t.Context()), []string{name})
		return err == nil && len(snap.Absent) == 1
	}, soon, pause, "topic %s", name)
}

func anyState(topic.Observed) bool { return true }

func TestOnApacheKafka(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]struct {
		release string
		keys    int
	}{
		"4.4.0": {"4.4", 37},
		"4.3.1": {"4.3", 33},
		"3.9.2": {"3.9", 36},
	} {
		t.Run(version, func(t *testing.T) {
			cluster := kafkatest.ForTest(t, kafkatest.Options{Version: version})
			client := dial(t, kafka.Config{Bootstrap: cluster.Bootstrap()})
			t.Run("what the cluster says of itself", func(t *testing.T) {
				got, err := client.DescribeCluster(t.Context())
				require.NoError(t, err)
				assert.Equal(t, topic.Cluster{
					ID:      cluster.ClusterID(),
					Version: want.release,
					Brokers: []topic.Broker{
						{ID: 1, AutoCreate: got.Brokers[0].AutoCreate, AutoCreateSource: got.Brokers[0].AutoCreateSource},
					},
					DefaultPartitions: 1,
					DefaultReplicas:   1,
					Tiered:            new(false),
				}, got)
				require.NotNil(t, got.Brokers[0].AutoCreate)
				keys, defaults, err := client.TopicConfigs(t.Context())
				require.NoError(t, err)
				assert.Len(t, keys, want.keys)
				assert.NotNil(t, defaults)
				assert.NotContains(t, defaults, "retention.ms", "nobody changed it")
				assert.Contains(t, keys, "retention.ms")
				snap := observe(t, client)
				assert.Empty(t, snap.Topics, "asking created a topic")
				assert.True(t, snap.Complete, snap.Incomplete)
				assert.Equal(t, cluster.ClusterID(), snap.ClusterID)
				assert.Equal(t, cluster.ClusterID(), observe(t, client, "none").ClusterID)
			})
			t.Run("topics are made as each asks", func(t *testing.T) { creates(t, client) })
			t.Run("looking never makes a topic", func(t *testing.T) {
				observe(t, client, "never")
				assert.Equal(t, []string{"never"}, observe(t, client, "never").Absent)
				assert.Never(t, func() bool {
					snap, err := client.Observe(context.WithoutCancel(t.Context()), nil)
					return err == nil && snap.Topics["never"].Name != ""
				}, 2*time.Second, 200*time.Millisecond)
			})
			t.Run("topics grow", func(t *testing.T) { grows(t, client) })
			t.Run("configs change", func(t *testing.T) { alters(t, client) })
			t.Run("topics are deleted by ID", func(t *testing.T) { deletes(t, client) })
			t.Run("who reads what", func(t *testing.T) { usage(t, cluster, client, want.release) })
		})
	}
}

func creates(t *testing.T, client *kafka.Client) {
	ask := []topic.Creation{
		{Name: "plain", Partitions: topic.BrokerDefault, Replicas: topic.BrokerDefault},
		{Name: "bad", Partitions: 1, Replicas: 1, Config: map[string]string{"retention.ms": "7d"}},
		{Name: "wide", Partitions: 7, Replicas: 1},
		{Name: "set", Partitions: 2, Replicas: 1, Config: map[string]string{"retention.ms": "1000", "cleanup.policy": "compact"}},
		{Name: "broad", Partitions: 1, Replicas: 9},
		{Name: "wide", Partitions: 8, Replicas: 1},
	}
	got := client.Create(t.Context(), ask)
	require.Len(t, got, len(ask))
	for i, outcome := range got {
		assert.Equal(t, ask[i].Name, outcome.Name)
	}
	done(t, []topic.Outcome{got[0], got[2], got[3]})
	assert.Equal(t, &topic.Failure{
		Reason:  topic.KafkaRefused,
		Message: "INVALID_CONFIG: Invalid value 7d for configuration retention.ms: Not a number of type LONG",
	}, got[1].Failure)
	require.NotNil(t, got[4].Failure)
	assert.Equal(t, topic.KafkaRefused, got[4].Failure.Reason)
	assert.Contains(t, got[4].Failure.Message, "INVALID_REPLICATION_FACTOR: Unable to replicate the partition 9 time(s)")
	require.NotNil(t, got[5].Failure)
	assert.Equal(t, topic.Pending, got[5].Failure.Reason)

	set := seen(t, client, "set", func(o topic.Observed) bool { return o.Leaderless == 0 && len(o.Config) == 2 })
	assert.Equal(t, topic.Observed{
		Name: "set", ID: got[3].ID, Partitions: 2, Replicas: 1, ConfigKnown: true,
		Config: map[string]string{"retention.ms": "1000", "cleanup.policy": "compact"},
	}, set)
	assert.EqualValues(t, 7, seen(t, client, "wide", anyState).Partitions)
	plain := seen(t, client, "plain", func(o topic.Observed) bool { return o.ConfigKnown })
	assert.Empty(t, plain.Config, "a default of the broker is no override")
	again := client.Create(t.Context(), ask[:1])
	assert.Equal(t, &topic.Failure{Reason: topic.Pending, Message: "exists already; looking again"}, again[0].Failure)
}

func grows(t *testing.T, client *kafka.Client) {
	done(t, client.Create(t.Context(), []topic.Creation{
		{Name: "grow-a", Partitions: 1, Replicas: 1},
		{Name: "grow-b", Partitions: 4, Replicas: 1},
	}))
	seen(t, client, "grow-b", anyState)
	got := client.Grow(t.Context(), []topic.Growth{
		{Name: "grow-a", Partitions: 5},
		{Name: "grow-b", Partitions: 4},
		{Name: "grow-none", Partitions: 2},
	})
	done(t, got[:1])
	assert.Equal(t, &topic.Failure{Reason: topic.Pending, Message: "has as many partitions already; looking again"}, got[1].Failure)
	require.NotNil(t, got[2].Failure)
	assert.Equal(t, topic.Pending, got[2].Failure.Reason)
	seen(t, client, "grow-a", func(o topic.Observed) bool { return o.Partitions == 5 && o.Leaderless == 0 })
}

func alters(t *testing.T, client *kafka.Client) {
	done(t, client.Create(t.Context(), []topic.Creation{
		{Name: "alter-a", Partitions: 1, Replicas: 1, Config: map[string]string{"flush.ms": "10", "segment.ms": "20"}},
		{Name: "alter-b", Partitions: 1, Replicas: 1},
	}))
	seen(t, client, "alter-b", anyState)
	got := client.Alter(t.Context(), []topic.ConfigChange{
		{Name: "alter-a", Set: map[string]string{"retention.ms": "5000"}, Reset: []string{"flush.ms", "max.message.bytes"}},
		{Name: "alter-b", Set: map[string]string{"retention.ms": "1", "segment.ms": "x"}},
		{Name: "alter-none", Set: map[string]string{"retention.ms": "1"}},
	})
	done(t, got[:1])
	require.NotNil(t, got[1].Failure)
	assert.Equal(t, "INVALID_CONFIG: Invalid value x for configuration segment.ms: Not a number of type LONG", got[1].Failure.Message)
	require.NotNil(t, got[2].Failure)
	assert.Equal(t, topic.Pending, got[2].Failure.Reason)
	a := seen(t, client, "alter-a", func(o topic.Observed) bool { return o.Config["retention.ms"] != "" })
	assert.Equal(t, map[string]string{"retention.ms": "5000", "segment.ms": "20"}, a.Config)
	assert.Empty(t, seen(t, client, "alter-b", anyState).Config)
}

func deletes(t *testing.T, client *kafka.Client) {
	const name = "phoenix"
	ask := []topic.Creation{{Name: name, Partitions: 1, Replicas: 1}}
	first := done(t, client.Create(t.Context(), ask))[0].ID
	seen(t, client, name, anyState)
	done(t, client.Delete(t.Context(), []topic.Removal{{Name: name, ID: first}}))
	gone(t, client, name)
	second := done(t, client.Create(t.Context(), ask))[0].ID
	require.NotEqual(t, first, second)
	seen(t, client, name, anyState)

	got := client.Delete(t.Context(), []topic.Removal{
		{Name: name, ID: first}, {Name: name, ID: ""}, {Name: name, ID: "AAAAAAAAAAAAAAAAAAAAAA"}, {Name: name, ID: name},
	})
	done(t, got[:1])
	for _, outcome := range got[1:] {
		require.NotNil(t, outcome.Failure)
		assert.Equal(t, topic.KafkaRefused, outcome.Failure.Reason)
	}
	assert.Never(t, func() bool {
		snap, err := client.Observe(context.WithoutCancel(t.Context()), []string{name})
		return err == nil && snap.Topics[name].ID != second
	}, time.Second, 100*time.Millisecond, "the recreated topic was hit")
	done(t, client.Delete(t.Context(), []topic.Removal{{Name: name, ID: second}}))
	gone(t, client, name)
}

func usage(t *testing.T, cluster *kafkatest.Cluster, client *kafka.Client, release string) {
	groups := map[string][]kgo.Opt{"classic": {kgo.ConsumerGroup("classic")}}
	if release != "3.9" {
		groups["next"] = []kgo.Opt{kgo.ConsumerGroup("next"), kgo.ServerSideBalancer()}
	}
	if release == "4.4" {
		groups["shared"] = []kgo.Opt{kgo.ShareGroup("shared")}
	}
	asked := []topic.Observed{{Name: "idle", Partitions: 2}, {Name: "missing", Partitions: 1}}
	make2 := []topic.Creation{{Name: "idle", Partitions: 2, Replicas: 1}}
	for name := range groups {
		make2 = append(make2, topic.Creation{Name: "read-" + name, Partitions: 2, Replicas: 1})
		asked = append(asked, topic.Observed{Name: "read-" + name, Partitions: 2})
	}
	done(t, client.Create(t.Context(), make2))
	for name, opts := range groups {
		seen(t, client, "read-"+name, func(o topic.Observed) bool { return o.Leaderless == 0 })
		produce(t, cluster, "read-"+name, 3)
		consumer, err := kgo.NewClient(append(opts, kgo.SeedBrokers(cluster.Bootstrap()...), kgo.ConsumeTopics("read-"+name))...)
		require.NoError(t, err)
		t.Cleanup(consumer.Close)
		go consumer.PollFetches(t.Context())
	}
	var got map[string]topic.Usage
	require.Eventually(t, func() bool {
		got = client.Usage(context.WithoutCancel(t.Context()), asked)
		for name := range groups {
			if u := got["read-"+name]; !u.Known || len(u.Groups) == 0 {
				return false
			}
		}
		return true
	}, soon, pause, "%v", got)
	for name := range groups {
		assert.Equal(t, topic.Usage{Known: true, Records: 3, Groups: []string{name}}, got["read-"+name])
	}
	assert.Equal(t, topic.Usage{Known: true}, got["idle"])
	assert.False(t, got["missing"].Known)

	sizes := client.Sizes(t.Context(), asked)
	assert.Equal(t, topic.Size{Known: true}, sizes["idle"], "nobody wrote to it")
	assert.NotContains(t, sizes, "missing")
	filled := sizes["read-classic"]
	assert.True(t, filled.Known)
	assert.Greater(t, filled.Bytes, int64(3*61), "three batches")
	assert.Greater(t, filled.Oldest.Year(), 2000, "the time of a record")
}

func produce(t *testing.T, cluster *kafkatest.Cluster, name string, records int) {
	t.Helper()
	producer, err := kgo.NewClient(kgo.SeedBrokers(cluster.Internal()...), kgo.DefaultProduceTopic(name))
	require.NoError(t, err)
	defer producer.Close()
	for i := range records {
		require.NoError(t, producer.ProduceSync(t.Context(), kgo.StringRecord(fmt.Sprint(i))).FirstErr())
	}
}
