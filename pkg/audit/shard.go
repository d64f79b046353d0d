package audit

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/topicgate/topicgate/pkg/topic"
)

// shardSize is how many entries a shard holds at most on the day the number of shards is chosen: 1,000 take up to 730 kB,
// and the API server refuses objects of more than about 1.5 MB.
const shardSize = 1000

// Shard is the shard, of a power of two of them, that holds a topic: the first bits of the SHA-256 of its name, so that
// doubling the number splits each shard in two and moves nothing else.
func Shard(name string, shards int64) int64 {
	if shards <= 1 {
		return 0
	}
	sum := sha256.Sum256([]byte(name))
	bits := 0
	for n := shards; n > 1; n >>= 1 {
		bits++
	}
	return int64(binary.BigEndian.Uint32(sum[:4]) >> (32 - bits))
}

// Shards splits an inventory into at least `least` shards, more where one would be too large, each sorted by name.
func Shards(entries map[string]topic.Entry, least int64) [][]topic.Entry {
	count := int64(1)
	for count < least { // also of a number that somebody wrote into the status by hand
		count *= 2
	}
	for ; ; count *= 2 {
		shards := make([][]topic.Entry, count)
		largest := 0
		for name, entry := range entries {
			i := Shard(name, count)
			shards[i] = append(shards[i], entry)
			largest = max(largest, len(shards[i]))
		}
		if largest > shardSize {
			continue
		}
		for _, shard := range shards {
			slices.SortFunc(shard, func(a, b topic.Entry) int { return cmp.Compare(a.Name, b.Name) })
		}
		return shards
	}
}
