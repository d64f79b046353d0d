package audit_test

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

const grace = 10 * time.Minute

func owner(name string) topic.Ref { return testutil.Topic("orders").Object(name).Declared().Ref }

// looks take inventories one after the other, each so long after Start and seeing these topics.
type look struct {
	at       time.Duration
	seen     []topic.Observed
	owners   map[string]topic.Ref
	unknown  []string
	partial  bool
	ignore   []audit.Rule
	orphaned []string
}

func take(t *testing.T, looks []look) audit.Result {
	t.Helper()
	result := audit.Result{}
	for i, l := range looks {
		snapshot := testutil.Snapshot(l.seen...)
		snapshot.Complete, snapshot.Unknown = !l.partial, map[string]string{}
		for _, name := range l.unknown {
			snapshot.Unknown[name] = "no DESCRIBE"
		}
		result = audit.Take(audit.Input{
			Now: testutil.Start().Add(l.at), Grace: grace, First: i == 0, Snapshot: snapshot,
			Previous: result.Entries, Missed: result.Missed, Owners: l.owners, Ignore: l.ignore, Scan: audit.Scan{Groups: &topic.Groups{Known: true}},
		})
		assert.Equal(t, l.orphaned, names(result.Orphans), "look %d", i)
	}
	return result
}

func names(entries []topic.Entry) []string {
	var list []string
	for _, entry := range entries {
		list = append(list, entry.Name)
	}
	return list
}

func TestClasses(t *testing.T) {
	t.Parallel()
	orders := []topic.Observed{testutil.Live("orders", 1, 1)}
	again := testutil.Live("orders", 1, 1)
	again.ID = "id-other"
	own := map[string]topic.Ref{"orders": owner("team-a/orders")}
	ignore := []audit.Rule{{Pattern: "ord*"}}
	tests := map[string]struct {
		looks []look
		want  topic.Class
	}{
		"an object's topic is managed":          {[]look{{seen: orders, owners: own}}, topic.ClassManaged},
		"at first sight a topic is a candidate": {[]look{{}, {at: time.Hour, seen: orders}}, topic.ClassCandidate},
		"within the grace period it stays one":  {[]look{{}, {at: time.Hour, seen: orders}, {at: time.Hour + grace - time.Second, seen: orders}}, topic.ClassCandidate},
		"past it, the second sighting makes an orphan": {
			[]look{{}, {at: time.Hour, seen: orders}, {at: time.Hour + grace, seen: orders, orphaned: []string{"orders"}}}, topic.ClassOrphan,
		},
		"an orphan is told of once": {
			[]look{{}, {at: time.Hour, seen: orders}, {at: 2 * time.Hour, seen: orders, orphaned: []string{"orders"}}, {at: 3 * time.Hour, seen: orders}},
			topic.ClassOrphan,
		},
		"an orphan of the baseline is told of in sum": {[]look{{seen: orders}, {at: time.Hour, seen: orders}}, topic.ClassOrphan},
		"another ID under the name begins anew": {
			[]look{{}, {at: time.Hour, seen: orders}, {at: 3 * time.Hour, seen: []topic.Observed{again}}}, topic.ClassCandidate,
		},
		"a topic whose object is gone is released": {[]look{{seen: orders, owners: own}, {at: time.Hour, seen: orders}}, topic.ClassReleased},
		"a released topic made anew is nobody's":   {[]look{{seen: orders, owners: own}, {at: time.Hour, seen: []topic.Observed{again}}}, topic.ClassCandidate},
		"a rule ignores":                           {[]look{{seen: orders}, {at: time.Hour, seen: orders, ignore: ignore}}, topic.ClassIgnored},
		"a rule that has expired ignores nothing": {
			[]look{{seen: orders}, {at: time.Hour, seen: orders, ignore: []audit.Rule{{Pattern: "*", ExpiresAt: testutil.Start().Add(time.Hour)}}}},
			topic.ClassOrphan,
		},
		"a rule until later ignores": {
			[]look{{seen: orders}, {at: time.Hour, seen: orders, ignore: []audit.Rule{{Pattern: "*", ExpiresAt: testutil.Start().Add(2 * time.Hour)}}}},
			topic.ClassIgnored,
		},
		"an object's topic is managed whatever a rule says": {[]look{{seen: orders, owners: own, ignore: ignore}}, topic.ClassManaged},
		"what cannot be described is unknown, never an orphan": {
			[]look{{seen: orders}, {at: time.Hour, unknown: []string{"orders"}}, {at: 9 * time.Hour, unknown: []string{"orders"}}}, topic.ClassUnknown,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, take(t, tt.looks).Entries["orders"].Class)
		})
	}
}

func TestNamesOfKafkaAndOfPlatforms(t *testing.T) {
	t.Parallel()
	result := take(t, []look{{seen: []topic.Observed{testutil.Live("__consumer_offsets", 50, 3), testutil.Live("_schemas", 1, 3)}}})
	assert.Equal(t, topic.ClassInternal, result.Entries["__consumer_offsets"].Class)
	assert.Equal(t, topic.ClassPlatform, result.Entries["_schemas"].Class)
	assert.Equal(t, audit.Counts{Total: 2, Ignored: 2}, result.Counts)
}

func TestMemory(t *testing.T) {
	t.Parallel()
	orders := []topic.Observed{testutil.Live("orders", 1, 1)}
	again := testutil.Live("orders", 1, 1)
	again.ID = "id-other"
	tests := map[string]struct {
		looks      []look
		want, base bool
		firstSeen  time.Duration
	}{
		"one look that misses a topic forgets nothing": {looks: []look{{seen: orders}, {at: time.Hour}}, want: true, base: true},
		"two looks that agree forget":                  {looks: []look{{seen: orders}, {at: time.Hour}, {at: 2 * time.Hour}}},
		"two looks within a read's staleness count as one": {
			looks: []look{{seen: orders}, {at: time.Hour}, {at: time.Hour + time.Second}}, want: true, base: true,
		},
		"a look that shows it again counts anew": {
			looks: []look{{seen: orders}, {at: time.Hour}, {at: 2 * time.Hour, seen: orders}, {at: 3 * time.Hour}}, want: true, base: true,
		},
		"looks at some topics forget nothing": {
			looks: []look{{seen: orders}, {at: time.Hour, partial: true}, {at: 2 * time.Hour, partial: true}, {at: 3 * time.Hour, partial: true}},
			want:  true, base: true,
		},
		"nor does one after a look that missed it": {
			looks: []look{{seen: orders}, {at: time.Hour}, {at: 2 * time.Hour, partial: true}}, want: true, base: true,
		},
		"what was hidden in the first look was there before": {
			looks: []look{{unknown: []string{"orders"}}, {at: time.Hour, seen: orders}}, want: true, base: true,
		},
		"what was hidden later was there since": {
			looks: []look{{}, {at: time.Hour, unknown: []string{"orders"}}, {at: 2 * time.Hour, seen: orders}}, want: true, firstSeen: time.Hour,
		},
		"what changed its ID while hidden is as old as it may be": {
			looks: []look{{}, {at: time.Hour, seen: orders}, {at: 2 * time.Hour, unknown: []string{"orders"}}, {at: 3 * time.Hour, seen: []topic.Observed{again}}},
			want:  true, firstSeen: time.Hour,
		},
		"a stale read of another ID does not make it look new": {
			looks: []look{{seen: orders}, {at: time.Hour, seen: []topic.Observed{again}}, {at: time.Hour + time.Second, seen: orders}},
			want:  true, base: true,
		},
		"what came back is new": {
			looks: []look{{seen: orders}, {at: time.Hour, seen: []topic.Observed{again}}}, want: true, firstSeen: time.Hour,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entry, known := take(t, tt.looks).Entries["orders"]
			require.Equal(t, tt.want, known)
			if known {
				assert.Equal(t, tt.base, entry.Baseline)
				assert.Equal(t, testutil.Start().Add(tt.firstSeen), entry.FirstSeen)
			}
		})
	}
}

func TestTakeLeavesItsInputAlone(t *testing.T) {
	t.Parallel()
	first := take(t, []look{{seen: []topic.Observed{testutil.Live("orders", 1, 1)}}})
	before := maps.Clone(first.Entries)
	audit.Take(audit.Input{Now: testutil.Start().Add(time.Hour), Snapshot: testutil.Snapshot(), Previous: first.Entries})
	assert.Equal(t, before, first.Entries)
}

func TestMadeIsTheObjectsBeforeAnyLook(t *testing.T) {
	t.Parallel()
	entry := audit.Made(nil, "orders", "id-orders", owner("team-a/orders"), testutil.Start())
	assert.Equal(t, topic.ClassManaged, entry.Class, "the inventory takes no empty class")
	result := audit.Take(audit.Input{
		Now: testutil.Start().Add(time.Second), Snapshot: testutil.Snapshot(testutil.Live("orders", 1, 1)),
		Previous: map[string]topic.Entry{"orders": entry},
	})
	assert.Equal(t, owner("team-a/orders"), result.Entries["orders"].Owner)
}
