package topicconfig

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestVersionsChooseTheirTable(t *testing.T) {
	tests := map[string]struct{ version, line string }{
		"a line":                               {"4.3", "4.3"},
		"a release":                            {"3.9.2", "3.9"},
		"a metadata version":                   {"4.3-IV0", "4.3"},
		"a tag":                                {"v4.4.0", "4.4"},
		"a minor beside others that are equal": {"4.1.2", "4.1"},
		"older than all":                       {"3.6", "3.7"},
		"newer than all":                       {"5.0", "4.4"},
		"a newer minor":                        {"4.10", "4.4"},
		"unknown":                              {"", "4.4"},
		"no version":                           {"latest", "4.4"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.line, For(test.version).Line())
		})
	}
}

func TestEveryRowOfEveryTableIsUnderstood(t *testing.T) {
	sizes := map[string]int{"3.7": 31, "3.8": 34, "3.9": 36, "4.0": 33, "4.1": 33, "4.2": 33, "4.3": 33, "4.4": 37}
	for version, size := range sizes {
		content, err := answers.ReadFile(lines()[slices.IndexFunc(lines(), func(l line) bool { return l.name == version })].file())
		require.NoError(t, err)
		for row := range strings.Lines(string(content)) {
			require.Len(t, strings.Split(row, ","), 8, "a value with a comma needs a real reader: %s", row)
		}
		table := For(version)
		keys := table.Keys()
		assert.Len(t, keys, size)
		assert.IsIncreasing(t, keys)
		for _, key := range keys {
			def, ok := table.Lookup(key)
			require.True(t, ok)
			assert.Contains(t, []Type{TypeBool, TypeInt, TypeLong, TypeDouble, TypeString, TypeList}, def.Type, key)
			assert.True(t, def.Type != TypeString || len(def.Values) > 0 || def.unreleased != "", "%s has no values", key)
			canonical, problem := def.Parse(def.Default)
			assert.Nil(t, problem, "the default of %s", key)
			assert.Equal(t, def.Default, canonical, key)
		}
	}
}

// A key renamed in a table would silently lose its range.
func TestEveryRangeBelongsToAKey(t *testing.T) {
	known := map[string]bool{}
	for _, version := range lines() {
		for _, key := range For(version.name).Keys() {
			known[key] = true
		}
	}
	for key := range lowest(release{}) {
		assert.True(t, known[key], key)
	}
	for key := range highest() {
		assert.True(t, known[key], key)
	}
}

func TestDefsTellWhatTheTableSays(t *testing.T) {
	def, ok := For("4.4").Lookup("retention.bytes")
	require.True(t, ok)
	assert.Equal(t, "-1", def.Default)
	assert.Equal(t, "log.retention.bytes", def.Synonym)
	def, _ = For("3.9").Lookup("message.timestamp.after.max.ms")
	assert.Equal(t, "9223372036854775807", def.Default)
	def, _ = For("4.3").Lookup("message.timestamp.after.max.ms")
	assert.Equal(t, "3600000", def.Default)
	def, _ = For("4.3").Lookup("retention.ms")
	assert.Equal(t, "log.retention.ms", def.Synonym)
	_, ok = For("4.3").Lookup("remote.copy.lag.ms")
	assert.False(t, ok)
	_, ok = For("4.3").Lookup("internal.segment.bytes")
	assert.True(t, ok, "hidden, yet known")
	assert.NotContains(t, For("4.3").Keys(), "internal.segment.bytes")
}

func TestAMisspeltKeyGetsASuggestion(t *testing.T) {
	tests := map[string]struct{ key, want string }{
		"a letter too many":        {"retention.mss", "retention.ms"},
		"two letters swapped":      {"cleanup.polciy", "cleanup.policy"},
		"underscores":              {"retention_ms", "retention.ms"},
		"camel case":               {"minInsyncReplicas", "min.insync.replicas"},
		"upper case and spaces":    {" Retention.MS ", "retention.ms"},
		"the broker's name":        {"log.cleanup.policy", "cleanup.policy"},
		"the broker's name, hours": {"log.retention.hours", "retention.ms"},
		"another word":             {"compression.codec", ""},
		"a vendor's key":           {"redpanda.remote.read", ""},
		"nothing like it":          {"nope", ""},
		"empty":                    {"", ""},
		"absurdly long":            {strings.Repeat("retention.ms", 100), ""},
		"a hidden config":          {"internal.segment.byte", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := For("4.4").Suggest(test.key)
			assert.Equal(t, test.want, got)
			assert.Equal(t, test.want != "", ok)
		})
	}
}

func TestUnknownKeysSayWhatIsKnown(t *testing.T) {
	tests := map[string]struct{ version, key, fix, says string }{
		"misspelt":               {"4.4", "retention.mss", "retention.ms", `did you mean "retention.ms"?`},
		"removed in 4.0":         {"4.4", "message.format.version", "", "Kafka 4.4 has no topic config \"message.format.version\"; it was removed in 4.0"},
		"newer than the cluster": {"4.3", "remote.copy.lag.ms", "", "Kafka has it since 4.4, and this cluster runs 4.3"},
		"a field of its own":     {"4.4", "num.partitions", "", "a field of its own: partitions"},
		"replication":            {"4.4", "replication.factor", "", "a field of its own: replicas"},
		"nothing like it":        {"4.4", "nope", "", `no topic config "nope"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			problem := For(test.version).Unknown(test.key)
			assert.Equal(t, ReasonUnknownKey, problem.Reason)
			assert.Equal(t, SourceKafka, problem.Source)
			assert.Equal(t, test.fix, problem.Fix)
			assert.Contains(t, problem.Message, test.says)
		})
	}
}

// decimalDigit rests on how Unicode lays out its digits.
func TestDigitsOfEveryScriptStandInOrder(t *testing.T) {
	for _, digits := range unicode.Nd.R16 {
		require.EqualValues(t, 1, digits.Stride)
		require.Zero(t, (digits.Hi-digits.Lo+1)%10)
	}
	for _, char := range "٠١٢٣٤٥٦٧٨٩" {
		got, ok := decimalDigit(char)
		require.True(t, ok)
		assert.Equal(t, byte(char-'٠'), got)
	}
	_, ok := decimalDigit('²')
	assert.False(t, ok, "a superscript is no decimal digit")
}
