package validate_test

import (
	"strings"
	"testing"

	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/test/testutil"
)

func TestNameLegal(t *testing.T) {
	t.Parallel()
	bad := testutil.Topic("a/b").Object("team-a/orders")
	run(t, map[string]judged{
		"an illegal character":            {topic: bad, refused: just(topic.TopicNameIllegal), says: `use "a-b"`},
		"the empty name":                  {topic: testutil.Topic("").Object("team-a/orders"), refused: just(topic.TopicNameIllegal)},
		"too long and illegal: both":      {topic: testutil.Topic(strings.Repeat("ä", 250)).Object("team-a/o"), refused: just(topic.TopicNameIllegal, topic.TopicNameIllegal)},
		"it was so before":                {old: bad, topic: bad, warned: just(topic.TopicNameIllegal), says: "it was so before"},
		"249 characters are not too long": {topic: testutil.Topic(strings.Repeat("a", 249)).Object("team-a/o")},
	})
}

func TestNameReserved(t *testing.T) {
	t.Parallel()
	offsets := testutil.Topic("__consumer_offsets").Object("team-a/offsets")
	run(t, map[string]judged{
		"the brokers' own": {topic: offsets, refused: just(topic.TopicNameReserved), says: "Apache Kafka's brokers"},
		"a platform's":     {topic: testutil.Topic("_schemas").Object("team-a/s"), refused: just(topic.TopicNameReserved)},
		"a platform's that the cluster excepts": {
			topic: testutil.Topic("_schemas").Object("team-a/s"), facts: func(f *validate.Facts) { f.Cluster.Reserved.Except = []string{"_schemas"} },
		},
		"one that the cluster keeps for itself": {
			topic: orders(), facts: func(f *validate.Facts) { f.Cluster.Reserved.Add = []string{"ord*"} }, refused: just(topic.TopicNameReserved), says: "(KafkaCluster prod)",
		},
		"whoever may adopt everything may not adopt that": {
			topic: offsets, facts: both(mayAdopt, live(testutil.Live("__consumer_offsets", 1, 1), false)), refused: just(topic.TopicNameReserved),
		},
		"one that is owned already stays in sync": {
			op: validate.Sync, topic: offsets, facts: live(testutil.Live("__consumer_offsets", 1, 1), true), warned: just(topic.TopicNameReserved),
		},
	})
}

func TestNameMode(t *testing.T) {
	t.Parallel()
	mode := func(m naming.Mode) func(*validate.Facts) { return func(f *validate.Facts) { f.Cluster.Naming = m } }
	explicit := testutil.Topic("Orders").Object("team-a/orders")
	run(t, map[string]judged{
		"Explicit lets names differ":                 {topic: explicit, facts: mode(naming.Explicit)},
		"Strict does not":                            {topic: explicit, facts: mode(naming.Strict), refused: just(topic.TopicNameMismatch), says: "KafkaCluster prod"},
		"Strict with the same name":                  {topic: orders().Implicit(), facts: mode(naming.Strict)},
		"Derived wants the encoding":                 {topic: explicit, facts: mode(naming.Derived), refused: just(topic.TopicNameMismatch)},
		"a mode that nobody knows":                   {topic: explicit, facts: mode("Loose"), refused: just(topic.TopicNameMismatch)},
		"the mode changed after the object was made": {old: explicit, topic: explicit, facts: mode(naming.Strict), warned: just(topic.TopicNameMismatch)},
	})
}
