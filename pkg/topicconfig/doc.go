// Package topicconfig knows the topic-level configs of Kafka, per version: their types, ranges, defaults and the rules
// across them, and it reads values exactly as brokers do. What it accepts, a broker accepts; what it refuses beyond that
// (values that brokers take and then break on) says so by its Source.
//
// Brokers parse with Java: whitespace up to U+0020 is trimmed, integers may carry a "+", leading zeros and any Unicode
// decimal digits but no exponent, doubles may be NaN or hexadecimal, enumerations are case-sensitive and booleans are not.
// Go's strconv differs on each of these, so no value is ever handed to it unread.
//
// Names, types and defaults come from data/*.csv, what real brokers answered to DescribeConfigs; ranges and enumerations,
// which no broker tells, are Go tables beside it.
//
// The package is pure: no I/O, clock or log. A refusal is data (Problem), never an error.
package topicconfig
