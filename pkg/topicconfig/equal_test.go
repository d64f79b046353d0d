package topicconfig

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestValuesAreComparedByMeaning(t *testing.T) {
	tests := map[string]struct {
		key, a, b string
		want      bool
	}{
		"forms of a number":                {"retention.ms", " +0100 ", "100", true},
		"two numbers":                      {"retention.ms", "100", "101", false},
		"digits of another script":         {"retention.ms", "１００", "100", true},
		"beyond what a float can tell":     {"retention.ms", "9223372036854775807", "9223372036854775806", false},
		"a stored value out of range":      {"segment.bytes", "014", "14", true},
		"forms of a double":                {"min.cleanable.dirty.ratio", "5e-1", "0.5", true},
		"the two zeros":                    {"min.cleanable.dirty.ratio", "-0.0", "0", true},
		"no number is itself":              {"min.cleanable.dirty.ratio", "NaN", "-NaN", true},
		"too small is zero":                {"min.cleanable.dirty.ratio", "1e-400", "0.0", true},
		"case of a bool":                   {"preallocate", "TRUE", "true", true},
		"two bools":                        {"preallocate", "true", "false", false},
		"order of a list":                  {"cleanup.policy", "compact, delete", "delete,compact", true},
		"an element twice":                 {"cleanup.policy", "compact,compact", "compact", true},
		"another list":                     {"cleanup.policy", "compact", "compact,delete", false},
		"the empty list":                   {"cleanup.policy", "", " ", true},
		"replicas in another order":        {"leader.replication.throttled.replicas", "0:1,1:2", "1:2, 0:1", true},
		"case of an enumeration":           {"compression.type", "gzip", "GZIP", false},
		"spaces around text":               {"compression.type", " gzip", "gzip", true},
		"unreadable and the same":          {"retention.ms", "7d", " 7d", true},
		"unreadable and different":         {"retention.ms", "7d", "604800000", false},
		"an unknown key":                   {"vendor.key", " 010 ", "010", true},
		"numbers of an unknown key differ": {"vendor.key", "010", "10", false},
	}
	table := For("4.4")
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			def, _ := table.Lookup(test.key)
			assert.Equal(t, test.want, Equal(def, test.a, test.b))
			assert.Equal(t, test.want, Equal(def, test.b, test.a))
		})
	}
}

func TestWholeReadsNumbersForOtherRules(t *testing.T) {
	table := For("4.4")
	def, _ := table.Lookup("min.insync.replicas")
	number, ok := def.Whole(" +2 ")
	assert.True(t, ok)
	assert.EqualValues(t, 2, number)
	_, ok = def.Whole("2147483648")
	assert.False(t, ok)
	def, _ = table.Lookup("compression.type")
	_, ok = def.Whole("2")
	assert.False(t, ok)
}
