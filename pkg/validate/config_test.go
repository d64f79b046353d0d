package validate_test

import (
	"strings"
	"testing"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/test/testutil"
)

func TestConfigValues(t *testing.T) {
	t.Parallel()
	knows := func(keys ...string) func(*validate.Facts) {
		return func(f *validate.Facts) { f.Cluster.ConfigKeys = keys }
	}
	week := orders().Config("retention.ms", "7d")
	run(t, map[string]judged{
		"a value that Kafka reads":                 {topic: orders().Config("retention.ms", " +604800000 ")},
		"a value that it cannot read":              {topic: week, refused: just(topic.ConfigValueInvalid), says: `write "604800000"`},
		"a value out of range":                     {topic: orders().Config("retention.ms", "-2"), refused: just(topic.ConfigValueInvalid)},
		"a value that brokers break on":            {topic: orders().Config("segment.index.bytes", "8"), refused: just(topic.ConfigValueHarmful), says: "TopicGate"},
		"null":                                     {topic: orders().BadConfig("retention.ms", "null is no value"), refused: just(topic.ConfigValueInvalid), says: "unmanagedConfig"},
		"a key that nobody knows":                  {topic: orders().Config("retention_ms", "1"), refused: just(topic.ConfigKeyUnknown), says: "retention.ms"},
		"a vendor's key that the brokers know":     {topic: orders().Config("vendor.key", "x"), facts: knows("vendor.key")},
		"a key of Kafka's that these brokers lack": {topic: orders().Config("segment.ms", "5000"), facts: knows("retention.ms"), refused: just(topic.ConfigKeyUnknown)},
		"every wrong key is told, in order":        {topic: orders().Config("a", "1").Config("b", "1"), refused: just(topic.ConfigKeyUnknown, topic.ConfigKeyUnknown)},
		"it was so before":                         {old: week, topic: week, warned: just(topic.ConfigValueInvalid)},
		"another wrong value":                      {old: week, topic: orders().Config("retention.ms", "8d"), refused: just(topic.ConfigValueInvalid)},
		"another wrong value that begins alike": {
			old:     orders().Config("cleanup.policy", strings.Repeat("x", 70)+"a"),
			topic:   orders().Config("cleanup.policy", strings.Repeat("x", 70)+"b"),
			refused: just(topic.ConfigValueInvalid),
		},
		"taking over what is so": {
			topic: orders().Config("segment.index.bytes", "8"),
			facts: both(mayAdopt, live(testutil.Live("orders", 1, 1, "segment.index.bytes", "8"), false)), warned: just(topic.ConfigValueHarmful),
		},
		"the owner's stored value is no worse": {
			op: validate.Sync, topic: orders().Config("segment.index.bytes", "8"),
			facts: live(testutil.Live("orders", 1, 1, "segment.index.bytes", "8"), true), warned: just(topic.ConfigValueHarmful),
		},
	})
}

func TestConfigConflicts(t *testing.T) {
	t.Parallel()
	run(t, map[string]judged{
		"set and left alone": {topic: orders().Config("retention.ms", "1").Unmanaged("retention.ms"), refused: just(topic.ConfigConflict), says: "remove it from one of them"},
		"two settings that contradict each other": {
			topic: orders().Config("min.compaction.lag.ms", "10").Config("max.compaction.lag.ms", "5"), refused: just(topic.ConfigConflict),
		},
		"unmanaged alone": {topic: orders().Unmanaged("retention.ms")},
	})
}
