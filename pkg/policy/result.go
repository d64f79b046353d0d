package policy

import (
	"time"

	"github.com/topicgate/topicgate/pkg/topic"
)

// Result is what a set of policies says about one topic.
type Result struct {
	// Matched are the policies that speak of the topic, sorted.
	Matched []string
	// Violations refuse, Warnings are told, Audited are only recorded. Each is sorted by field, the tightest limit first.
	Violations, Warnings, Audited []topic.Violation
	// Excepted are the exceptions that the topic rests on.
	Excepted []Excepted
	// Undecided are rules that could not be judged. They are in Violations or Warnings too, as the failurePolicy of their
	// policy and their enforcement say.
	Undecided []Undecided
	// Hits are the rules that are broken, whatever that led to, for counting.
	Hits []Hit
}

// Hit is one broken rule.
type Hit struct {
	Policy, Rule string
	// Enforcement is the rule's: Deny, Warn or Audit.
	Enforcement string
	// Outcome is what it led to: Deny, Warn or Audit, or Grandfathered, or Excepted.
	Outcome string
	Field   topic.Field
}

// What a broken rule led to, beside the enforcements themselves.
const (
	Grandfathered = "Grandfathered"
	ByException   = "Excepted"
)

// Excepted is an exception that a topic rests on.
type Excepted struct {
	Exception, Policy, Rule, Reason string
	ExpiresAt                       time.Time
}

// Undecided is a rule that could not be judged.
type Undecided struct {
	Policy, Rule string
	// Why says what is missing, or what failed.
	Why string
}

// Problem is one thing wrong with a policy or an exception itself.
type Problem struct {
	// Path is where in the object it is, as kubectl prints it.
	Path string
	topic.Violation
}
