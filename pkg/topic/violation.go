package topic

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Violation is one thing that is wrong, or unwise, with a declared topic, said so that its owner can mend it without
// seeing anything else: tenants cannot read the cluster's own objects.
type Violation struct {
	Field  Field
	Reason Reason
	// Value is what the object holds, as its owner would recognise it; empty when nothing is there.
	Value string
	// Problem says what is wrong with it.
	Problem string
	// Limit is what would be allowed.
	Limit string
	// Source is who set the limit, such as Kafka 4.4, KafkaCluster prod, or TopicGate.
	Source string
	// Fix is what to write instead.
	Fix string
	// Suggestion is a value that passes every rule, where one is known; Fix says it in words.
	Suggestion string
	// Rules are the rules of TopicPolicies that the field breaks, as policy/rule; empty for rules of our own.
	Rules []string
	// Help is what the rules' authors say to whoever breaks them, such as a link.
	Help string
}

// Text is the violation in one line without its path: value (unless the problem names it), problem, limit with its
// source, fix, help, and the rules of policies in brackets.
func (v Violation) Text() string {
	var b strings.Builder
	if v.Value != "" && !holdsWord(v.Problem, v.Value) {
		b.WriteString(v.Value)
		b.WriteString(": ")
	}
	b.WriteString(v.Problem)
	if v.Limit != "" {
		b.WriteString("; limit: ")
		b.WriteString(v.Limit)
		if v.Source != "" {
			b.WriteString(" (" + v.Source + ")")
		}
	}
	if v.Fix != "" {
		b.WriteString("; fix: ")
		b.WriteString(v.Fix)
	}
	if v.Help != "" {
		b.WriteString("; help: " + v.Help)
	}
	if len(v.Rules) > 0 {
		b.WriteString(" [" + rules(v.Rules) + "]")
	}
	return b.String()
}

// rules names the first rules, and how many more there are: hundreds of policies may set the same limit.
func rules(all []string) string {
	const most = 5
	if len(all) <= most {
		return strings.Join(all, ", ")
	}
	return strings.Join(all[:most], ", ") + ", and " + strconv.Itoa(len(all)-most) + " more"
}

// holdsWord says whether a text holds a word, not as a part of another: 1 is not in "below the 100".
func holdsWord(text, word string) bool {
	for before, rest, found := strings.Cut(text, word); found; before, rest, found = strings.Cut(rest, word) {
		last, _ := utf8.DecodeLastRuneInString(before)
		next, _ := utf8.DecodeRuneInString(rest)
		if !wordRune(last) && !wordRune(next) {
			return true
		}
	}
	return false
}

func wordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-')
}
