package validate_test

import (
	"testing"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/test/testutil"
)

func TestATopicThatAnotherProductDeclares(t *testing.T) {
	t.Parallel()
	elsewhere := func(f *validate.Facts) {
		f.Live.Elsewhere = topic.Ref{Group: "kafka.strimzi.io", Namespace: "kafka", Name: "orders"}
	}
	there := testutil.Live("orders", 3, 3)
	run(t, map[string]judged{
		"cannot be declared here":                      {topic: orders(), facts: both(mayAdopt, live(there, false), elsewhere), refused: just(topic.ManagedElsewhere)},
		"cannot be declared by the syncer's leave":     {op: validate.Sync, topic: orders(), facts: both(mayAdopt, live(there, false), elsewhere), refused: just(topic.ManagedElsewhere)},
		"stays whose it was before":                    {topic: orders(), facts: both(live(there, true), elsewhere)},
		"is judged as ever where no other declares it": {topic: orders(), facts: both(mayAdopt, live(there, false))},
	})
}
