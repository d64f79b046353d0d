package parity

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/sync/plan"
)

// TestTheAuditCountsTheCorpus compares what a look at everything counts for each policy, which is what a policy's status
// shows, with what the case says of its rules.
func TestTheAuditCountsTheCorpus(t *testing.T) {
	forEach(t, worlds(t, start()), func(t *testing.T, w *world) {
		w.skipWithoutBrokers(t)
		decided := plan.Compute(w.planned(t, start()))
		counted := map[string]policy.Counts{}
		for name, counts := range decided.Policies {
			counted[w.bare(name)] = counts
		}
		assert.Equal(t, w.counts(), counted)
		assert.Equal(t, len(w.atSync().Excepted) > 0, len(decided.Excepted) > 0, "exceptions in use: %v", decided.Excepted)
	})
}

// counts are what the case counts for each policy: by the enforcement of what it breaks, refused or not.
func (w *world) counts() map[string]policy.Counts {
	want := w.atSync()
	all := map[string]policy.Counts{}
	for name := range w.Policies {
		if !slices.Contains(w.Unmatched, name) {
			all[name] = policy.Counts{Topics: 1}
		}
	}
	for _, tag := range slices.Concat(want.Refuses, want.Warns, want.Audits) {
		if slices.Contains(want.Undecided, tag) {
			continue
		}
		name, ruleName, _ := strings.Cut(tag, "/")
		counts := all[name]
		switch enforcement := w.enforcement(name, ruleName); {
		case slices.Contains(want.Excepted, tag):
			counts.Excepted = 1
		case enforcement == v1alpha1.EnforcementDeny:
			counts.Deny = 1
		case enforcement == v1alpha1.EnforcementWarn:
			counts.Warn = 1
		default:
			counts.Audit = 1
		}
		all[name] = counts
	}
	return all
}

func (w *world) enforcement(name, ruleName string) v1alpha1.Enforcement {
	spec := w.Policies[name]
	for i := range spec.Rules {
		if spec.Rules[i].Name == ruleName && spec.Rules[i].Enforcement != "" {
			return spec.Rules[i].Enforcement
		}
	}
	return spec.Enforcement
}
