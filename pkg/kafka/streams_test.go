package kafka_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/topic"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

// The changelogs of a classic application are read by nobody: only their names tell whose they are. A streams group
// (KIP-1071) tells the brokers all of its topics.
func TestWhatAStreamsApplicationWorksOn(t *testing.T) {
	t.Parallel()
	const repartition, changelog = "app-KSTREAM-AGGREGATE-STATE-STORE-0000000003-repartition", "app-KSTREAM-AGGREGATE-STATE-STORE-0000000003-changelog"
	for name, c := range map[string]struct {
		protocol string
		kind     topic.Group
		read     []string
	}{
		"classic": {"classic", topic.Group{Name: "app", Type: "classic", Protocol: "consumer", State: "Stable"}, []string{repartition, "in"}},
		"streams": {"streams", topic.Group{Name: "app", Type: "streams", Protocol: "streams", State: "Stable"}, []string{changelog, repartition, "in"}},
	} {
		t.Run(name, func(t *testing.T) {
			cluster := kafkatest.ForTest(t, kafkatest.Options{})
			client := dial(t, kafka.Config{Bootstrap: cluster.Bootstrap()})
			done(t, client.Create(t.Context(), []topic.Creation{{Name: "in", Partitions: 2, Replicas: 1}, {Name: "out", Partitions: 1, Replicas: 1}}))
			seen(t, client, "out", func(o topic.Observed) bool { return o.Leaderless == 0 })
			kafkatest.StartStreams(t, cluster.Bootstrap(), "app", kafkatest.StreamsOptions{Input: "in", Output: "out", Protocol: c.protocol})
			seen(t, client, changelog, anyState)
			topics := observe(t, client).Topics
			delete(topics, "__consumer_offsets")
			asked := slices.Collect(maps.Values(topics))
			var found map[string]topic.Evidence
			require.Eventually(t, func() bool {
				found = client.Evidence(context.WithoutCancel(t.Context()), asked, client.Groups(context.WithoutCancel(t.Context())))
				return found["in"].GroupsKnown && len(found["in"].Groups) == 1
			}, soon, pause)
			assert.Equal(t, topic.Groups{Known: true, List: []topic.Group{c.kind}}, client.Groups(t.Context()))
			usage := client.Usage(t.Context(), asked)
			var read []string
			for name, evidence := range found {
				assert.True(t, usage[name].Known, name)
				if len(usage[name].Groups) > 0 {
					read = append(read, name)
				}
				for _, use := range evidence.Groups {
					assert.Equal(t, "app", use.Name)
					assert.EqualValues(t, 1, use.Members)
				}
				assert.Len(t, evidence.Groups, len(usage[name].Groups), name)
			}
			assert.ElementsMatch(t, c.read, read)
		})
	}
}
