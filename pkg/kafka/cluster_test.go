package kafka_test

import (
	"context"
	"fmt"
	"strings"
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

// admin is all-powerful and makes what a test needs around the client under test.
func admin(t *testing.T, cluster *kafkatest.Cluster) *kadm.Client {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(cluster.Internal()...))
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return kadm.NewClient(client)
}

func TestTheQuotaForChangesIsWaitedFor(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.ForTest(t, kafkatest.Options{})
	client := dial(t, kafka.Config{Bootstrap: cluster.Bootstrap(), ClientID: "slow"})
	id := "slow"
	_, err := admin(t, cluster).AlterClientQuotas(t.Context(), []kadm.AlterClientQuotaEntry{{
		Entity: kadm.ClientQuotaEntity{{Type: "client-id", Name: &id}},
		Ops:    []kadm.AlterClientQuotaOp{{Key: "controller_mutation_rate", Value: 5}},
	}})
	require.NoError(t, err)
	creations := func(prefix string, n int) []topic.Creation {
		out := make([]topic.Creation, n)
		for i := range out {
			out[i] = topic.Creation{Name: fmt.Sprintf("%s-%d", prefix, i), Partitions: 1, Replicas: 1}
		}
		return out
	}
	result := make(chan []topic.Outcome, 1)
	go func() { result <- client.Create(t.Context(), creations("waited", 75)) }()
	seen(t, client, "waited-0", anyState)
	observe(t, client) // while the quota is used up, a look goes through
	done(t, <-result)
	short, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	throttled := 0
	for _, outcome := range client.Create(short, creations("left", 100)) {
		if outcome.Failure == nil {
			continue
		}
		assert.Contains(t, []topic.Reason{topic.Throttled, topic.KafkaUnreachable}, outcome.Failure.Reason, outcome.Failure.Message)
		throttled++
	}
	assert.Positive(t, throttled)
}

func TestEachBrokerSaysForItselfWhetherItCreatesTopics(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.ForTest(t, kafkatest.Options{
		Nodes:      3,
		Properties: map[string]string{"broker.session.timeout.ms": "3000", "broker.heartbeat.interval.ms": "500", "num.partitions": "4"},
		NodeProperties: func(id int) map[string]string {
			props := map[string]string{"broker.rack": fmt.Sprintf("rack-%d", id)}
			if id < 3 {
				props["auto.create.topics.enable"] = map[int]string{1: "true", 2: "false"}[id]
			}
			return props
		},
	})
	client := dial(t, kafka.Config{Bootstrap: cluster.Bootstrap()})
	got, err := client.DescribeCluster(t.Context())
	require.NoError(t, err)
	on, off := true, false
	want := []topic.Broker{
		{ID: 1, Rack: "rack-1", AutoCreate: &on, AutoCreateSource: "STATIC_BROKER_CONFIG"},
		{ID: 2, Rack: "rack-2", AutoCreate: &off, AutoCreateSource: "STATIC_BROKER_CONFIG"},
		{ID: 3, Rack: "rack-3", AutoCreate: got.Brokers[2].AutoCreate, AutoCreateSource: got.Brokers[2].AutoCreateSource},
	}
	assert.Equal(t, want, got.Brokers)
	assert.EqualValues(t, 4, got.DefaultPartitions)

	done(t, client.Create(t.Context(), []topic.Creation{{Name: "three", Partitions: 3, Replicas: 3}, {Name: "one", Partitions: 9, Replicas: 1}}))
	seen(t, client, "three", func(o topic.Observed) bool { return o.Replicas == 3 && o.Leaderless == 0 })
	seen(t, client, "one", func(o topic.Observed) bool { return o.Partitions == 9 && o.Leaderless == 0 })
	require.NoError(t, cluster.Kill(3))
	seen(t, client, "one", func(o topic.Observed) bool { return o.Leaderless > 0 })
	got, err = client.DescribeCluster(t.Context())
	require.NoError(t, err)
	assert.Equal(t, topic.Broker{ID: 3, Rack: "rack-3", Fenced: true}, got.Brokers[2], "a fenced broker is listed and not asked")
	assert.Equal(t, "4.4", got.Version)
}

func TestAReassignmentShows(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.ForTest(t, kafkatest.Options{Nodes: 2})
	client := dial(t, kafka.Config{Bootstrap: cluster.Bootstrap()})
	done(t, client.Create(t.Context(), []topic.Creation{{Name: "moving", Partitions: 1, Replicas: 1}, {Name: "resting", Partitions: 1, Replicas: 1}}))
	seen(t, client, "moving", func(o topic.Observed) bool { return o.Leaderless == 0 })
	produce(t, cluster, "moving", 50)
	boss := admin(t, cluster)
	slow := "1"
	_, err := boss.AlterBrokerConfigs(t.Context(), []kadm.AlterConfig{
		{Op: kadm.SetConfig, Name: "follower.replication.throttled.rate", Value: &slow},
		{Op: kadm.SetConfig, Name: "leader.replication.throttled.rate", Value: &slow},
	}, 1, 2)
	require.NoError(t, err)
	done(t, client.Alter(t.Context(), []topic.ConfigChange{{Name: "moving", Set: map[string]string{
		"leader.replication.throttled.replicas": "*", "follower.replication.throttled.replicas": "*",
	}}}))
	moves := kadm.AlterPartitionAssignmentsReq{}
	moves.Assign("moving", 0, []int32{1, 2})
	_, err = boss.AlterPartitionAssignments(t.Context(), moves)
	require.NoError(t, err)
	seen(t, client, "moving", func(o topic.Observed) bool { return o.Reassigning })
	assert.False(t, seen(t, client, "resting", anyState).Reassigning)
}

func TestAnOutageIsToldWithoutAddresses(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.ForTest(t, kafkatest.Options{})
	client := dial(t, kafka.Config{Bootstrap: cluster.Counted(), RequestTimeout: 3 * time.Second})
	observe(t, client)
	cluster.Cut()
	_, err := client.Observe(t.Context(), nil)
	require.Error(t, err)
	f := kafka.Classify(err)
	assert.Equal(t, topic.KafkaUnreachable, f.Reason)
	assert.False(t, strings.ContainsAny(f.Message, "0123456789"), f.Message)
	got := client.Create(t.Context(), []topic.Creation{{Name: "a", Partitions: 1, Replicas: 1}, {Name: "b", Partitions: 1, Replicas: 1}})
	for _, outcome := range got {
		require.NotNil(t, outcome.Failure)
		assert.Equal(t, topic.KafkaUnreachable, outcome.Failure.Reason)
		assert.Contains(t, outcome.Failure.Message, "may have happened")
	}
	require.NoError(t, cluster.Resume())
	require.Eventually(t, func() bool {
		_, err := client.Observe(context.WithoutCancel(t.Context()), nil)
		return err == nil
	}, soon, pause)
}
