package validate_test

import (
	"testing"
	"time"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/test/testutil"
)

const hour, week = "3600000", "604800000"

// measured is a topic of so many bytes whose oldest record is of a day so long before Start.
func measured(bytes int64, oldest time.Duration) func(*validate.Facts) {
	return func(f *validate.Facts) {
		f.Live = &validate.Live{Observed: testutil.Live("orders", 3, 3), Owned: true, Bytes: &bytes}
		if bytes > 0 {
			f.Live.OldestRecord = testutil.Start().Add(-oldest).Truncate(24 * time.Hour)
		}
	}
}

func synced() *testutil.TopicBuilder { return orders().Synced("id-orders") }

func TestRetentionCut(t *testing.T) {
	t.Parallel()
	const key, size, day = "retention.ms", "retention.bytes", 24 * time.Hour
	old := func() *testutil.TopicBuilder { return orders().Config(key, week) }
	full := measured(1<<30, 5*day)
	cut := just(topic.RetentionCut)
	run(t, map[string]judged{
		"shorter than the oldest record is old":  {old: old(), topic: synced().Config(key, hour), facts: full, warned: cut, says: "at most 1 GiB, its oldest record is of 2025-12-28"},
		"shorter than the brokers' default":      {old: orders(), topic: synced().Config(key, hour), facts: full, warned: cut, says: "it was 604800000"},
		"back to the brokers' default":           {old: orders().Config(key, "-1"), topic: synced(), facts: measured(1, 30*day), warned: cut, says: "it was -1"},
		"no record is that old":                  {old: old(), topic: synced().Config(key, "86400000"), facts: measured(1<<30, 0)},
		"longer than any clock":                  {old: orders().Config(key, "-1"), topic: synced().Config(key, "9223372036854775807"), facts: full},
		"the topic is empty":                     {old: old(), topic: synced().Config(key, hour), facts: measured(0, 0)},
		"longer":                                 {old: old(), topic: synced().Config(key, "-1"), facts: full},
		"nothing was measured":                   {old: old(), topic: synced().Config(key, hour), warned: cut, says: "how much was not measured"},
		"measured too long ago to spare anybody": {old: old(), topic: synced().Config(key, hour), facts: both(measured(0, 0), stale), warned: just(topic.RetentionCut, topic.FactsMissing)},
		"a topic that was never made":            {old: old(), topic: orders().Config(key, hour)},
		"a compacted topic keeps its last":       {old: orders().Config("cleanup.policy", "compact"), topic: synced().Config("cleanup.policy", "compact").Config(key, hour), facts: full},
		"fewer bytes than there are":             {old: orders(), topic: synced().Config(size, "1048576"), facts: full, warned: cut, says: "it was -1"},
		"fewer bytes, and all fit":               {old: orders(), topic: synced().Config(size, "1048576"), facts: measured(1<<20, 5*day)},
		"both":                                   {old: orders(), topic: synced().Config(size, "1048576").Config(key, hour), facts: full, warned: just(topic.RetentionCut, topic.RetentionCut)},
		"what cannot be read is told once":       {old: old(), topic: synced().Config(key, "1h"), facts: full, refused: just(topic.ConfigValueInvalid)},
	})
}

func TestCleanupChange(t *testing.T) {
	t.Parallel()
	policy := func(b *testutil.TopicBuilder, value string) *testutil.TopicBuilder {
		return b.Config("cleanup.policy", value)
	}
	changed := just(topic.CleanupPolicyChanged)
	run(t, map[string]judged{
		"from delete to compact":          {old: orders(), topic: policy(synced(), "compact"), warned: changed, says: "without a key are refused"},
		"from compact to delete":          {old: policy(orders(), "compact"), topic: policy(synced(), "delete"), warned: changed, says: "by age and size"},
		"compacting in addition":          {old: policy(orders(), "delete"), topic: policy(synced(), "delete,compact"), warned: changed},
		"deleting in addition":            {old: policy(orders(), "compact"), topic: policy(synced(), "compact,delete"), facts: measured(3000, time.Hour), warned: changed, says: "at most 3 KiB"},
		"the same in another order":       {old: policy(orders(), "delete, compact"), topic: policy(synced(), "compact,delete")},
		"less of both":                    {old: policy(orders(), "delete,compact"), topic: policy(synced(), "compact")},
		"before the topic is there":       {old: orders(), topic: policy(orders(), "compact")},
		"to what no broker can read":      {old: orders(), topic: policy(synced(), "Compact"), refused: just(topic.ConfigValueInvalid)},
		"by dropping the line is one too": {old: policy(orders(), "compact"), topic: synced(), warned: changed},
	})
}

func TestSegmentOutlivesRetention(t *testing.T) {
	t.Parallel()
	both := func(segment, retention string) *testutil.TopicBuilder {
		return orders().Config("segment.ms", segment).Config("retention.ms", retention)
	}
	outlives := just(topic.SegmentOutlivesRetention)
	run(t, map[string]judged{
		"segments that end later than records":  {topic: both(week, hour), warned: outlives, says: "set segment.ms to 3600000 or less"},
		"later than the brokers' default":       {topic: orders().Config("segment.ms", "604800001"), warned: outlives},
		"segments as long as records":           {topic: both(hour, hour)},
		"records without an end":                {topic: both(week, "-1")},
		"a compacted topic has no such promise": {topic: both(week, hour).Config("cleanup.policy", "compact")},
		"short retention alone":                 {topic: orders().Config("retention.ms", hour)},
		"who edits something else has heard it": {old: both(week, hour), topic: both(week, hour).Deletion(topic.Delete)},
	})
}
