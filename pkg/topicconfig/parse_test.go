package topicconfig

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// everyVersion is every version that has the keys of 3.9 and 4.4 alike.
const everyVersion = "3.9 4.0 4.1 4.2 4.3 4.4"

// answer is what real brokers said to some values of a key.
type answer struct {
	versions string
	key      string
	accepts  map[string]string // value sent → value shown
	refuses  []string
}

// same are values that are shown as they were sent.
func same(values ...string) map[string]string {
	shown := map[string]string{}
	for _, value := range values {
		shown[value] = value
	}
	return shown
}

func shown(pairs ...string) map[string]string {
	values := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return values
}

func brokerAnswers() []answer {
	return []answer{
		{everyVersion, "retention.ms", same("0", "-1", "9223372036854775807"), []string{
			" ", "1e3", "1_000", "0x10", "1000ms", "7d", "1.0", "9223372036854775808", "true", "- 1", "--1", "1 000", "-2", "+", "𝟏",
		}},
		{everyVersion, "retention.ms", shown(" 1000 ", "1000", "\t1000\n", "1000", "010", "10", "１０００", "1000", "+5", "5", "-0", "0"), nil},
		{everyVersion, "retention.bytes", same("0", "-2", "-9223372036854775808"), []string{"9223372036854775808", "1e9"}},
		{everyVersion, "max.message.bytes", shown("0", "0", "2147483647", "2147483647", " 5 ", "5", "００７", "7"), []string{
			"", "2147483648", "1e6", "1048588.0", "1MB", "-1",
		}},
		{everyVersion, "min.insync.replicas", shown("32768", "32768", "+1", "1"), []string{"", "2147483648", "0", "-1"}},
		{everyVersion, "segment.bytes", same("1048576", "1073741824"), []string{"2147483648", "-1", "13"}},
		{everyVersion, "segment.index.bytes", same("12", "1024"), []string{"3", "-1", "2147483648"}},
		{everyVersion, "index.interval.bytes", same("0", "4096"), []string{"", "-1"}},
		{everyVersion, "segment.ms", same("1"), []string{"0", "-1", ""}},
		{everyVersion, "segment.jitter.ms", same("0", "9223372036854775807"), []string{"-1"}},
		{everyVersion, "flush.messages", same("1"), []string{"0"}},
		{everyVersion, "flush.ms", same("0"), []string{"1.5", "-1"}},
		{everyVersion, "delete.retention.ms", same("0"), []string{"-1", ""}},
		{everyVersion, "max.compaction.lag.ms", same("1"), []string{"-1", "0"}},
		{everyVersion, "local.retention.ms", same("-2", "-1"), []string{"-3", ""}},
		{everyVersion, "message.timestamp.type", shown("LogAppendTime", "LogAppendTime", " CreateTime", "CreateTime"), []string{"createtime", ""}},
		{everyVersion, "message.timestamp.after.max.ms", same("0", "9223372036854775807"), []string{"-1"}},
		{"3.8", "message.format.version", same("3.9-IV0", "3.8"), []string{"3.9", "4.0-IV0"}},
		{"3.7", "message.format.version", same("3.8-IV0", "3.7-IV4"), []string{"3.8", "3.9-IV0"}},
		{"4.0", "segment.bytes", same("1048576"), []string{"13"}},
		{"3.7", "compression.gzip.level", nil, []string{"1"}},
		{"3.9", "message.timestamp.difference.max.ms", same("0"), []string{"-1"}},
		{"3.9", "message.format.version", same("3.0-IV1", "2.8", "2.8.1", "0.10.0.1", "4.0-IV1"), []string{
			"nonsense", "", "4.0", "0.10", "0.8.0-IV0", "3.0-IV2", "3.0-IV01", "3.0-IV1.", "2",
		}},
		{"3.9", "message.downconversion.enable", same("true", "false"), []string{"1"}},
		{"4.3 4.4", "message.downconversion.enable", nil, []string{"true"}},
		{"4.3 4.4", "message.format.version", nil, []string{"2.8"}},
		{
			everyVersion, "min.cleanable.dirty.ratio",
			shown("0.5", "0.5", "5e-1", "0.5", "0.5d", "0.5", "0.5f", "0.5", ".5", "0.5", "NaN", "NaN", "-0.0", "-0.0",
				" 0.5 ", "0.5", "1e-400", "0.0", "0x1p-2", "0.25", "1e-5", "1.0E-5", "5e-324", "4.9E-324", "1", "1.0"),
			[]string{"-0.1", "0,5", "", "null", "Infinity", "1.1", "0x1", "nan", "inf", "1_0e-2", "1e400"},
		},
		{everyVersion, "cleanup.policy", same("", "delete", "compact,delete"), []string{
			"COMPACT", "[delete]", "none", "delete;compact", "compact,", ",",
		}},
		{everyVersion, "cleanup.policy", shown("compact, delete", "compact,delete", " compact , delete ", "compact,delete"), nil},
		{"3.7 3.8 3.9 4.0 4.1", "cleanup.policy", same("compact,compact"), nil},
		{"4.2 4.3 4.4", "cleanup.policy", shown("compact,compact", "compact", "compact,delete,delete", "compact,delete"), nil},
		{everyVersion, "compression.type", shown("zstd", "zstd", "zstd ", "zstd"), []string{"", "GZIP", "zstd:3", "zstd\u00a0"}},
		{everyVersion, "compression.gzip.level", same("-1", "1", "9"), []string{"-2", "0", "10", ""}},
		{everyVersion, "compression.lz4.level", same("1", "17"), []string{"0", "18"}},
		{everyVersion, "compression.zstd.level", same("0", "-131072", "22"), []string{"23", "-131073"}},
		{everyVersion, "preallocate", shown("true", "true", "TRUE", "true", " false ", "false"), []string{"no", "0", "", "t", "null"}},
		{"4.4", "remote.copy.lag.ms", same("-1", "0"), []string{"-2"}},
		{"3.7 3.8 3.9 4.0 4.1 4.2 4.3", "remote.copy.lag.ms", nil, []string{"0"}},
		{"4.4", "max.decompressed.message.bytes", same("1", "2147483639"), []string{"0", "2147483640"}},
		{"4.4", "errors.deadletterqueue.group.enable", same("true"), []string{""}},
		{everyVersion, "follower.replication.throttled.replicas", same("", "*", "0:1,1:1", "0:99"), []string{"0", "0:", "x:y", "0:1:2", "all"}},
		{everyVersion, "retention.ms ", nil, []string{"1000"}},
		{everyVersion, "log.cleanup.policy", nil, []string{"delete"}},
		{everyVersion, "redpanda.remote.read", nil, []string{"true"}},
		{"3.9 4.0", "internal.segment.bytes", nil, []string{"1048576"}},
	}
}

func TestValuesAreReadAsBrokersReadThem(t *testing.T) {
	for _, asked := range brokerAnswers() {
		for version := range strings.FieldsSeq(asked.versions) {
			table := For(version)
			for sent, want := range asked.accepts {
				got, problem := table.Parse(asked.key, sent)
				if assert.Nil(t, problem, "%s %s=%q", version, asked.key, sent) {
					assert.Equal(t, want, got, "%s %s=%q", version, asked.key, sent)
				}
			}
			for _, sent := range asked.refuses {
				_, problem := table.Parse(asked.key, sent)
				if assert.NotNil(t, problem, "%s %s=%q", version, asked.key, sent) {
					assert.Equal(t, SourceKafka, problem.Source, "%s %s=%q", version, asked.key, sent)
				}
			}
		}
	}
}

func TestWhatBrokersAcceptAndBreakOnIsRefusedAsOurs(t *testing.T) {
	tests := map[string]struct{ versions, key, value, fix string }{
		"an index no broker can make":        {everyVersion, "segment.index.bytes", "11", "12"},
		"a segment that stops Kafka 4":       {"3.7 3.8 3.9 4.0", "segment.bytes", "1048575", "1048576"},
		"a config for Kafka's own tests":     {"4.3 4.4", "internal.segment.bytes", "1048576", ""},
		"a space in throttled replicas":      {everyVersion, "leader.replication.throttled.replicas", "0:1, 1:1", "0:1,1:1"},
		"a comma too many among replicas":    {everyVersion, "leader.replication.throttled.replicas", "0:1,,1:1,", "0:1,1:1"},
		"a broker beyond 32 bits":            {everyVersion, "leader.replication.throttled.replicas", "0:99999999999", ""},
		"every replica and a comma too many": {everyVersion, "leader.replication.throttled.replicas", "*,", "*"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for version := range strings.FieldsSeq(test.versions) {
				_, problem := For(version).Parse(test.key, test.value)
				require.NotNil(t, problem)
				assert.Equal(t, SourceTopicGate, problem.Source)
				assert.Equal(t, ReasonHarmful, problem.Reason)
				assert.Equal(t, test.fix, problem.Fix)
				assert.NotEmpty(t, problem.Limit)
				assert.NotEmpty(t, problem.Message)
			}
		})
	}
}

func TestTheFixIsTheValueThatWasMeant(t *testing.T) {
	tests := []struct{ key, value, fix string }{
		{"retention.ms", "7d", "604800000"},
		{"retention.ms", "7 days", "604800000"},
		{"retention.ms", "1h30m", "5400000"},
		{"retention.ms", "1.5h", "5400000"},
		{"retention.ms", "6.048e+08", "604800000"},
		{"retention.ms", "1_000", "1000"},
		{"retention.ms", "1 000", "1000"},
		{"retention.ms", "604,800,000", "604800000"},
		{"retention.ms", "1000.0", "1000"},
		{"retention.ms", "0x10", "16"},
		{"retention.ms", "- 1", "-1"},
		{"retention.ms", "-5", "-1"},
		{"retention.ms", "9223372036854775808", "9223372036854775807"},
		{"retention.ms", "1e999", "9223372036854775807"},
		{"retention.ms", "1h30", "604800000"},                                       // nothing sure: the default
		{"leader.replication.throttled.replicas", strings.Repeat("0:1,", 9000), ""}, // more than a request can carry
		{"retention.ms", "weekly", "604800000"},                                     // nothing at all: the default
		{"retention.bytes", "1Gi", "1073741824"},
		{"retention.bytes", "1GB", "1000000000"},
		{"max.message.bytes", "1MiB", "1048576"},
		{"max.message.bytes", "4G", "2147483647"},
		{"segment.index.bytes", "3", "12"}, // what Kafka would take is not what we take
		{"compression.gzip.level", "0", "1"},
		{"flush.messages", "10k", "10000"},
		{"min.insync.replicas", "0", "1"},
		{"min.cleanable.dirty.ratio", "0,5", "0.5"},
		{"min.cleanable.dirty.ratio", "50%", "0.5"},
		{"min.cleanable.dirty.ratio", "7", "1.0"},
		{"min.cleanable.dirty.ratio", "low", "0.5"},
		{"cleanup.policy", "COMPACT", "compact"},
		{"cleanup.policy", "[compact,delete]", "compact,delete"},
		{"cleanup.policy", "delete;compcat", "delete,compact"},
		{"cleanup.policy", "forever", "delete"},
		{"compression.type", "GZIP", "gzip"},
		{"compression.type", "zstd:3", "zstd"},
		{"message.timestamp.type", "logappendtime", "LogAppendTime"},
		{"preallocate", "yes", "true"},
		{"preallocate", "Off", "false"},
	}
	for _, test := range tests {
		t.Run(test.key+"="+test.value[:min(len(test.value), 20)], func(t *testing.T) {
			_, problem := For("4.4").Parse(test.key, test.value)
			require.NotNil(t, problem)
			assert.Equal(t, test.fix, problem.Fix)
			_, again := For("4.4").Parse(test.key, problem.Fix)
			assert.Nil(t, again, "the fix passes")
		})
	}
}

func TestMessagesNameValueAndLimit(t *testing.T) {
	table := For("4.4")
	_, problem := table.Parse("retention.ms", "7d")
	require.NotNil(t, problem)
	assert.Equal(t, Problem{
		Reason: ReasonInvalidValue, Source: SourceKafka,
		Limit: "a whole number of at least -1 (milliseconds)", Fix: "604800000", Message: `"7d" is not a whole number`,
	}, *problem)
	_, problem = table.Parse("compression.gzip.level", "0")
	require.NotNil(t, problem)
	assert.Equal(t, "a whole number from 1 to 9, or -1", problem.Limit)
	assert.Equal(t, "0 is out of range", problem.Message)
	_, problem = table.Parse("retention.bytes", "x")
	require.NotNil(t, problem)
	assert.Equal(t, "a whole number of 64 bits (bytes)", problem.Limit)
	_, problem = table.Parse("retention.ms", strings.Repeat("7", 5000))
	require.NotNil(t, problem)
	assert.Less(t, len(problem.Message), 200, "a huge value does not make a huge message")
}

func FuzzParse(f *testing.F) {
	for _, asked := range brokerAnswers() {
		for sent := range asked.accepts {
			f.Add(asked.key, sent)
		}
		for _, sent := range asked.refuses {
			f.Add(asked.key, sent)
		}
	}
	var tables []Table
	for _, release := range Releases() {
		tables = append(tables, For(release))
	}
	f.Fuzz(func(t *testing.T, key, raw string) {
		for _, table := range tables {
			canonical, problem := table.Parse(key, raw)
			def, known := table.Lookup(key)
			if !known {
				require.NotNil(t, problem)
				continue
			}
			if problem != nil {
				require.NotEmpty(t, problem.Message)
				if def.refused == "" {
					_, again := def.Parse(problem.Fix)
					require.Nil(t, again, "the fix %q of %q passes", problem.Fix, raw)
				}
				continue
			}
			again, problem := def.Parse(canonical)
			require.Nil(t, problem)
			require.Equal(t, canonical, again, "canonical is canonical")
			require.True(t, Equal(def, raw, canonical), "the broker shows what was meant")
		}
	})
}

func ExampleTable_Parse() {
	_, problem := For("4.4").Parse("retention.ms", "7d")
	fmt.Printf("%s; %s; %s\n", problem.Message, problem.Limit, problem.Fix)
	// Output: "7d" is not a whole number; a whole number of at least -1 (milliseconds); 604800000
}
