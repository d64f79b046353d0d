package audit_test

import (
	"fmt"
	"testing"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

// hundredThousand is a second look at a hundred thousand topics that nothing declares.
func hundredThousand() audit.Input {
	var seen []topic.Observed
	for i := range 100_000 {
		seen = append(seen, testutil.Live(fmt.Sprintf("team-%03d.orders-%06d", i%500, i), 1, 1))
	}
	in := scanned(groups(topic.Group{Name: "shop", Type: "classic"}), seen...)
	in.Previous = audit.Take(in).Entries
	return in
}

// BenchmarkAudit reports what one look costs that 100,000 topics are in, step by step.
func BenchmarkAudit(b *testing.B) {
	in := hundredThousand()
	entries := audit.Take(in).Entries
	steps := map[string]func(){
		"take":    func() { audit.Take(in) },
		"due":     func() { audit.Due(in, 0, 10_000) },
		"shards":  func() { audit.Shards(entries, 128) },
		"examine": func() { audit.Examine(audit.World{Now: in.Now, Entries: entries}) },
	}
	for name, step := range steps {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				step()
			}
		})
	}
}
