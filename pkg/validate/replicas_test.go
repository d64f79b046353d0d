package validate_test

import (
	"math"
	"testing"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/test/testutil"
)

func TestReplicasInRange(t *testing.T) {
	t.Parallel()
	run(t, map[string]judged{
		"zero":                   {topic: orders().Replicas(0), refused: just(topic.ReplicasInvalid), says: "limit: 1 or more"},
		"more than Kafka counts": {topic: orders().Replicas(math.MaxInt16 + 1), refused: just(topic.ReplicasInvalid)},
		"it was so before":       {old: orders().Replicas(0), topic: orders().Replicas(0), warned: just(topic.ReplicasInvalid)},
	})
}

func TestReplicasWithinBrokers(t *testing.T) {
	t.Parallel()
	down := func(f *validate.Facts) { f.Cluster.LiveBrokers = 2 }
	never := func(f *validate.Facts) { f.Cluster.LiveBrokers, f.Cluster.MaxBrokers = 0, 0 }
	run(t, map[string]judged{
		"as many as brokers":           {topic: orders().Replicas(3)},
		"more than brokers ever seen":  {topic: orders().Replicas(4), refused: just(topic.ReplicasExceedBrokers), says: "3 or fewer (KafkaCluster prod)"},
		"more than are up now":         {topic: orders().Replicas(3), facts: down, warned: just(topic.ReplicasExceedBrokers), says: "only 2 of 3"},
		"on old facts it is only said": {topic: orders().Replicas(4), facts: stale, warned: just(topic.ReplicasExceedBrokers, topic.FactsMissing)},
		"brokers that were never seen": {topic: orders().Replicas(9), facts: never},
		"taking over what is so":       {topic: orders().Replicas(5), facts: both(mayAdopt, live(testutil.Live("orders", 1, 5), false)), warned: just(topic.ReplicasExceedBrokers)},
	})
}

func TestReplicasStay(t *testing.T) {
	t.Parallel()
	two := live(testutil.Live("orders", 1, 2), true)
	run(t, map[string]judged{
		"as on the brokers":                 {old: orders(), topic: orders().Replicas(2), facts: two},
		"other than on the brokers":         {old: orders().Replicas(2), topic: orders().Replicas(3), facts: two, refused: just(topic.ReplicasChanged), says: "set replicas to 2"},
		"back to what the brokers have":     {old: orders().Replicas(3), topic: orders().Replicas(2), facts: two},
		"leaving it out is hands off":       {old: orders().Replicas(3), topic: orders(), facts: two},
		"an edit elsewhere of what differs": {old: orders().Replicas(3), topic: orders().Replicas(3).Deletion(topic.Delete), facts: two},
		"on old facts it is only said":      {old: orders(), topic: orders().Replicas(3), facts: both(two, stale), warned: just(topic.ReplicasChanged, topic.FactsMissing)},
		"the syncer moves none":             {op: validate.Sync, topic: orders().Replicas(3), facts: two, refused: just(topic.ReplicasChanged)},
	})
}
