package policy

import "github.com/topicgate/topicgate/pkg/apis/v1alpha1"

// Counts are totals of topics, of one policy.
type Counts struct {
	// Topics is how many it matches; the others, how many of them break a rule that denies, warns or audits, or break one by
	// leave of an exception.
	Topics, Deny, Warn, Audit, Excepted int64
}

// Add is what two counts make together.
func (c Counts) Add(other Counts) Counts {
	return Counts{
		c.Topics + other.Topics, c.Deny + other.Deny, c.Warn + other.Warn, c.Audit + other.Audit, c.Excepted + other.Excepted,
	}
}

// Counts is what one topic counts for each policy that matches it, whether what it breaks is refused or was there before.
func (r Result) Counts() map[string]Counts {
	counts := make(map[string]Counts, len(r.Matched))
	for _, name := range r.Matched {
		counts[name] = Counts{Topics: 1}
	}
	for _, hit := range r.Hits {
		c := counts[hit.Policy]
		switch {
		case hit.Outcome == ByException:
			c.Excepted = 1
		case hit.Enforcement == string(v1alpha1.EnforcementDeny):
			c.Deny = 1
		case hit.Enforcement == string(v1alpha1.EnforcementWarn):
			c.Warn = 1
		default:
			c.Audit = 1
		}
		counts[hit.Policy] = c
	}
	return counts
}
