package sync

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/topic"
)

// undeclaredMetrics are what the audit measures, set after each scan. Labels name clusters, classes, origins and kinds of
// findings, never topics.
type undeclaredMetrics struct {
	topics, partitions, bytes, findings, autoCreate, duration *prometheus.GaugeVec
}

func newUndeclaredMetrics(gauge func(name, help string, labels ...string) *prometheus.GaugeVec) undeclaredMetrics {
	return undeclaredMetrics{
		topics:     gauge("undeclared_topics", "Topics that no KafkaTopic declares, by class and by where they come from.", "cluster", "class", "origin"),
		partitions: gauge("undeclared_partitions", "Partitions of topics that no KafkaTopic declares.", "cluster", "class", "origin"),
		bytes:      gauge("undeclared_bytes", "What topics hold at most that no KafkaTopic declares, each partition once; unmeasured topics are left out.", "cluster", "class", "origin"),
		findings:   gauge("audit_findings", "Findings of the audit by kind and severity.", "cluster", "kind", "severity"),
		autoCreate: gauge("auto_create_enabled", "Whether the broker creates topics by itself (1) or not (0); absent where that could not be read.", "cluster", "broker"),
		duration:   gauge("audit_scan_seconds", "How long the last scan took the brokers to answer.", "cluster"),
	}
}

func (u undeclaredMetrics) gauges() []*prometheus.GaugeVec {
	return []*prometheus.GaugeVec{u.topics, u.partitions, u.bytes, u.findings, u.autoCreate, u.duration}
}

func (u undeclaredMetrics) all() []prometheus.Collector {
	var list []prometheus.Collector
	for _, gauge := range u.gauges() {
		list = append(list, gauge)
	}
	return list
}

func (u undeclaredMetrics) forget(cluster string) {
	for _, gauge := range u.gauges() {
		gauge.DeletePartialMatch(prometheus.Labels{"cluster": cluster})
	}
}

// examined takes in a report.
func (m *Metrics) examined(report audit.Report, brokers []topic.Broker) {
	u, cluster := m.undeclared, report.Cluster
	for _, gauge := range []*prometheus.GaugeVec{u.topics, u.partitions, u.bytes, u.findings, u.autoCreate} {
		gauge.DeletePartialMatch(prometheus.Labels{"cluster": cluster})
	}
	for i := range report.Topics {
		found := &report.Topics[i]
		class, origin := string(found.Class), string(found.Origin.Kind)
		u.topics.WithLabelValues(cluster, class, origin).Inc()
		u.partitions.WithLabelValues(cluster, class, origin).Add(float64(found.Partitions))
		u.bytes.WithLabelValues(cluster, class, origin).Add(float64(found.Size.Bytes))
	}
	for _, finding := range report.Findings {
		u.findings.WithLabelValues(cluster, string(finding.Kind), string(finding.Severity)).Inc()
	}
	for _, broker := range brokers {
		if broker.AutoCreate == nil {
			continue
		}
		value := 0.0
		if *broker.AutoCreate {
			value = 1
		}
		u.autoCreate.WithLabelValues(cluster, fmt.Sprint(broker.ID)).Set(value)
	}
}

func (m *Metrics) scanned(cluster string, took time.Duration) {
	m.undeclared.duration.WithLabelValues(cluster).Set(took.Seconds())
}
