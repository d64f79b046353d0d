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

// shardBytes is what a shard's entries take at most, as far as weight tells.
const shardBytes = 900_000

// weight is about how many bytes an entry takes in a shard.
func weight(entry topic.Entry) int {
	const fixed, each = 450, 40 // names of fields, IDs, counts and times; the same for a group or a config
	bytes := fixed + len(entry.Name) + len(entry.Origin.Evidence) + len(entry.Origin.Of)
	for key, value := range entry.Config {
		bytes += each + len(key) + len(value)
	}
	for _, group := range entry.Findings.Groups {
		bytes += each + len(group.Name)
	}
	for _, principal := range entry.Findings.Principals {
		bytes += each + len(principal)
	}
	return bytes
}

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

// Shards splits an inventory into at least `least` shards, more where one would be too large or too heavy, each sorted by name.
func Shards(entries map[string]topic.Entry, least int64) [][]topic.Entry {
	count := int64(1)
	for count < least { // also of a number that somebody wrote into the status by hand
		count *= 2
	}
	for ; ; count *= 2 {
		shards := make([][]topic.Entry, count)
		weights := make([]int, count)
		largest, heaviest := 0, 0
		for name, entry := range entries {
			i := Shard(name, count)
			shards[i] = append(shards[i], entry)
			weights[i] += weight(entry)
			largest, heaviest = max(largest, len(shards[i])), max(heaviest, weights[i])
		}
		if largest > shardSize || heaviest > shardBytes {
			continue
		}
		for _, shard := range shards {
			slices.SortFunc(shard, func(a, b topic.Entry) int { return cmp.Compare(a.Name, b.Name) })
		}
		return shards
	}
}
