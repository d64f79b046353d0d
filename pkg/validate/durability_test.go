package validate_test

import (
	"testing"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/test/testutil"
)

func TestOneReplicaAndInsyncHeadroom(t *testing.T) {
	t.Parallel()
	insync := func() *testutil.TopicBuilder { return orders().Config("min.insync.replicas", "3") }
	alone := func(f *validate.Facts) { f.Cluster.LiveBrokers, f.Cluster.MaxBrokers = 1, 1 }
	frugal := func(f *validate.Facts) { f.Cluster.DefaultReplicas = 1 }
	run(t, map[string]judged{
		"one replica":                                     {topic: orders().Replicas(1), warned: just(topic.SingleReplica), says: "fix: set replicas to 3"},
		"one by the brokers' default":                     {topic: orders(), facts: frugal, warned: just(topic.SingleReplica), says: "the brokers' default"},
		"one where there is one broker":                   {topic: orders().Replicas(1), facts: alone},
		"one that nobody declared":                        {topic: orders(), facts: both(mayAdopt, live(testutil.Live("orders", 1, 1), false))},
		"two":                                             {topic: orders().Replicas(2)},
		"every replica is needed for each write":          {topic: insync().Replicas(3), warned: just(topic.MinInsyncEqualsReplicas), says: "set min.insync.replicas to 2"},
		"every one of the brokers' default":               {topic: insync(), warned: just(topic.MinInsyncEqualsReplicas)},
		"every one, written as Java reads it":             {topic: orders().Config("min.insync.replicas", " +03").Replicas(3), warned: just(topic.MinInsyncEqualsReplicas)},
		"who edits something else has heard it":           {old: insync().Replicas(3), topic: insync().Replicas(3).Deletion(topic.Delete)},
		"who makes it so hears it":                        {old: orders().Replicas(3), topic: insync().Replicas(3), warned: just(topic.MinInsyncEqualsReplicas)},
		"the syncer has nobody to tell":                   {op: validate.Sync, topic: orders().Replicas(1)},
		"one that is declared for what is on the brokers": {topic: orders().Replicas(1), facts: both(mayAdopt, live(testutil.Live("orders", 1, 1), false)), warned: just(topic.SingleReplica)},
	})
}

func TestUncleanElection(t *testing.T) {
	t.Parallel()
	const key = "unclean.leader.election.enable"
	run(t, map[string]judged{
		"on":                       {topic: orders().Config(key, "true"), warned: just(topic.UncleanElection), says: "acknowledged records"},
		"on, in any case":          {topic: orders().Config(key, "TRUE"), warned: just(topic.UncleanElection)},
		"off":                      {topic: orders().Config(key, "false")},
		"neither":                  {topic: orders().Config(key, "maybe"), refused: just(topic.ConfigValueInvalid)},
		"on since before the edit": {old: orders().Config(key, "true"), topic: orders().Config(key, "true").Partitions(3)},
	})
}
