package kafkatest_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

// told logs what an application left on the brokers; `go test -v` shows it.
func told(t *testing.T, bootstrap []string) (map[string]kafkatest.TopicFacts, map[string]kmsg.ListGroupsResponseGroup) {
	t.Helper()
	topics := kafkatest.Topics(t, bootstrap)
	for _, name := range slices.Sorted(maps.Keys(topics)) {
		facts := topics[name]
		t.Logf("topic %s: partitions %d, replicas %d, internal %v, config %v", name, facts.Partitions, facts.Replicas, facts.Internal, facts.Config)
	}
	groups := listGroups(t, bootstrap)
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		t.Logf("group %s: type %q, protocol type %q, state %q", name, groups[name].GroupType, groups[name].ProtocolType, groups[name].GroupState)
	}
	return topics, groups
}

func listGroups(t *testing.T, bootstrap []string) map[string]kmsg.ListGroupsResponseGroup {
	t.Helper()
	asking, err := kgo.NewClient(kgo.SeedBrokers(bootstrap...))
	require.NoError(t, err)
	defer asking.Close()
	answer, err := kmsg.NewPtrListGroupsRequest().RequestWith(t.Context(), asking)
	require.NoError(t, err)
	groups := map[string]kmsg.ListGroupsResponseGroup{}
	for _, group := range answer.Groups {
		groups[group.Group] = group
	}
	return groups
}

func eachBroker(t *testing.T, test func(t *testing.T, version string, bootstrap []string)) {
	t.Parallel()
	for _, version := range []string{"4.4.0", "3.9.2"} {
		t.Run(version, func(t *testing.T) {
			test(t, version, kafkatest.ForTest(t, kafkatest.Options{Version: version}).Bootstrap())
		})
	}
}

func TestAStreamsApplicationMakesItsTopics(t *testing.T) {
	eachBroker(t, func(t *testing.T, version string, bootstrap []string) {
		t.Run("classic", func(t *testing.T) { streams(t, bootstrap, "classic", "consumer") })
		if version != "3.9.2" { // KIP-1071 came with 4.2
			t.Run("streams", func(t *testing.T) { streams(t, bootstrap, "streams", "streams") })
		}
	})
}

// streams sees that the topics are the same whoever makes them, the application or the brokers for it.
func streams(t *testing.T, bootstrap []string, protocol, protocolType string) {
	in, out, id := "in-"+protocol, "out-"+protocol, "counter-"+protocol
	_, err := client(t, bootstrap).CreateTopics(t.Context(), 3, 1, nil, in, out)
	require.NoError(t, err)
	waitForTopic(t, bootstrap, out)
	app := kafkatest.StartStreams(t, bootstrap, id, kafkatest.StreamsOptions{Input: in, Output: out, Protocol: protocol})
	kafkatest.Produce(t, bootstrap, in, "a", "b", "a")
	waitForRecords(t, bootstrap, out, 2) // of one key only the last count may come
	topics, groups := told(t, bootstrap)
	// The number is that of the aggregation's node in the topology.
	store := id + "-KSTREAM-AGGREGATE-STATE-STORE-0000000003"
	assertTopic(t, topics, store+"-repartition", 3, map[string]string{
		"cleanup.policy": "delete", "message.timestamp.type": "CreateTime", "retention.ms": "-1", "segment.bytes": "52428800",
	})
	assertTopic(t, topics, store+"-changelog", 3, map[string]string{"cleanup.policy": "compact", "message.timestamp.type": "CreateTime"})
	assertGroup(t, groups[id], protocol, protocolType, "Stable")
	app.Stop()
	t.Log("stopped:")
	topics, groups = told(t, bootstrap)
	assert.Contains(t, topics, store+"-changelog", "Streams leaves its topics behind")
	// A classic application does not leave its group, so that a restart is no rebalance; its session ends 45 s later.
	assertGroup(t, groups[id], protocol, protocolType, map[string]string{"classic": "Stable", "streams": "Empty"}[protocol])
}

func TestAConnectWorkerMakesItsTopics(t *testing.T) {
	eachBroker(t, func(t *testing.T, _ string, bootstrap []string) {
		t.Run("made by the worker", func(t *testing.T) { connect(t, bootstrap, "worker", kafkatest.ConnectOptions{}) })
		t.Run("made by the brokers", func(t *testing.T) {
			connect(t, bootstrap, "broker", kafkatest.ConnectOptions{
				AutoCreate: true, Configs: "our-configs", Offsets: "our-offsets", Statuses: "our-status",
			})
		})
	})
}

func connect(t *testing.T, bootstrap []string, maker string, opts kafkatest.ConnectOptions) {
	opts.Topic = maker + "-lines"
	app := kafkatest.StartConnect(t, bootstrap, maker+"-cluster", opts)
	waitForRecords(t, bootstrap, opts.Topic, 3)
	topics, groups := told(t, bootstrap)
	prefix := map[bool]string{false: "connect", true: "our"}[opts.AutoCreate]
	compacted := map[string]string{"cleanup.policy": "compact"}
	assertTopic(t, topics, prefix+"-configs", 1, compacted)
	assertTopic(t, topics, prefix+"-offsets", 25, compacted)
	assertTopic(t, topics, prefix+"-status", 5, compacted)
	assertTopic(t, topics, opts.Topic, map[bool]int{false: 2, true: 1}[opts.AutoCreate], map[string]string{})
	assertGroup(t, groups[maker+"-cluster"], "classic", "connect", "Stable")
	app.Stop()
	t.Log("stopped:")
	_, groups = told(t, bootstrap)
	assertGroup(t, groups[maker+"-cluster"], "classic", "connect", "Empty")
}

func assertTopic(t *testing.T, topics map[string]kafkatest.TopicFacts, name string, partitions int, config map[string]string) {
	t.Helper()
	assert.Equal(t, kafkatest.TopicFacts{ID: topics[name].ID, Partitions: partitions, Replicas: 1, Config: config}, topics[name], name)
}

func assertGroup(t *testing.T, group kmsg.ListGroupsResponseGroup, kind, protocolType, state string) {
	t.Helper()
	assert.Equal(t, []string{kind, protocolType, state}, []string{group.GroupType, group.ProtocolType, group.GroupState}, group.Group)
}

func TestAJavaProducerHasItsTopicMade(t *testing.T) {
	eachBroker(t, func(t *testing.T, _ string, bootstrap []string) {
		kafkatest.ProduceJava(t, bootstrap, "surprise", "a", "b")
		topics, groups := told(t, bootstrap)
		assert.Empty(t, groups)
		assertTopic(t, topics, "surprise", 1, map[string]string{})
		assert.Len(t, topics, 1)
	})
}

func waitForRecords(t *testing.T, bootstrap []string, topic string, want int64) {
	t.Helper()
	admin := client(t, bootstrap)
	require.Eventually(t, func() bool {
		ends, err := admin.ListEndOffsets(context.WithoutCancel(t.Context()), topic)
		if err != nil {
			return false
		}
		var total int64
		ends.Each(func(o kadm.ListedOffset) { total += o.Offset })
		return total >= want
	}, patience, 100*time.Millisecond, "records of %q", topic)
}
