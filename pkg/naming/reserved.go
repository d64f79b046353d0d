package naming

import (
	"fmt"
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

// Reserved returns the pattern that keeps name from being declared: everything "__…", which Kafka would let any client
// create with a partition count the brokers cannot live with, and what platform products keep their state in.
func Reserved(name string) (Pattern, bool) {
	for _, pattern := range Patterns() {
		if pattern.Reserved && pattern.Matches(name) {
			return pattern, true
		}
	}
	return Pattern{}, false
}

// CheckReserved is Reserved as a verdict; nil means that name is free.
func CheckReserved(name string) *Problem {
	pattern, reserved := Reserved(name)
	if !reserved {
		return nil
	}
	return &Problem{
		Reason:  ReasonReserved,
		Field:   FieldTopicName,
		Limit:   fmt.Sprintf("names like %q are reserved for %s", pattern.Glob, pattern.Product),
		Fix:     Suggest(name),
		Message: fmt.Sprintf("topic name %s belongs to %s", quote(name), pattern.Product),
	}
}
