package validate_test

import (
	"testing"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

func TestClusterExists(t *testing.T) {
	t.Parallel()
	none := func(names ...string) func(*validate.Facts) {
		return func(f *validate.Facts) { f.Cluster, f.Clusters = nil, names }
	}
	run(t, map[string]judged{
		"a cluster that is there passes":            {topic: orders()},
		"no cluster named, and no default":          {topic: orders().Cluster(""), facts: none("prod"), refused: just(topic.ClusterMissing), says: "admitted by: prod"},
		"a cluster that is not there":               {topic: orders().Cluster("nope"), facts: none("prod"), refused: just(topic.ClusterNotFound), says: `"nope"`},
		"nobody admits the namespace":               {topic: orders().Cluster("nope"), facts: none(), refused: just(topic.ClusterNotFound), says: "ask the platform team"},
		"many clusters are not all listed":          {topic: orders().Cluster("nope"), facts: none("a", "b", "c", "d", "e", "f"), refused: just(topic.ClusterNotFound), says: "a, b, c, d, e, …"},
		"it was so before: the object stays usable": {old: orders().Cluster("nope"), topic: orders().Cluster("nope"), facts: none(), warned: just(topic.ClusterNotFound)},
	})
}

func TestNamespaceAdmitted(t *testing.T) {
	t.Parallel()
	shut := func(f *validate.Facts) { f.Cluster.AdmitsNamespace = false }
	run(t, map[string]judged{
		"a namespace that is not admitted":               {topic: orders(), facts: shut, refused: just(topic.NamespaceNotAdmitted), says: `"team-a"`},
		"the selector changed after the object was made": {old: orders(), topic: orders().Partitions(2), facts: shut, warned: just(topic.NamespaceNotAdmitted)},
		"naming such a cluster only now":                 {old: orders().Cluster(""), topic: orders(), facts: shut, refused: just(topic.NamespaceNotAdmitted)},
		"the syncer looks again, and owning does not help": {
			op: validate.Sync, topic: orders(), facts: shut, refused: just(topic.NamespaceNotAdmitted),
		},
	})
}

func TestFactsFresh(t *testing.T) {
	t.Parallel()
	run(t, map[string]judged{
		"old facts are said once": {topic: orders(), facts: stale, warned: just(topic.FactsMissing), says: "facts 3 h old; the syncer checks again"},
	})
}
