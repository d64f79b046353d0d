package topicconfig

import (
	"fmt"
	"strconv"
)

// Tiering says whether a cluster can keep segments in remote storage (remote.log.storage.system.enable).
type Tiering string

const (
	// TieringUnknown is when nobody told: what rests on it is not judged.
	TieringUnknown Tiering = ""
	// TieringOn is when topics may set remote.storage.enable.
	TieringOn Tiering = "On"
	// TieringOff is when no topic may.
	TieringOff Tiering = "Off"
)

// TieringOf is the Tiering of what brokers said; nil where they said nothing.
func TieringOf(enabled *bool) Tiering {
	switch {
	case enabled == nil:
		return TieringUnknown
	case *enabled:
		return TieringOn
	default:
		return TieringOff
	}
}

// Broker is what the rules across configs need to know of the brokers.
type Broker struct {
	Tiering Tiering
	// Defaults are what topics get where the brokers' own configuration differs from Kafka's defaults, by topic config.
	// Nil means that nobody told, so a problem that rests on a default is marked as such; empty, that nothing differs.
	Defaults map[string]string
}

// Check judges the rules across the configs of one topic (LogConfig.validateTopicLogConfigValues): config is all that the
// topic will have, what is set now merged with what it keeps, since a broker judges a change together with what is
// stored. A key that is absent counts with the brokers' default, and a value that Parse refuses takes part in no rule.
func Check(table Table, config map[string]string, broker Broker) []KeyProblem {
	c := checker{table: table, config: config, broker: broker}
	c.compactionLag()
	c.tiering()
	return c.problems
}

// checker gathers the problems of one config.
type checker struct {
	table    Table
	config   map[string]string
	broker   Broker
	problems []KeyProblem
}

const (
	minCompactionLag = "min.compaction.lag.ms"
	maxCompactionLag = "max.compaction.lag.ms"
)

// compactionLag: a record cannot have to stay uncompacted for longer than it may.
func (c *checker) compactionLag() {
	lowest, okLowest := c.whole(minCompactionLag)
	highest, okHighest := c.whole(maxCompactionLag)
	if !okLowest || !okHighest || lowest <= highest {
		return
	}
	c.conflict(
		fmt.Sprintf("%s %d is more than %s %d", minCompactionLag, lowest, maxCompactionLag, highest),
		fmt.Sprintf("%s at most %s", minCompactionLag, maxCompactionLag),
		mend{minCompactionLag, strconv.FormatInt(highest, 10)}, mend{maxCompactionLag, strconv.FormatInt(lowest, 10)},
	)
}

// mend is a value that would end a conflict, if it were that of key; empty where the conflict rests on the key, but is
// better ended elsewhere.
type mend struct{ key, value string }

// conflict adds a problem between configs, at the first of them that the topic itself declares: only there can its owner
// mend it. Where none is, the brokers' own configuration is at odds, and no topic is to blame.
func (c *checker) conflict(message, limit string, between ...mend) {
	problem := KeyProblem{Problem: Problem{Reason: ReasonConflict, Source: SourceKafka, Limit: limit, Message: message}}
	for _, one := range between {
		switch _, declared := c.config[one.key]; {
		case !declared:
			problem.AssumesDefaults = true
		case problem.Key == "" && one.value != "":
			problem.Key, problem.Fix = one.key, one.value
		}
	}
	if problem.Key != "" {
		c.problems = append(c.problems, problem)
	}
}

// text is the value of a config that Parse accepts, in canonical form, or the default where the config is absent; false
// where there is neither.
func (c *checker) text(key string) (string, bool) {
	def, known := c.table.Lookup(key)
	if !known {
		return "", false
	}
	raw, declared := c.config[key]
	if !declared {
		raw = def.Default
		if overridden, ok := c.broker.Defaults[key]; ok {
			raw = overridden
		}
	}
	value, problem := def.Parse(raw)
	return value, problem == nil
}

func (c *checker) whole(key string) (int64, bool) {
	value, ok := c.text(key)
	if !ok {
		return 0, false
	}
	number, err := strconv.ParseInt(value, 10, 64)
	return number, err == nil
}
