package audit_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

// TestSizes measures one topic again and again, each time so long after Start.
func TestSizes(t *testing.T) {
	t.Parallel()
	type measurement struct {
		at    time.Duration
		bytes int64
		// none: nothing was measured.
		none bool
	}
	cases := map[string]struct {
		measured []measurement
		known    bool
		want     int64
	}{
		"never measured":                      {[]measurement{{none: true}}, false, 0},
		"empty":                               {[]measurement{{bytes: 0}}, true, 0},
		"a byte":                              {[]measurement{{bytes: 1}}, true, 1},
		"a power of two":                      {[]measurement{{bytes: 1024}}, true, 1024},
		"one more than that":                  {[]measurement{{bytes: 1025}}, true, 2048},
		"more than any disk holds":            {[]measurement{{bytes: 1<<62 + 1}}, true, 1<<62 + 1},
		"what grows is told at once":          {[]measurement{{bytes: 1}, {at: time.Minute, bytes: 4}, {at: 2 * time.Minute, bytes: 8}}, true, 8},
		"what shrinks is told":                {[]measurement{{bytes: 8}, {at: time.Minute, bytes: 4}}, true, 4},
		"what shrinks again is told next day": {[]measurement{{bytes: 8}, {at: time.Minute, bytes: 4}, {at: time.Hour, bytes: 2}}, true, 4},
		"and then it is":                      {[]measurement{{bytes: 8}, {at: time.Minute, bytes: 4}, {at: 25 * time.Hour, bytes: 2}}, true, 2},
		"what is not measured keeps its size": {[]measurement{{bytes: 8}, {at: time.Minute, none: true}}, true, 8},
		"what breathes is written once a day": {[]measurement{{bytes: 8}, {at: time.Minute, bytes: 4}, {at: time.Hour, bytes: 8}, {at: 2 * time.Hour, bytes: 4}}, true, 8},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result := audit.Result{}
			for i, m := range c.measured {
				in := audit.Input{
					Now: testutil.Start().Add(m.at), First: i == 0, Snapshot: testutil.Snapshot(testutil.Live("orders", 1, 1)),
					Previous: result.Entries, Scan: audit.Scan{Sizes: map[string]topic.Size{}},
				}
				if !m.none {
					in.Scan.Sizes["orders"] = topic.Size{Known: true, Bytes: m.bytes, Oldest: testutil.Start()}
				}
				result = audit.Take(in)
			}
			got := result.Entries["orders"].Size
			assert.Equal(t, c.known, got.Known)
			assert.Equal(t, c.want, got.Bytes)
			if c.known {
				assert.Equal(t, "2026-01-02T00:00:00Z", got.Oldest.Format(time.RFC3339), "a record's day is enough")
			}
		})
	}
}

func TestATopicMadeForAnObjectIsKnownToBeEmpty(t *testing.T) {
	t.Parallel()
	made := audit.Made(nil, "orders", "id-orders", owner("team-a/orders"), testutil.Start())
	assert.Equal(t, topic.Size{Known: true}, made.Size)
}
