package plan_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

// What the decision costs: about every topic of a converged cluster, as a resync asks, and about one of them, as an edit does.
func BenchmarkCompute(b *testing.B) {
	for _, topics := range []int{1_000, 10_000} {
		in := converged(topics)
		settled := plan.Compute(in)
		require.Len(b, settled.Settled, topics)
		require.Empty(b, settled.Actions)
		b.Run(fmt.Sprintf("all of %d", topics), func(b *testing.B) { compute(b, in) })
		in.Scope = map[string]bool{"orders-00000": true}
		b.Run(fmt.Sprintf("one of %d", topics), func(b *testing.B) { compute(b, in) })
		in.Cluster.DefaultPartitions, in.Cluster.ConfigDefaults = 1, map[string]string{}
		in.Policies = policies(`{enforcement: Deny, rules: [{name: size, quota: {partitions: 1000000}}, {name: few, partitions: {max: 6}}]}`)
		b.Run(fmt.Sprintf("one of %d within a quota", topics), func(b *testing.B) { compute(b, in) })
		in.Scope = nil
		b.Run(fmt.Sprintf("all of %d within a quota", topics), func(b *testing.B) { compute(b, in) })
	}
}

func compute(b *testing.B, in plan.Input) {
	b.ReportAllocs()
	for b.Loop() {
		plan.Compute(in)
	}
}

func converged(topics int) plan.Input {
	in := plan.Input{Cluster: testutil.Cluster(), Ledger: map[string]topic.Entry{}, Guards: plan.Guards{Now: testutil.Start()}}
	var seen []topic.Observed
	for i := range topics {
		name := fmt.Sprintf("orders-%05d", i)
		live := testutil.Live(name, 3, 3, "retention.ms", "604800000")
		object := testutil.Topic(name).Partitions(3).Replicas(3).Config("retention.ms", "604800000").Synced(live.ID)
		in.Objects = append(in.Objects, object.Planned())
		seen = append(seen, live)
	}
	in.Snapshot = testutil.Snapshot(seen...)
	return in
}
