package topic_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

func TestOlder(t *testing.T) {
	t.Parallel()
	at := testutil.Start()
	tests := map[string]struct {
		a, b topic.Ref
		want bool
	}{
		"the earlier one is older":       {topic.Ref{UID: "z", Created: at}, topic.Ref{UID: "a", Created: at.Add(time.Second)}, true},
		"the later one is not":           {topic.Ref{UID: "a", Created: at.Add(time.Second)}, topic.Ref{UID: "z", Created: at}, false},
		"of one second, the UID decides": {topic.Ref{UID: "a", Created: at}, topic.Ref{UID: "b", Created: at}, true},
		"time zones do not matter":       {topic.Ref{UID: "a", Created: at.In(time.FixedZone("x", 3600))}, topic.Ref{UID: "b", Created: at}, true},
		"nothing is older than itself":   {topic.Ref{UID: "a", Created: at}, topic.Ref{UID: "a", Created: at}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, tt.a.Older(tt.b))
		})
	}
}

func TestEffectiveDeletion(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ own, cluster, want topic.DeletionPolicy }{
		"the object's own wins":           {topic.Retain, topic.Delete, topic.Retain},
		"else the cluster's default":      {"", topic.Delete, topic.Delete},
		"without either, nothing is lost": {"", "", topic.Retain},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, topic.Declared{Deletion: tt.own}.EffectiveDeletion(tt.cluster))
		})
	}
}

func TestTextsLeaveOutWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	declared := testutil.Topic("orders").Config("retention.ms", "1").BadConfig("segment.ms", "null is no value").Declared()
	assert.Equal(t, map[string]string{"retention.ms": "1"}, declared.Texts())
}

func TestCloneSharesNoConfig(t *testing.T) {
	t.Parallel()
	seen := testutil.Live("orders", 1, 1, "retention.ms", "1")
	seen.Clone().Config["retention.ms"] = "2"
	assert.Equal(t, "1", seen.Config["retention.ms"])
}

func TestViolationText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		violation topic.Violation
		want      string
	}{
		"all of it": {
			topic.Violation{Value: "0", Problem: "too few", Limit: "1 or more", Source: "Kafka", Fix: "set 1"},
			"0: too few; limit: 1 or more (Kafka); fix: set 1",
		},
		"a value that the problem names": {topic.Violation{Value: `"7d"`, Problem: `"7d" is not a number`}, `"7d" is not a number`},
		"a value within another number":  {topic.Violation{Value: "1", Problem: "below the 100 and -1 and 21"}, "1: below the 100 and -1 and 21"},
		"a value beside another number":  {topic.Violation{Value: "1", Problem: "not 100, and 1 is less"}, "not 100, and 1 is less"},
		"a problem alone":                {topic.Violation{Problem: "not checked"}, "not checked"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, tt.violation.Text())
		})
	}
}
