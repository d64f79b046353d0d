package report_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

func declaredFor(change func(*topic.Declared)) topic.Declared {
	made := topic.Declared{
		Partitions: new(int64(3)), Config: map[string]topic.Value{"cleanup.policy": {Text: "compact,delete"}}, Unmanaged: []string{"segment.ms"},
		Recorded: topic.Recorded{ManagedConfig: []string{"retention.ms"}, DefaultedConfig: []string{"max.message.bytes"}},
	}
	change(&made)
	return made
}

func TestWhatDiffersAndWhoWins(t *testing.T) {
	t.Parallel()
	live := func(config map[string]string) *topic.Observed {
		return &topic.Observed{Partitions: 3, Replicas: 1, Config: config, ConfigKnown: true}
	}
	same := map[string]string{"cleanup.policy": "delete,compact"}
	cases := map[string]struct {
		live        *topic.Observed
		field       string
		state, wins string
	}{
		"a list in another order is the same":          {live(same), "config[cleanup.policy]", "same", "spec"},
		"a config that is missing on the brokers":      {live(nil), "config[cleanup.policy]", "differs", "spec"},
		"a config that the spec dropped goes":          {live(map[string]string{"retention.ms": "1"}), "config[retention.ms]", "differs", "spec"},
		"a config that nobody lists":                   {live(map[string]string{"flush.ms": "1"}), "config[flush.ms]", "differs", "nobody lists it"},
		"a config that is left alone":                  {live(map[string]string{"segment.ms": "1"}), "config[segment.ms]", "same", "hands off"},
		"a throttle of a reassignment":                 {live(map[string]string{"leader.replication.throttled.replicas": "*"}), "config[leader.replication.throttled.replicas]", "same", "hands off"},
		"a config that a policy's default set":         {live(map[string]string{"max.message.bytes": "1"}), "config[max.message.bytes]", "same", "a policy's default"},
		"partitions":                                   {&topic.Observed{Partitions: 4}, "partitions", "differs", "spec"},
		"replicas that the spec leaves to the brokers": {live(nil), "replicas", "same", "brokers"},
		"a topic that is not known":                    {nil, "partitions", "unknown", "spec"},
		"configs that are not known":                   {&topic.Observed{Partitions: 3}, "config[cleanup.policy]", "unknown", "spec"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, value := range report.Compare(declaredFor(func(*topic.Declared) {}), c.live, topicconfig.For("4.3")) {
				if value.Field == c.field {
					assert.Equal(t, []string{c.state, c.wins}, []string{string(value.State), value.Wins})
					return
				}
			}
			assert.Fail(t, "no such field", c.field)
		})
	}
}

func TestNothingInAStatusOrAListOfCreatorsReachesTheTerminalRaw(t *testing.T) {
	t.Parallel()
	const hostile = "a\x1b[31m\nb"
	for _, format := range report.StatusFormats() {
		var out strings.Builder
		require.NoError(t, report.WriteTopicStatus(&out, format, report.TopicStatus{
			Topic: hostile, Owner: hostile, Conditions: []report.StatusCondition{{Type: "Ready", Message: hostile}}, Notes: []string{hostile},
			Values: []report.TopicValue{{Field: "config[x]", Live: new(hostile)}}, Inventory: &report.AuditTopic{Name: hostile, Groups: []report.AuditGroup{{Name: hostile}}},
		}))
		require.NoError(t, report.WriteTopicDiff(&out, format, report.TopicDiff{
			Topic: hostile, Notes: []string{hostile}, Values: []report.TopicValue{{Field: hostile, State: report.ValueDiffers, Spec: new(hostile)}},
		}))
		assert.NotContains(t, out.String(), "\x1b", format)
	}
	for _, format := range report.WhoCanFormats() {
		var out strings.Builder
		require.NoError(t, report.WriteWhoCan(&out, format, report.WhoCan{
			Kubernetes: []report.TopicMaker{{Kind: "User", Name: hostile}}, Unseen: []string{hostile},
			Kafka: report.KafkaMakers{Message: hostile, Grants: []report.KafkaMaker{{Principal: "=" + hostile}}},
		}))
		assert.NotContains(t, out.String(), "\x1b", format)
	}
}
