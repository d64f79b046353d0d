package naming

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxLength is the most characters Kafka allows in a topic name: a partition's directory adds "-" and a number, and file
// names end at 255 (org.apache.kafka.common.internals.Topic).
const MaxLength = 249

const (
	limitLength     = "1 to 249 characters"
	limitCharacters = `only ASCII letters, digits, ".", "_" and "-"`
	limitDots       = `not "." or ".."`
	shownCharacters = 3 // enough to find the mistake; a name in another script would list every letter
)

// Legal lists everything that makes name no legal Kafka topic name, in a fixed order: length, characters, dots. An empty
// list means that Kafka accepts it; Kafka itself would tell only the first.
func Legal(name string) []Problem {
	var problems []Problem
	add := func(limit, message string) {
		problems = append(problems, Problem{
			Reason: ReasonIllegal, Field: FieldTopicName, Limit: limit, Fix: Suggest(name), Message: message,
		})
	}
	switch length := utf8.RuneCountInString(name); {
	case length == 0:
		add(limitLength, "the topic name is empty")
	case length > MaxLength:
		add(limitLength, fmt.Sprintf("the topic name has %d characters, %d more than Kafka allows", length, length-MaxLength))
	}
	if found := illegalCharacters(name); len(found) > 0 {
		add(limitCharacters, fmt.Sprintf("topic name %s contains %s", quote(name), describe(found)))
	}
	if name == "." || name == ".." {
		add(limitDots, fmt.Sprintf("topic name %q would be a directory of its own on the brokers", name))
	}
	return problems
}

// illegalCharacter is a character Kafka refuses, with its position counted in characters from 1, as an editor does.
type illegalCharacter struct {
	char     rune
	position int
}

func illegalCharacters(name string) []illegalCharacter {
	var found []illegalCharacter
	position := 0
	for _, char := range name {
		position++
		if !legalCharacter(char) {
			found = append(found, illegalCharacter{char: char, position: position})
		}
	}
	return found
}

func legalCharacter(char rune) bool {
	return char >= 'a' && char <= 'z' || char >= 'A' && char <= 'Z' || char >= '0' && char <= '9' ||
		char == '.' || char == '_' || char == '-'
}

func describe(found []illegalCharacter) string {
	parts := make([]string, 0, shownCharacters)
	for _, one := range found[:min(len(found), shownCharacters)] {
		parts = append(parts, fmt.Sprintf("%q at position %d", one.char, one.position))
	}
	text := strings.Join(parts, ", ")
	if more := len(found) - shownCharacters; more > 0 {
		text += fmt.Sprintf(" and %d more illegal characters", more)
	}
	return text
}

// quote keeps a message readable when the name is absurd: an object may carry a megabyte of it.
func quote(name string) string {
	const shown = 60
	count := 0
	for i := range name {
		if count == shown {
			return fmt.Sprintf("%q…", name[:i])
		}
		count++
	}
	return fmt.Sprintf("%q", name)
}
