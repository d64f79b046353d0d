package validate_test

import (
	"strings"
	"testing"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/test/testutil"
)

func TestConfigValues(t *testing.T) {
	t.Parallel()
	knows := func(keys ...string) func(*validate.Facts) {
		return func(f *validate.Facts) { f.Cluster.ConfigKeys = keys }
	}
	unknown := func(setting string) func(*validate.Facts) {
		return func(f *validate.Facts) { f.Cluster.UnknownConfig = setting }
	}
	week := orders().Config("retention.ms", "7d")
	run(t, map[string]judged{
		"a value that Kafka reads":                 {topic: orders().Config("retention.ms", " +604800000 ")},
		"a value that it cannot read":              {topic: week, refused: just(topic.ConfigValueInvalid), says: `write "604800000"`},
		"a value out of range":                     {topic: orders().Config("retention.ms", "-2"), refused: just(topic.ConfigValueInvalid)},
		"a value that brokers break on":            {topic: orders().Config("segment.index.bytes", "8"), refused: just(topic.ConfigValueHarmful), says: "TopicGate"},
		"null":                                     {topic: orders().BadConfig("retention.ms", "null is no value"), refused: just(topic.ConfigValueInvalid), says: "unmanagedConfig"},
		"a key that nobody knows":                  {topic: orders().Config("retention_ms", "1"), refused: just(topic.ConfigKeyUnknown), says: "retention.ms"},
		"a vendor's key that the brokers know":     {topic: orders().Config("vendor.key", "x"), facts: knows("vendor.key"), warned: just(topic.ConfigKeyUnknown), says: "cannot be checked"},
		"a vendor's key where they are denied":     {topic: orders().Config("vendor.key", "x"), facts: both(knows("vendor.key"), unknown("Deny")), refused: just(topic.ConfigKeyUnknown), says: "(KafkaCluster prod)"},
		"an unknown key where they are warned of":  {topic: orders().Config("vendor.key", "x"), facts: unknown("Warn"), warned: just(topic.ConfigKeyUnknown)},
		"one that the brokers are known to lack":   {topic: orders().Config("vendor.key", "x"), facts: both(knows("retention.ms"), unknown("Warn")), refused: just(topic.ConfigKeyUnknown)},
		"a key of Kafka's that these brokers lack": {topic: orders().Config("segment.ms", "5000"), facts: knows("retention.ms"), refused: just(topic.ConfigKeyUnknown), says: "the cluster's brokers do not"},
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

func TestConfigConflictsWithTheBrokers(t *testing.T) {
	t.Parallel()
	cluster := func(change func(*validate.Cluster)) func(*validate.Facts) {
		return func(f *validate.Facts) { change(f.Cluster) }
	}
	tiering := func(is topicconfig.Tiering) func(*validate.Facts) {
		return cluster(func(c *validate.Cluster) { c.Tiering = is })
	}
	defaults := func(pairs ...string) func(*validate.Facts) {
		return cluster(func(c *validate.Cluster) { c.ConfigDefaults = testutil.Live("", 1, 1, pairs...).Config })
	}
	tiered := func() *testutil.TopicBuilder { return orders().Config("remote.storage.enable", "true") }
	local := func() *testutil.TopicBuilder { return tiered().Config("local.retention.ms", "604800001") }
	off := func() *testutil.TopicBuilder { return orders().Config("remote.storage.enable", "false") }
	onBrokers := live(testutil.Live("orders", 1, 1, "remote.storage.enable", "true"), true)
	run(t, map[string]judged{
		"tiered in a cluster that is":               {topic: tiered(), facts: tiering(topicconfig.TieringOn)},
		"tiered in a cluster that is not":           {topic: tiered(), facts: tiering(topicconfig.TieringOff), refused: just(topic.ConfigConflict), says: `write "false"`},
		"tiered in a cluster that was not":          {topic: tiered(), facts: both(tiering(topicconfig.TieringOff), stale), warned: just(topic.ConfigConflict, topic.FactsMissing)},
		"tiered in a cluster of which nobody knows": {topic: tiered()},
		"tiered, and it contradicts itself whatever the cluster": {
			topic: tiered().Config("local.retention.ms", "2").Config("retention.ms", "1"), refused: just(topic.ConfigConflict), says: "retention.ms",
		},
		"longer than Kafka's default, and nobody knows the brokers'": {topic: local(), warned: just(topic.ConfigConflict), says: "are not known"},
		"longer than Kafka's default, which is the brokers'":         {topic: local(), facts: defaults(), refused: just(topic.ConfigConflict)},
		"longer than Kafka's default, not than the brokers'":         {topic: local(), facts: defaults("retention.ms", "-1")},
		"turned off with segments in remote storage":                 {old: tiered(), topic: off(), facts: onBrokers, refused: just(topic.ConfigConflict), says: "leave them behind"},
		"turned off, on old facts":                                   {old: tiered(), topic: off(), facts: both(onBrokers, stale), warned: just(topic.ConfigConflict, topic.FactsMissing)},
		"turned off with what is in it":                              {old: tiered(), topic: off().Config("remote.log.delete.on.disable", "true"), facts: onBrokers},
		"somebody else turned it on, and the object says nothing":    {old: orders(), topic: orders().Config("flush.ms", "1000"), facts: onBrokers},
		"the syncer turned it on, and the line is gone":              {old: tiered(), topic: orders().Synced("id-orders", "remote.storage.enable"), facts: onBrokers, refused: just(topic.ConfigConflict)},
	})
}
