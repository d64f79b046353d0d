package policy

import (
	"slices"

	"github.com/topicgate/topicgate/pkg/topic"
)

// StaticLimit is what a rule asks of a whole number whatever is known of the topic and the brokers, for whoever renders
// policies in another language.
type StaticLimit struct {
	Kind StaticKind
	// N is the bound, or what the number must be a multiple of; Set are the only numbers there may be.
	N   int64
	Set []int64
	// Problem says what is wrong with a number that breaks it, Words what would be allowed.
	Problem, Words string
}

// StaticKind is what a StaticLimit asks of a number.
type StaticKind string

// What a StaticLimit asks of a number.
const (
	StaticLeast    StaticKind = "AtLeast"
	StaticMost     StaticKind = "AtMost"
	StaticMultiple StaticKind = "MultipleOf"
	StaticPower    StaticKind = "PowerOfTwo"
	StaticAmong    StaticKind = "OneOf"
)

// StaticLimits are the limits that a rule, named by its place in the policy, sets on a field for every topic alike.
func (p *Policy) StaticLimits(rule int, field topic.Field) []StaticLimit {
	kinds := map[limitKind]StaticKind{
		atLeast: StaticLeast, atMost: StaticMost, multipleOf: StaticMultiple, powerOfTwo: StaticPower, among: StaticAmong,
	}
	limits := p.rules[rule].static[field]
	static := make([]StaticLimit, len(limits))
	for i, l := range limits {
		static[i] = StaticLimit{Kind: kinds[l.kind], N: l.n, Set: slices.Clone(l.set), Problem: l.says(), Words: l.words()}
	}
	return static
}

// MayBeUnlimited says whether -1 of a topic config means that there is no limit.
func MayBeUnlimited(key string) bool { return unlimited(key) }

// OneLine keeps a text on one line and below half a KiB, as it is shown in refusals.
func OneLine(text string) string { return oneLine(text) }
