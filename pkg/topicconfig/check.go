package topicconfig

import (
	"fmt"
	"strconv"
)

// Check judges the rules across the configs of one topic: config is all that the topic will have, what is set now merged
// with what it keeps, since a broker judges a change together with what is stored. A key that is absent counts with Kafka's
// default, and a value that Parse refuses takes part in no rule. The order is that of the keys.
func Check(table Table, config map[string]string) []KeyProblem {
	var problems []KeyProblem
	if problem := checkCompactionLag(table, config); problem != nil {
		problems = append(problems, KeyProblem{Key: minCompactionLag, Problem: *problem})
	}
	return problems
}

const (
	minCompactionLag = "min.compaction.lag.ms"
	maxCompactionLag = "max.compaction.lag.ms"
)

// checkCompactionLag: a record cannot have to stay uncompacted for longer than it may.
func checkCompactionLag(table Table, config map[string]string) *Problem {
	lowest, okLowest := whole(table, config, minCompactionLag)
	highest, okHighest := whole(table, config, maxCompactionLag)
	if !okLowest || !okHighest || lowest <= highest {
		return nil
	}
	return &Problem{
		Reason: ReasonConflict, Source: SourceKafka,
		Limit:   fmt.Sprintf("at most %s, which is %d", maxCompactionLag, highest),
		Fix:     strconv.FormatInt(highest, 10),
		Message: fmt.Sprintf("%d is more than %s, %d", lowest, maxCompactionLag, highest),
	}
}

// whole reads a number of config that Parse accepts, or the default where it is absent.
func whole(table Table, config map[string]string, key string) (int64, bool) {
	def, ok := table.Lookup(key)
	if !ok {
		return 0, false
	}
	raw, set := config[key]
	if !set {
		raw = def.Default
	}
	if _, problem := def.Parse(raw); problem != nil {
		return 0, false
	}
	return def.Whole(raw)
}
