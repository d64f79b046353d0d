package sync

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
)

// longDeleting is how long an object may be on its way out before it counts as stuck.
const longDeleting = 5 * time.Minute

// Metrics are what the syncer measures. Labels name clusters, reasons and kinds, never topics.
type Metrics struct {
	reachable, lastSync, lastAudit, topics, inventory, deletingLong, held *prometheus.GaugeVec
	policyTopics, satisfiable, expiry                                     *prometheus.GaugeVec
	undeclared                                                            undeclaredMetrics
	admission                                                             prometheus.Gauge
	actions, writeFailures                                                *prometheus.CounterVec
	now                                                                   func() time.Time
}

// NewMetrics registers the syncer's metrics.
func NewMetrics(registry prometheus.Registerer, now func() time.Time) *Metrics {
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "topicgate", Name: name, Help: help}, labels)
	}
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "topicgate", Name: name, Help: help}, labels)
	}
	m := &Metrics{
		reachable:    gauge("kafka_reachable", "Whether the last round reached the brokers (1) or not (0).", "cluster"),
		lastSync:     gauge("last_successful_sync_timestamp_seconds", "When the last look at all topics ended well.", "cluster"),
		lastAudit:    gauge("last_successful_audit_timestamp_seconds", "When the last complete audit ended.", "cluster"),
		topics:       gauge("kafkatopics", "KafkaTopics by the reason of their Ready condition.", "cluster", "reason"),
		inventory:    gauge("inventory_topics", "Topics on the brokers by what they are to Kubernetes.", "cluster", "state"),
		deletingLong: gauge("kafkatopics_deleting_long", "KafkaTopics whose deletion was asked for more than five minutes ago.", "cluster"),
		held:         gauge("deletions_held", "Topic deletions that wait for a person.", "cluster"),
		policyTopics: gauge("policy_topics", "KafkaTopics by TopicPolicy and what they are to it: matched, or breaking a rule of it that denies, warns or audits, or excepted.", "policy", "state"),
		satisfiable:  gauge("policy_satisfiable", "Whether some topic can satisfy the TopicPolicy (1) or not (0).", "policy"),
		expiry:       gauge("policy_exception_expiry_timestamp_seconds", "When the TopicPolicyException ends.", "exception"),
		admission: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: "topicgate", Name: "admission_enforced",
			Help: "Whether the API server was last seen to refuse what the webhook refuses (1) or not (0).",
		}),
		actions:       counter("actions_total", "Changes asked of Kafka, by kind and by what became of them.", "cluster", "kind", "result"),
		writeFailures: counter("status_write_failures_total", "Status writes that the API server did not take.", "cluster"),
		now:           now,
	}
	registry.MustRegister(m.reachable, m.lastSync, m.lastAudit, m.topics, m.inventory, m.deletingLong, m.held, m.admission, m.actions, m.writeFailures)
	registry.MustRegister(m.policyTopics, m.satisfiable, m.expiry)
	m.undeclared = newUndeclaredMetrics(gauge)
	registry.MustRegister(m.undeclared.all()...)
	return m
}

func (m *Metrics) enforced(yes bool) {
	m.admission.Set(0)
	if yes {
		m.admission.Set(1)
	}
}

func (m *Metrics) acted(cluster, kind, result string) {
	m.actions.WithLabelValues(cluster, kind, result).Inc()
}

func (m *Metrics) writeFailed(cluster string) { m.writeFailures.WithLabelValues(cluster).Inc() }

func (m *Metrics) unreached(cluster string) { m.reachable.WithLabelValues(cluster).Set(0) }

// audited notes a look at all topics that ended well.
func (m *Metrics) audited(cluster string, counts audit.Counts, at time.Time, complete bool) {
	m.reachable.WithLabelValues(cluster).Set(1)
	m.lastSync.WithLabelValues(cluster).Set(float64(at.Unix()))
	if complete {
		m.lastAudit.WithLabelValues(cluster).Set(float64(at.Unix()))
	}
	for state, count := range map[string]int64{
		"managed": counts.Managed, "elsewhere": counts.Elsewhere, "orphan": counts.Orphan, "ignored": counts.Ignored, "unknown": counts.Unknown,
	} {
		m.inventory.WithLabelValues(cluster, state).Set(float64(count))
	}
}

// observe counts the objects of one cluster.
func (m *Metrics) observe(cluster string, objects []stored, held int) {
	reasons := map[string]int{}
	stuck := 0
	for _, found := range objects {
		reasons[readyReason(found.object)]++
		if at := found.object.DeletionTimestamp; at != nil && m.now().Sub(at.Time) > longDeleting {
			stuck++
		}
	}
	m.topics.DeletePartialMatch(prometheus.Labels{"cluster": cluster})
	for reason, count := range reasons {
		m.topics.WithLabelValues(cluster, reason).Set(float64(count))
	}
	m.deletingLong.WithLabelValues(cluster).Set(float64(stuck))
	m.held.WithLabelValues(cluster).Set(float64(held))
}

func readyReason(object *v1alpha1.KafkaTopic) string {
	if ready := meta.FindStatusCondition(object.Status.Conditions, v1alpha1.ConditionReady); ready != nil {
		return ready.Reason
	}
	return "New"
}

// forget drops what was measured of a cluster that is no more.
func (m *Metrics) forget(cluster string) {
	for _, gauge := range []*prometheus.GaugeVec{m.reachable, m.lastSync, m.lastAudit, m.topics, m.inventory, m.deletingLong, m.held} {
		gauge.DeletePartialMatch(prometheus.Labels{"cluster": cluster})
	}
	m.undeclared.forget(cluster)
}
