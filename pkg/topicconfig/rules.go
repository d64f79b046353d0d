package topicconfig

import "math"

// release is where in Kafka's history a table stands; only what changes a rule is told.
type release struct {
	name         string // "4.4"
	major, minor int
}

// before4 reports whether the release is older than a minor of Kafka 4.
func (r release) before4(minor int) bool {
	return r.major < 4 || r.major == 4 && r.minor < minor
}

// bound returns the range of a number, by key. A broker does not tell its ranges: these are of LogConfig and
// RemoteLogManagerConfig, each bound asked of real brokers of every line.
func bound(key string, kind Type, in release) Range {
	limits := Range{Min: math.MinInt64, Max: math.MaxInt64}
	if kind == TypeInt {
		limits = Range{Min: math.MinInt32, Max: math.MaxInt32}
	}
	if lowest, ok := lowest(in)[key]; ok {
		limits.Min = lowest
	}
	if highest, ok := highest()[key]; ok {
		limits.Max = highest
	}
	if key == "compression.gzip.level" {
		limits.Also = []int64{-1} // zlib's own default
	}
	return limits
}

func lowest(in release) map[string]int64 {
	segmentBytes := int64(mebibyte)
	if in.before4(1) {
		segmentBytes = 14 // the overhead of one empty record
	}
	return map[string]int64{
		"compression.gzip.level":              1,
		"compression.lz4.level":               1,
		"compression.zstd.level":              -131072,
		"delete.retention.ms":                 0,
		"file.delete.delay.ms":                0,
		"flush.messages":                      1,
		"flush.ms":                            0,
		"index.interval.bytes":                0,
		"local.retention.bytes":               -2,
		"local.retention.ms":                  -2,
		"max.compaction.lag.ms":               1,
		"max.decompressed.message.bytes":      1,
		"max.message.bytes":                   0,
		"message.timestamp.after.max.ms":      0,
		"message.timestamp.before.max.ms":     0,
		"message.timestamp.difference.max.ms": 0,
		"min.cleanable.dirty.ratio":           0,
		"min.compaction.lag.ms":               0,
		"min.insync.replicas":                 1,
		"remote.copy.lag.bytes":               -1,
		"remote.copy.lag.ms":                  -1,
		"retention.ms":                        -1,
		"segment.bytes":                       segmentBytes,
		"segment.index.bytes":                 4,
		"segment.jitter.ms":                   0,
		"segment.ms":                          1,
	}
}

func highest() map[string]int64 {
	return map[string]int64{
		"compression.gzip.level":         9,
		"compression.lz4.level":          17,
		"compression.zstd.level":         22,
		"max.decompressed.message.bytes": math.MaxInt32 - 8, // the largest array of a JVM
		"min.cleanable.dirty.ratio":      1,
	}
}

// texts returns the only values of an enumeration, in Kafka's own order.
func texts(key string) []string {
	switch key {
	case "cleanup.policy":
		return []string{"compact", "delete"}
	case "compression.type":
		return []string{"uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"}
	case "message.timestamp.type":
		return []string{"CreateTime", "LogAppendTime"}
	}
	return nil
}

// brokerName returns the broker's name of a config for which DescribeConfigs shows none, because nobody set it or because
// it is one of several.
func brokerName(key string) string {
	switch key {
	case "flush.ms":
		return "log.flush.interval.ms"
	case "retention.ms":
		return "log.retention.ms"
	case "segment.ms":
		return "log.roll.ms"
	case "segment.jitter.ms":
		return "log.roll.jitter.ms"
	}
	return ""
}

const mebibyte = 1 << 20

// floorOf returns TopicGate's own lower bounds: values that brokers accept and then break on, seen on real ones.
func floorOf(key string) *floor {
	switch key {
	case "segment.index.bytes":
		return &floor{min: 12, why: "no broker can make a log with a smaller index, and it then skips other topics too"}
	case "segment.bytes":
		return &floor{min: mebibyte, why: "one topic below it keeps every broker from 4.1 on from starting"}
	}
	return nil
}

// hidden returns configs that brokers accept and do not list, and that TopicGate refuses.
func hidden(in release) []Def {
	if in.before4(1) {
		return nil
	}
	return []Def{{
		Key: "internal.segment.bytes", Type: TypeInt, Range: Range{Min: math.MinInt32, Max: math.MaxInt32},
		refused: "is for Kafka's own tests and can make a topic unwritable; segment.bytes is the config to set",
	}}
}
