package validate_test

import (
	"testing"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/test/testutil"
)

func claimed(name string) func(*validate.Facts) {
	return func(f *validate.Facts) {
		f.Claims = []validate.Claim{{Ref: testutil.Topic(name).Object("team-b/theirs").Declared().Ref, TopicName: name}}
	}
}

func onBrokers(names ...string) func(*validate.Facts) {
	return func(f *validate.Facts) { f.Colliding = names }
}

func TestNameCollision(t *testing.T) {
	t.Parallel()
	mine := func() *testutil.TopicBuilder { return testutil.Topic("a.b") }
	run(t, map[string]judged{
		"another object's name":                       {topic: mine(), facts: claimed("a_b"), refused: just(topic.TopicNameCollision), says: "declared by team-b/theirs"},
		"a topic on the brokers":                      {topic: mine(), facts: onBrokers("a_b"), refused: just(topic.TopicNameCollision), says: "on the brokers"},
		"a topic once seen, on old facts":             {topic: mine(), facts: both(onBrokers("a_b"), stale), warned: just(topic.TopicNameCollision, topic.FactsMissing)},
		"names that merely look alike":                {topic: mine(), facts: claimed("a-b")},
		"its own name on the brokers is no collision": {topic: mine(), facts: onBrokers("a.b")},
		"it was so before":                            {old: mine(), topic: mine().Partitions(1), facts: claimed("a_b"), warned: just(topic.TopicNameCollision)},
	})
}

func TestDuplicateClaim(t *testing.T) {
	t.Parallel()
	run(t, map[string]judged{
		"another object owns the topic": {topic: orders(), facts: claimed("orders"), refused: just(topic.DuplicateClaim), says: "change team-b/theirs instead"},
		"it was so before":              {old: orders(), topic: orders().Partitions(2), facts: claimed("orders"), warned: just(topic.DuplicateClaim)},
		"adopting does not help":        {topic: orders().Adopt(), facts: both(claimed("orders"), mayAdopt), refused: just(topic.DuplicateClaim)},
	})
}
