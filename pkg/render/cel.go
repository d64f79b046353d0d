package render

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// quoted is a string literal of CEL, whose escapes Go's ASCII quoting shares.
func quoted(text string) string { return strconv.QuoteToASCII(text) }

// listOf is a list literal of expressions.
func listOf(expressions []string) string { return "[" + strings.Join(expressions, ", ") + "]" }

func quotedList(texts []string) string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = quoted(text)
	}
	return listOf(out)
}

// mapOf is a map literal, one line an entry, sorted. CEL tells the type of an empty literal by its use, so none is empty:
// an entry of the empty key, which no config has, stands in.
func mapOf[T any](from map[string]T, empty T, value func(T) string) string {
	if len(from) == 0 {
		return "{\"\": " + value(empty) + "}"
	}
	lines := make([]string, 0, len(from))
	for _, key := range slices.Sorted(maps.Keys(from)) {
		lines = append(lines, "  "+quoted(key)+": "+value(from[key]))
	}
	return "{\n" + strings.Join(lines, ",\n") + "\n}"
}

func textMap(from map[string]string) string { return mapOf(from, "", quoted) }

func numberMap(from map[string]int64) string {
	return mapOf(from, 0, func(number int64) string { return strconv.FormatInt(number, 10) })
}

// shown quotes a text as the webhook does, at most 64 characters of it.
func shown(text string) string {
	return "strings.quote(" + text + ".size() > 64 ? " + text + ".substring(0, 64) + '…' : " + text + ")"
}

// scalar is true of a config value that is a string, a number or a bool.
func scalar(value string) string {
	return "(type(" + value + ") == string || type(" + value + ") == int || type(" + value + ") == double || type(" + value + ") == bool)"
}

// textOf is a config value as the webhook reads it. A fraction is left out: CEL and Kafka do not write it alike.
func textOf(value string) string {
	return "(" + scalar(value) + " && type(" + value + ") != double ? string(" + value + ") : '')"
}

// at is the beginning of a violation of a config key. A key that no config has may hold anything, a line break too.
func at(key string) string {
	return "'spec.config[' + (" + key + ".size() <= 64 && " + key + ".matches('^\\\\P{C}*$') ? " + key + " : " + shown(key) + ") + ']: '"
}
