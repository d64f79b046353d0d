package differential

import (
	"math"
	"math/rand/v2"
	"strings"

	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// generator makes topics for one version of Kafka. The same seed makes the same topics.
type generator struct {
	random *rand.Rand
	nodes  int // brokers, each of which can hold one replica of a partition
	table  topicconfig.Table
	keys   []string // of the table
	// strange are keys that other versions have, or nobody.
	strange []string
}

func newGenerator(seed uint64, nodes int64, table topicconfig.Table) *generator {
	return &generator{
		random: rand.New(rand.NewPCG(seed, seed)), nodes: int(nodes), table: table, keys: table.Keys(),
		strange: append(otherKeys(table), "", " ", "retention.ms ", "Retention.ms", "retention_ms", "log.cleanup.policy",
			"num.partitions", "internal.segment.bytes", "redpanda.remote.read", "confluent.tier.enable", "é", "\x00", "segment.ms\n"),
	}
}

func otherKeys(table topicconfig.Table) []string {
	var others []string
	for _, release := range topicconfig.Releases() {
		for _, key := range topicconfig.For(release).Keys() {
			if _, known := table.Lookup(key); !known {
				others = append(others, key)
			}
		}
	}
	return others
}

// specs makes the first topics of the seed.
func (g *generator) specs(number int) []spec {
	all := make([]spec, number)
	for i := range all {
		all[i] = g.spec()
	}
	return all
}

func (g *generator) chance(percent int) bool { return g.random.IntN(100) < percent }

func pick[T any](g *generator, from ...T) T { return from[g.random.IntN(len(from))] }

func (g *generator) spec() spec {
	if g.chance(40) {
		return spec{change: true, config: g.config(1 + g.random.IntN(3))}
	}
	made := spec{name: g.name()}
	if g.chance(60) {
		made.partitions = new(g.partitions())
	}
	if g.chance(60) {
		made.replicas = new(g.replicas())
	}
	if g.chance(70) {
		made.config = g.config(g.random.IntN(4))
	}
	return made
}

func (g *generator) partitions() int32 {
	switch g.random.IntN(40) {
	case 0:
		return pick[int32](g, 0, -1, -2, math.MinInt32)
	case 1:
		// Each of these fills a request of its own.
		return pick[int32](g, 9990, 9995, 9996, 9997, 9998, 9999, 10_000, 10_001, 100_000, math.MaxInt32)
	}
	return 1 + g.random.Int32N(6)
}

func (g *generator) replicas() int16 {
	if g.chance(5) {
		return pick[int16](g, 0, -1, -2, 4, 5, 100, math.MinInt16, math.MaxInt16)
	}
	return 1 + int16(g.random.IntN(g.nodes))
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

func (g *generator) name() string {
	switch g.random.IntN(20) {
	case 0:
		return pick(g, ".", "..", "...", "", " ", "a b", "a/b", "é", "orders\n", "a:b", "a\x00b", "１", "a\u00a0", "-", "_", "a,b")
	case 1:
		return g.word(pick(g, 247, 248, 249, 250, 251, 253, 254, 400, 5000))
	case 2:
		return pick(g, "__consumer_offsets", "__cluster_metadata", "_schemas", "__", "___a", "_confluent-x", "_a", "_internal") + g.word(g.random.IntN(2))
	case 3:
		return g.mutated(g.word(1 + g.random.IntN(20)))
	}
	return g.word(1 + g.random.IntN(40))
}

func (g *generator) word(length int) string {
	var out strings.Builder
	for range length {
		out.WriteByte(letters[g.random.IntN(len(letters))])
	}
	return out.String()
}

// config makes a config of about so many keys.
func (g *generator) config(size int) map[string]string {
	config := map[string]string{}
	if g.chance(20) {
		g.related(config)
	}
	for range size {
		key := pick(g, g.keys...)
		if g.chance(4) {
			key = pick(g, g.strange...)
		} else if g.chance(2) {
			key = g.mutated(key)
		}
		config[key] = g.value(key)
	}
	if len(config) == 0 {
		return nil
	}
	return config
}

// related sets keys that rules across keys are about, to values that lie close together.
func (g *generator) related(config map[string]string) {
	groups := [][]string{
		{"min.compaction.lag.ms", "max.compaction.lag.ms"},
		{"local.retention.ms", "retention.ms", "remote.copy.lag.ms"},
		{"local.retention.bytes", "retention.bytes", "remote.copy.lag.bytes"},
		{"local.retention.ms", "retention.bytes", "local.retention.bytes", "retention.ms"},
		{"segment.ms", "segment.jitter.ms", "retention.ms"},
	}
	for _, key := range pick(g, groups...) {
		if g.chance(75) {
			config[key] = pick(g, "-3", "-2", "-1", "0", "1", "2", "999", "1000", "1001", "604800000", "604800001", "86400000", "9223372036854775807")
		}
	}
	for _, key := range []string{"remote.storage.enable", "remote.log.copy.disable", "remote.log.delete.on.disable"} {
		if g.chance(40) {
			config[key] = pick(g, "true", "true", "true", "false", " TRUE ", "yes")
		}
	}
	if g.chance(25) {
		config["cleanup.policy"] = pick(g, "delete", "compact", "compact,delete", "", " delete", "delete,delete")
	}
}
