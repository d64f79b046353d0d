package topicconfig

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// maxTypos is how many wrong characters a suggestion may bridge; more, or more than a third of the word, is another word.
const maxTypos = 3

// Unknown is the refusal of a key that Lookup does not find. It says where the key is known, if another version has it, and
// which key was probably meant.
func (t Table) Unknown(key string) Problem {
	problem := Problem{
		Reason: ReasonUnknownKey, Source: SourceKafka,
		Limit:   "the topic configs of Kafka " + t.Line(),
		Message: fmt.Sprintf("Kafka %s has no topic config %s", t.Line(), quote(key)),
	}
	if where := t.elsewhere(key); where != "" {
		problem.Message += "; " + where
		return problem
	}
	if field := fieldOf(key); field != "" {
		problem.Message += "; it is a field of its own: " + field
		return problem
	}
	if meant, ok := t.Suggest(key); ok {
		problem.Fix = meant
		problem.Message += fmt.Sprintf("; did you mean %q?", meant)
	}
	return problem
}

// elsewhere says from when on, or until when, other versions have a key; empty if none has it.
func (t Table) elsewhere(key string) string {
	since, removed := "", ""
	for _, other := range lines() {
		switch has := slices.Contains(t.others[key], other.name); {
		case has && since == "":
			since = other.name
		case !has && since != "" && removed == "":
			removed = other.name
		}
	}
	switch {
	case since == "":
		return ""
	case newer(since, t.Line()):
		return "Kafka has it since " + since + ", and this cluster runs " + t.Line()
	}
	return "it was removed in " + removed
}

// fieldOf names the field that holds what people look for among the configs.
func fieldOf(key string) string {
	switch key {
	case "partitions", "num.partitions", "partition.count":
		return "partitions"
	case "replicas", "replication.factor", "default.replication.factor":
		return "replicas"
	}
	return ""
}

// Suggest returns the config that an unknown key probably means: the topic's name of a broker's config, another spelling
// (retention_ms, retentionMs), or the nearest key, the first in order of several.
func (t Table) Suggest(key string) (string, bool) {
	if len(key) > longestQuantity {
		return "", false
	}
	for _, candidate := range t.keys {
		if broker := t.listed[candidate].Synonym; broker != "" && broker == key {
			return candidate, true
		}
	}
	switch key {
	case "log.retention.minutes", "log.retention.hours":
		return "retention.ms", true
	case "log.roll.hours":
		return "segment.ms", true
	case "log.roll.jitter.hours":
		return "segment.jitter.ms", true
	}
	return nearestOf(dotted(key), t.keys)
}

// dotted writes a key the way Kafka does: retention_ms, retention-ms and retentionMs are all retention.ms.
func dotted(key string) string {
	var out strings.Builder
	for i, char := range strings.TrimSpace(key) {
		switch {
		case char == '_' || char == '-' || char == ' ':
			out.WriteByte('.')
			continue
		case unicode.IsUpper(char) && i > 0 && unicode.IsLower(rune(key[i-1])):
			out.WriteByte('.')
		}
		out.WriteRune(unicode.ToLower(char))
	}
	return out.String()
}

// nearestOf returns the candidate with the fewest typos between it and word, the first of equals; case is no typo.
func nearestOf(word string, candidates []string) (string, bool) {
	best, fewest := "", min(maxTypos, len(word)/3)+1
	if len(word) > longestQuantity {
		return "", false
	}
	word = strings.ToLower(word)
	for _, candidate := range candidates {
		// Each character more or less is a typo already: most candidates need no closer look.
		if gap := len(word) - len(candidate); gap >= fewest || -gap >= fewest {
			continue
		}
		if typos := distance(word, strings.ToLower(candidate)); typos < fewest {
			best, fewest = candidate, typos
		}
	}
	return best, best != ""
}

// distance is Levenshtein's: the bytes to insert, delete or replace. The candidates are ASCII, so a byte is a character.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
