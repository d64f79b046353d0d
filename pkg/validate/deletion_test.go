package validate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/test/testutil"
)

func TestDeletionProtected(t *testing.T) {
	t.Parallel()
	protect := func(how string) func(*validate.Facts) {
		return func(f *validate.Facts) { f.Cluster.Protection = how }
	}
	synced := func() *testutil.TopicBuilder { return orders().Deletion(topic.Delete).Synced("id-orders") }
	always := protect(validate.ProtectAlways)
	run(t, map[string]judged{
		"always protected": {op: validate.Delete, topic: synced(), facts: always, refused: just(topic.DeletionProtected), says: "allow-delete-until=2026-01-02T04:04:05Z"},
		"perhaps in use":   {op: validate.Delete, topic: synced(), facts: protect(validate.ProtectInUse), warned: just(topic.DeletionProtected)},
		"not protected":    {op: validate.Delete, topic: synced(), facts: protect(validate.ProtectNone)},
		"an unknown protection protects as by default": {op: validate.Delete, topic: synced(), facts: protect("?"), warned: just(topic.DeletionProtected)},
		"its topic is kept anyway":                     {op: validate.Delete, topic: orders().Deletion(topic.Retain).Synced("id"), facts: always},
		"it never had a topic":                         {op: validate.Delete, topic: orders().Deletion(topic.Delete), facts: always},
		"lifted for now":                               {op: validate.Delete, topic: synced().AllowDeleteUntil(time.Hour), facts: always},
		"its namespace goes, which deletes nothing":    {op: validate.Delete, topic: synced(), facts: both(always, func(f *validate.Facts) { f.NamespaceTerminating = true })},
		"nothing else is judged":                       {op: validate.Delete, topic: orders().Partitions(0)},
	})
}

func TestDeletionAllowed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		ahead time.Duration
		want  bool
	}{
		"an hour ahead":            {time.Hour, true},
		"24 hours ahead":           {24 * time.Hour, true},
		"longer than may be":       {24*time.Hour + time.Second, false},
		"over":                     {-time.Second, false},
		"over at this very moment": {0, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, validate.DeletionAllowed(orders().AllowDeleteUntil(tt.ahead).Declared(), testutil.Start()))
		})
	}
	assert.False(t, validate.DeletionAllowed(orders().Declared(), testutil.Start()), "nothing said lifts nothing")
}
