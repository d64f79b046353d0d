package naming

import (
	"fmt"
	"slices"
	"strings"
)

// Class says what kind of system a topic's name belongs to.
type Class string

const (
	// ClassInternal means: made and used by the brokers, or named as such ("__…").
	ClassInternal Class = "Internal"
	// ClassPlatform means: the state of a product beside the brokers, such as a schema registry; Pattern.Product says which.
	ClassPlatform Class = "Platform"
	// ClassConnect means: named like the storage of a Kafka Connect cluster. The name alone proves nothing.
	ClassConnect Class = "Connect"
	// ClassMirrorMaker means: named like the bookkeeping of MirrorMaker 2. The name alone proves nothing.
	ClassMirrorMaker Class = "MirrorMaker"
	// ClassStreams means: named like the state of a Kafka Streams application. The name alone proves nothing.
	ClassStreams Class = "Streams"
	// ClassDeadLetter means: named like the dead letter queue of a share group (KIP-1191). The name alone proves nothing.
	ClassDeadLetter Class = "DeadLetter"
)

// Pattern is one entry of the list of names that belong to somebody.
type Pattern struct {
	// Glob is the name, with "*" for any run of characters, also an empty one.
	Glob string
	// Class and Product say whose it is.
	Class   Class
	Product string
	// Reserved: no object may declare such a topic. The others only help an audit to say what it sees.
	Reserved bool
}

// Matches reports whether the pattern covers the whole of name.
func (p Pattern) Matches(name string) bool {
	parts := strings.Split(p.Glob, "*")
	if len(parts) == 1 {
		return name == p.Glob
	}
	rest, ok := strings.CutPrefix(name, parts[0])
	if !ok {
		return false
	}
	for _, middle := range parts[1 : len(parts)-1] {
		if _, rest, ok = strings.Cut(rest, middle); !ok {
			return false
		}
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

// Classify returns the first pattern of Patterns that covers name: what an audit says about a topic without an object.
func Classify(name string) (Pattern, bool) {
	for _, pattern := range Patterns() {
		if pattern.Matches(name) {
			return pattern, true
		}
	}
	return Pattern{}, false
}

// Reservations change, for one cluster, which names nobody may declare. The zero value is the list of Patterns.
type Reservations struct {
	// Add are globs of further names.
	Add []string
	// Except are globs of names that may be declared although Patterns reserves them for a platform. What begins with "__"
	// stays reserved whatever they say: Kafka would let any client create such a topic with a partition count the brokers
	// cannot live with.
	Except []string
}

// Match returns the pattern that keeps name from being declared.
func (r Reservations) Match(name string) (Pattern, bool) {
	for _, pattern := range Patterns() {
		if pattern.Reserved && pattern.Matches(name) && (strings.HasPrefix(name, "__") || !matchesAny(r.Except, name)) {
			return pattern, true
		}
	}
	for _, glob := range r.Add {
		if pattern := (Pattern{Glob: glob, Class: ClassPlatform, Product: "this cluster's platform", Reserved: true}); pattern.Matches(name) {
			return pattern, true
		}
	}
	return Pattern{}, false
}

func matchesAny(globs []string, name string) bool {
	return slices.ContainsFunc(globs, func(glob string) bool { return Pattern{Glob: glob}.Matches(name) })
}

// Check is Match as a verdict; nil means that name is free.
func (r Reservations) Check(name string) *Problem {
	pattern, reserved := r.Match(name)
	if !reserved {
		return nil
	}
	fix := Suggest(name)
	if _, still := r.Match(fix); still {
		fix = ""
	}
	return &Problem{
		Reason:  ReasonReserved,
		Field:   FieldTopicName,
		Limit:   fmt.Sprintf("names like %q are reserved for %s", pattern.Glob, pattern.Product),
		Fix:     fix,
		Message: fmt.Sprintf("topic name %s belongs to %s", quote(name), pattern.Product),
	}
}
