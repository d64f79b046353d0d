package kafkatest_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

const patience = 30 * time.Second

func TestEveryVersionStartsAndServes(t *testing.T) {
	t.Parallel()
	for _, version := range kafkatest.Versions() {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			cluster := kafkatest.ForTest(t, kafkatest.Options{Version: version})
			t.Logf("ready after %v", time.Since(begin))

			admin := client(t, cluster.Bootstrap())
			details, err := admin.BrokerMetadata(t.Context())
			require.NoError(t, err)
			assert.Equal(t, cluster.ClusterID(), details.Cluster)

			retention := "86400000"
			created, err := admin.CreateTopic(t.Context(), 3, 1, map[string]*string{"retention.ms": &retention}, "orders")
			require.NoError(t, err)
			kafkatest.Produce(t, cluster.Bootstrap(), "orders", "first", "second")
			facts := kafkatest.Topics(t, cluster.Bootstrap())["orders"]
			assert.Equal(t, 3, facts.Partitions)
			assert.Equal(t, 1, facts.Replicas)
			assert.Equal(t, map[string]string{"retention.ms": retention}, facts.Config)
			assert.Equal(t, [16]byte(created.ID), decodeID(t, facts.ID))
		})
	}
}

func TestThreeNodesDifferInTheirProperties(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	cluster := kafkatest.ForTest(t, kafkatest.Options{Nodes: 3, NodeProperties: func(id int) map[string]string {
		return map[string]string{
			"broker.rack":               []string{"", "a", "b", "c"}[id],
			"auto.create.topics.enable": []string{"", "false", "true", "false"}[id],
		}
	}})
	t.Logf("ready after %v", time.Since(begin))
	admin := client(t, cluster.Bootstrap())
	brokers, err := admin.ListBrokers(t.Context())
	require.NoError(t, err)
	var racks []string
	for _, broker := range brokers {
		racks = append(racks, *broker.Rack)
	}
	assert.Equal(t, []string{"a", "b", "c"}, racks)

	kafkatest.AutoCreate(t, cluster.Bootstrap()[:1], "not-here")
	kafkatest.AutoCreate(t, cluster.Bootstrap()[1:], "here")
	waitForTopic(t, cluster.Bootstrap(), "here")
	assert.NotContains(t, kafkatest.Topics(t, cluster.Bootstrap()), "not-here")

	_, err = admin.CreateTopic(t.Context(), 3, 3, nil, "replicated")
	require.NoError(t, err)
	waitForTopic(t, cluster.Bootstrap(), "replicated")

	require.NoError(t, cluster.Kill(2))
	kafkatest.Produce(t, cluster.Bootstrap(), "replicated", "one node is dead")
	begin = time.Now()
	require.NoError(t, cluster.StartNode(t.Context(), 2, map[string]string{"broker.rack": "z"}))
	t.Logf("killed node ready after %v", time.Since(begin))
	waitForRack(t, cluster.Bootstrap()[1:2], 2, "z")

	begin = time.Now()
	require.NoError(t, cluster.StopNode(3))
	t.Logf("node stopped in %v", time.Since(begin))
	require.Error(t, cluster.StopNode(3), "it is down already")
	begin = time.Now()
	require.NoError(t, cluster.StartNode(t.Context(), 3, nil))
	t.Logf("stopped node ready after %v", time.Since(begin))
}

func TestARestartKeepsTopicsAndAddresses(t *testing.T) {
	t.Parallel()
	cluster := kafkatest.ForTest(t, kafkatest.Options{})
	admin := client(t, cluster.Counted())
	_, err := admin.CreateTopic(t.Context(), 1, 1, nil, "kept")
	require.NoError(t, err)
	before := kafkatest.Topics(t, cluster.Bootstrap())
	begin := time.Now()
	require.NoError(t, cluster.Restart(t.Context(), map[string]string{"auto.create.topics.enable": "false"}))
	t.Logf("ready again after %v", time.Since(begin))
	assert.Equal(t, before, kafkatest.Topics(t, cluster.Counted()))
	kafkatest.AutoCreate(t, cluster.Bootstrap(), "refused")
	assert.Equal(t, before, kafkatest.Topics(t, cluster.Bootstrap()))
}

func TestAFailedStartSaysWhy(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	_, err := kafkatest.Start(t.Context(), kafkatest.Options{Properties: map[string]string{"num.io.threads": "many"}})
	skipIfMissing(t, err)
	require.ErrorContains(t, err, "Invalid value many for configuration num.io.threads")
	_, err = kafkatest.Start(t.Context(), kafkatest.Options{Properties: map[string]string{"auto.leader.rebalance.enable": "true", "authorizer.class.name": "no.such.Authorizer"}})
	require.ErrorContains(t, err, "no.such.Authorizer")
	assert.Less(t, time.Since(begin), patience, "it does not wait for nodes that have ended")
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	t.Parallel()
	_, err := kafkatest.Start(t.Context(), kafkatest.Options{Version: "0.0.1"})
	require.ErrorIs(t, err, kafkatest.ErrMissing)
}

func TestACancelledContextStopsTheCluster(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cluster, err := kafkatest.Start(ctx, kafkatest.Options{})
	skipIfMissing(t, err)
	require.NoError(t, err)
	cancel()
	require.Eventually(t, func() bool { return clusterAt(t, cluster.Bootstrap()[0]) != cluster.ClusterID() }, patience, 20*time.Millisecond)
	require.NoError(t, cluster.Stop())
	assert.NoDirExists(t, cluster.Dir())
}

func client(t *testing.T, bootstrap []string, opts ...kgo.Opt) *kadm.Client {
	t.Helper()
	opts = append(opts, kgo.SeedBrokers(bootstrap...), kgo.ClientID(t.Name()), kgo.RetryTimeout(5*time.Second))
	admin, err := kadm.NewOptClient(opts...)
	require.NoError(t, err)
	t.Cleanup(admin.Close)
	return admin
}
