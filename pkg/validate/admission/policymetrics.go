package admission

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/topicgate/topicgate/pkg/policy"
)

// policyMetrics are those about TopicPolicies.
type policyMetrics struct {
	hits      *prometheus.CounterVec
	excepted  *prometheus.CounterVec
	policies  *prometheus.GaugeVec
	unmatched prometheus.Counter
}

func newPolicyMetrics() policyMetrics {
	return policyMetrics{
		hits: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "topicgate_policy_violations_total",
			Help: "Broken rules of TopicPolicies in reviews, by the rule's enforcement and what it led to (Deny, Warn, Audit, Grandfathered, Excepted); dry runs are not counted.",
		}, []string{"policy", "rule", "enforcement", "outcome"}),
		excepted: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "topicgate_policy_exceptions_used_total",
			Help: "Reviews in which a TopicPolicyException was made use of; dry runs are not counted.",
		}, []string{"exception"}),
		policies: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "topicgate_policies",
			Help: "TopicPolicies that this replica knows, by state: ready, or invalid (some rule does not compile).",
		}, []string{"state"}),
		unmatched: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "topicgate_policy_unmatched_total",
			Help: "Reviews of topics that no TopicPolicy matches, though there are some; dry runs are not counted.",
		}),
	}
}

func (m *policyMetrics) ofPolicies() []prometheus.Collector {
	return []prometheus.Collector{m.hits, m.excepted, m.policies, m.unmatched}
}

// known counts policies. Like the others here it does nothing where there are no metrics.
func (m *Metrics) known(ready, invalid int) {
	if m != nil {
		m.policies.WithLabelValues("ready").Set(float64(ready))
		m.policies.WithLabelValues("invalid").Set(float64(invalid))
	}
}

func (m *Metrics) unmatchedTopic() {
	if m != nil {
		m.unmatched.Inc()
	}
}

func (m *Metrics) judged(result policy.Result) {
	if m == nil {
		return
	}
	for _, hit := range result.Hits {
		m.hits.WithLabelValues(hit.Policy, hit.Rule, hit.Enforcement, hit.Outcome).Inc()
	}
	for _, exception := range exceptionsOf(result) {
		m.excepted.WithLabelValues(exception).Inc()
	}
}
