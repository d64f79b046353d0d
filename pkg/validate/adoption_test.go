package validate_test

import (
	"testing"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/test/testutil"
)

func TestAdoption(t *testing.T) {
	t.Parallel()
	there := live(testutil.Live("orders", 3, 1, "retention.ms", "1000"), false)
	same := func() *testutil.TopicBuilder { return orders().Partitions(3).Config("retention.ms", "1000") }
	takeBack := func(f *validate.Facts) { f.Live.TakeBack = true }
	run(t, map[string]judged{
		"a topic that was there is nobody's for the taking": {topic: same(), facts: there, refused: just(topic.AdoptionNotPermitted), says: "ask the platform team"},
		"with the right and equal values":                   {topic: same(), facts: both(there, mayAdopt)},
		"with the right, partitions differ":                 {topic: same().Partitions(6), facts: both(there, mayAdopt), refused: just(topic.AdoptionDiffers), says: "partitions 3 → 6"},
		"with the right, a config differs":                  {topic: same().Config("retention.ms", "2"), facts: both(there, mayAdopt), refused: just(topic.AdoptionDiffers), says: "retention.ms"},
		"with the right, a config is new":                   {topic: same().Config("segment.ms", "500"), facts: both(there, mayAdopt), refused: just(topic.AdoptionDiffers), says: "segment.ms"},
		"a count that nobody has seen yet is no difference": {topic: same(), facts: both(live(testutil.Live("orders", 0, 0, "retention.ms", "1000"), false), takeBack)},
		"a change that was asked for":                       {topic: same().Partitions(6).Adopt(), facts: both(there, mayAdopt)},
		"asking for a change gives no right":                {topic: same().Adopt(), facts: there, refused: just(topic.AdoptionNotPermitted)},
		"what the namespace released it may take back":      {topic: same(), facts: both(there, takeBack)},
		"on old facts it is only said":                      {topic: same(), facts: both(there, stale), warned: just(topic.AdoptionNotPermitted, topic.FactsMissing)},
		"the owner changes its topic as it likes":           {topic: same().Partitions(6), facts: live(testutil.Live("orders", 3, 1), true)},
		"the syncer holds the same line":                    {op: validate.Sync, topic: same(), facts: there, refused: just(topic.AdoptionNotPermitted)},
		"a value over two lines is told in one": {
			topic: same().Config("follower.replication.throttled.replicas", "0:1,\n0:2"), facts: both(there, mayAdopt),
			refused: just(topic.AdoptionDiffers, topic.ConfigValueHarmful),
		},
	})
}
