package validate_test

import (
	"math"
	"testing"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/test/testutil"
)

func TestPartitionsInRange(t *testing.T) {
	t.Parallel()
	run(t, map[string]judged{
		"none said":                       {topic: orders()},
		"one":                             {topic: orders().Partitions(1)},
		"zero":                            {topic: orders().Partitions(0), refused: just(topic.PartitionsInvalid), says: "0: a topic has at least one partition; limit: 1 or more"},
		"less than nothing":               {topic: orders().Partitions(math.MinInt64), refused: just(topic.PartitionsInvalid)},
		"the most of one creation":        {topic: orders().Partitions(9999)},
		"more than one creation can make": {topic: orders().Partitions(10_000), refused: just(topic.PartitionsInvalid), says: "9999 or fewer"},
		"the most of one creation beside a config": {topic: orders().Partitions(9998).Config("retention.ms", "1")},
		"configs take room from partitions":        {topic: orders().Partitions(9999).Config("retention.ms", "1"), refused: just(topic.PartitionsInvalid), says: "set partitions to 9998 or fewer"},
		"a topic that is there may grow beyond":    {topic: orders().Partitions(10_000), facts: live(testutil.Live("orders", 9999, 1), true)},
		"more than Kafka can count":                {topic: orders().Partitions(math.MaxInt32 + 1), facts: live(testutil.Live("orders", 1, 1), true), refused: just(topic.PartitionsInvalid)},
		"it was so before":                         {old: orders().Partitions(0), topic: orders().Partitions(0), warned: just(topic.PartitionsInvalid)},
		"it was wrong otherwise":                   {old: orders().Partitions(0), topic: orders().Partitions(-1), refused: just(topic.PartitionsInvalid)},
	})
}

func TestPartitionsGrow(t *testing.T) {
	t.Parallel()
	six := live(testutil.Live("orders", 6, 1), true)
	run(t, map[string]judged{
		"fewer than declared before":                {old: orders().Partitions(6), topic: orders().Partitions(3), refused: just(topic.PartitionsDecreased), says: "6 declared before"},
		"fewer than on the brokers":                 {old: orders(), topic: orders().Partitions(3), facts: six, refused: just(topic.PartitionsDecreased), says: "6 on the brokers"},
		"fewer than the status remembers":           {old: orders(), topic: orders().Partitions(3).Synced("id"), refused: nil},
		"as many as on the brokers":                 {old: orders(), topic: orders().Partitions(6), facts: six},
		"leaving it out is hands off":               {old: orders().Partitions(6), topic: orders(), facts: six},
		"an old count that was never reached binds": {old: orders().Partitions(9), topic: orders().Partitions(7), facts: six, refused: just(topic.PartitionsDecreased)},
		"on old facts the brokers' count only warns": {
			old: orders(), topic: orders().Partitions(3), facts: both(six, stale), warned: just(topic.PartitionsDecreased, topic.FactsMissing),
		},
		"what was declared binds on old facts too": {
			old: orders().Partitions(6), topic: orders().Partitions(3), facts: both(six, stale), refused: just(topic.PartitionsDecreased), warned: just(topic.FactsMissing),
		},
		"what was declared binds where the brokers had more, too": {
			old: orders().Partitions(4), topic: orders().Partitions(3), facts: both(six, stale), refused: just(topic.PartitionsDecreased), warned: just(topic.FactsMissing),
		},
		"the syncer judges by what it sees": {op: validate.Sync, topic: orders().Partitions(3), facts: six, refused: just(topic.PartitionsDecreased)},
	})
}

func TestGrowthMovesKeys(t *testing.T) {
	t.Parallel()
	six := live(testutil.Live("orders", 6, 1), true)
	moves := just(topic.GrowthMovesKeys)
	compacted := func() *testutil.TopicBuilder { return orders().Config("cleanup.policy", "compact") }
	run(t, map[string]judged{
		"more than on the brokers":            {old: orders().Partitions(6), topic: orders().Partitions(12), facts: six, warned: moves, says: "keep 6 where keys matter"},
		"more than the status remembers":      {old: orders().Partitions(6), topic: orders().Partitions(12).Synced("id-orders"), warned: nil},
		"of a compacted topic":                {old: compacted().Partitions(6), topic: compacted().Partitions(12), facts: six, warned: moves, says: "never removed"},
		"asked for before, and not done yet":  {old: orders().Partitions(12), topic: orders().Partitions(12).Deletion(topic.Delete), facts: six},
		"as many as there are":                {old: orders(), topic: orders().Partitions(6), facts: six},
		"before the topic is there":           {old: orders().Partitions(6), topic: orders().Partitions(12)},
		"the syncer has nobody to tell of it": {op: validate.Sync, topic: orders().Partitions(12), facts: six},
	})
}
