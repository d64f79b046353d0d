package topicconfig

import (
	"fmt"
	"math"
	"slices"
)

// Type is how a broker reads a value; the words are those of the committed answers of real brokers.
type Type string

const (
	// TypeBool is true or false, in any case.
	TypeBool Type = "boolean"
	// TypeInt is a whole number of 32 bits.
	TypeInt Type = "int"
	// TypeLong is a whole number of 64 bits.
	TypeLong Type = "long"
	// TypeDouble is a floating-point number of 64 bits.
	TypeDouble Type = "double"
	// TypeString is text, for most keys one of Def.Values.
	TypeString Type = "string"
	// TypeList is text parted by commas. The order never matters in a topic config.
	TypeList Type = "list"
)

// Def is what a version of Kafka knows about one topic config. The zero Def stands for a key it does not know: every value
// passes and is compared as text.
type Def struct {
	Key  string
	Type Type
	// Default is Kafka's own, in canonical form; a broker's configuration may override it by Synonym.
	Default string
	// Synonym is the name the config has in a broker's configuration; empty if it has none.
	Synonym string
	// Range bounds a number (TypeInt, TypeLong, TypeDouble).
	Range Range
	// Values are the only texts allowed (TypeString, or each element of a TypeList); empty if any is.
	Values []string

	floor           *floor // TopicGate's own lower bound
	refused         string // why TopicGate refuses the key at all; empty if it does not
	replicaList     bool   // a list of partition:broker, or "*"
	unreleased      string // of a config that is a version of Kafka: the line that has no release yet
	dropsDuplicates bool   // an element of the list counts once
}

// Range bounds a number: Min and Max are allowed, and so is everything in Also.
type Range struct {
	Min, Max int64
	Also     []int64
}

// floor is a bound of TopicGate's above Kafka's.
type floor struct {
	min int64
	why string
}

func (r Range) contains(number int64) bool {
	return number >= r.Min && number <= r.Max || slices.Contains(r.Also, number)
}

// limit says the range in words, with the bounds of the type where nothing narrower holds.
func (r Range) limit() string {
	text := fmt.Sprintf("a whole number from %d to %d", r.Min, r.Max)
	switch {
	case r.Max == math.MaxInt64 && r.Min == math.MinInt64:
		text = "a whole number of 64 bits"
	case r.Max == math.MaxInt64:
		text = fmt.Sprintf("a whole number of at least %d", r.Min)
	}
	for _, other := range r.Also {
		text += fmt.Sprintf(", or %d", other)
	}
	return text
}

// nearest returns the number next to the given one that Kafka and TopicGate accept.
func (d Def) nearest(number int64) int64 {
	if !d.Range.contains(number) {
		number = min(max(number, d.Range.Min), d.Range.Max)
	}
	if d.floor != nil {
		number = max(number, d.floor.min)
	}
	return number
}

// Whole reads raw as the broker reads a number of this config, whatever its range; false if the config is none, or raw is
// not.
func (d Def) Whole(raw string) (int64, bool) {
	bits, ok := d.bits()
	if !ok {
		return 0, false
	}
	number, err := javaInteger(trim(raw), bits)
	return number, err == nil
}

func (d Def) bits() (int, bool) {
	switch d.Type {
	case TypeInt:
		return 32, true
	case TypeLong:
		return 64, true
	case TypeBool, TypeDouble, TypeString, TypeList:
		return 0, false
	}
	return 0, false
}
