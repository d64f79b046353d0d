package validate_test

import (
	"testing"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

func TestImmutable(t *testing.T) {
	t.Parallel()
	named := func(name string) *testutil.TopicBuilder { return testutil.Topic(name).Object("team-a/orders") }
	run(t, map[string]judged{
		"the same name said explicitly is the same": {old: orders().Implicit(), topic: named("orders")},
		"another name":                                        {old: named("orders"), topic: named("Orders"), refused: just(topic.ImmutableChanged), says: `limit: "orders"`},
		"adding a topicName that differs":                     {old: orders().Implicit(), topic: named("Orders"), refused: just(topic.ImmutableChanged)},
		"removing one that differed":                          {old: named("Orders"), topic: orders().Implicit(), refused: just(topic.ImmutableChanged), says: `write topicName: "Orders" again`},
		"what the status pinned binds, whatever the old said": {old: named("b"), topic: named("b").Synced("id"), refused: nil},
		"another cluster":                                     {old: orders().Cluster("dev"), topic: orders(), refused: just(topic.ImmutableChanged), says: `keep "dev"`},
		"an absent cluster may be set once":                   {old: orders().Cluster(""), topic: orders()},
		"but not to another than the status is pinned to":     {old: orders().Cluster("").Synced("id"), topic: orders().Synced("id").Cluster("dev"), refused: just(topic.ImmutableChanged)},
	})
}
