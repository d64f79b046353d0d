package sync

import (
	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/sync/status"
)

// forgetPolicies drops what was measured of policies and exceptions: those that are gone must not linger.
func (m *Metrics) forgetPolicies() {
	m.policyTopics.Reset()
	m.satisfiable.Reset()
	m.expiry.Reset()
}

// policy measures what was found out about one policy.
func (m *Metrics) policy(name string, found status.PolicyFound) {
	m.satisfiable.WithLabelValues(name).Set(1)
	for _, contradiction := range found.Contradictions {
		if !contradiction.Defaults {
			m.satisfiable.WithLabelValues(name).Set(0)
		}
	}
	if found.Counts == nil {
		return
	}
	for state, count := range map[string]int64{
		"matched": found.Counts.Topics, "deny": found.Counts.Deny, "warn": found.Counts.Warn,
		"audit": found.Counts.Audit, "excepted": found.Counts.Excepted,
	} {
		m.policyTopics.WithLabelValues(name, state).Set(float64(count))
	}
}

// exception measures when an exception ends.
func (m *Metrics) exception(object *v1alpha1.TopicPolicyException) {
	m.expiry.WithLabelValues(object.Name).Set(float64(object.Spec.ExpiresAt.Unix()))
}
