package validate_test

import (
	"testing"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

func TestMinInsync(t *testing.T) {
	t.Parallel()
	two := func() *testutil.TopicBuilder { return orders().Config("min.insync.replicas", "2") }
	one := live(testutil.Live("orders", 1, 1), true)
	run(t, map[string]judged{
		"fewer than replicas":                       {topic: two().Replicas(3)},
		"as many as replicas":                       {topic: two().Replicas(2), warned: just(topic.MinInsyncEqualsReplicas)},
		"more than replicas":                        {topic: two().Replicas(1), refused: just(topic.MinInsyncExceedsReplicas), warned: just(topic.SingleReplica), says: "limit: 1 or fewer"},
		"more than the brokers' default":            {topic: orders().Config("min.insync.replicas", "4"), refused: just(topic.MinInsyncExceedsReplicas), says: "the brokers' default"},
		"more than there are":                       {old: orders(), topic: two(), facts: one, refused: just(topic.MinInsyncExceedsReplicas), says: "on the brokers"},
		"more than there were, on old facts":        {old: orders(), topic: two(), facts: both(one, stale), warned: just(topic.MinInsyncExceedsReplicas, topic.FactsMissing)},
		"the default on old facts is not relied on": {topic: two(), facts: stale, warned: just(topic.FactsMissing)},
		"more than replicas, in other digits":       {topic: orders().Config("min.insync.replicas", " +３").Replicas(2), refused: just(topic.MinInsyncExceedsReplicas)},
		"what does not parse is told once":          {topic: orders().Config("min.insync.replicas", "x").Replicas(2), refused: just(topic.ConfigValueInvalid)},
		"it was so before":                          {old: two().Replicas(1), topic: two().Replicas(1).Partitions(2), warned: just(topic.MinInsyncExceedsReplicas)},
	})
}
