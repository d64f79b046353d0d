package topicconfig

import "testing"

func BenchmarkFor(b *testing.B) {
	for b.Loop() {
		For("4.4")
	}
}

func BenchmarkParse(b *testing.B) {
	table := For("4.4")
	for b.Loop() {
		_, _ = table.Parse("retention.ms", "604800000")
	}
}

// An object may hold thousands of keys that nobody knows.
func BenchmarkUnknownKey(b *testing.B) {
	table := For("4.4")
	for b.Loop() {
		table.Unknown("retentoin.milliseconds")
	}
}
