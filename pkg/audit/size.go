package audit

import (
	"math/bits"
	"time"

	"github.com/topicgate/topicgate/pkg/topic"
)

const day = 24 * time.Hour

// resize takes a measurement over into an entry such that the entry seldom changes: sizes are rounded up to a power of
// two and times down to their day; what grew is taken over at once, what shrank (retention does that all day long) once a
// day. A topic that nobody measured keeps what was known.
func resize(entry *topic.Entry, measured topic.Size, now time.Time) {
	if !measured.Known {
		return
	}
	rounded := topic.Size{Known: true, Bytes: powerOfTwo(measured.Bytes)}
	if !measured.Oldest.IsZero() {
		rounded.Oldest = measured.Oldest.UTC().Truncate(day)
	}
	before := entry.Size
	if before.Known && rounded.Bytes < before.Bytes {
		if now.Before(entry.Shrunk.Add(day)) {
			rounded.Bytes = before.Bytes
		} else {
			entry.Shrunk = now
		}
	}
	entry.Size = rounded
}

// powerOfTwo rounds up; 0 stays 0.
func powerOfTwo(size int64) int64 {
	const largest = 1 << 62
	switch {
	case size <= 0:
		return 0
	case size > largest:
		return size
	default:
		return 1 << bits.Len64(uint64(size-1))
	}
}
