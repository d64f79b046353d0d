package admission

import (
	"crypto/tls"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	admissionv1 "k8s.io/api/admission/v1"
)

// What becomes of a request, as a metric's label.
const (
	decisionAllowed = "allowed"
	decisionDenied  = "denied"
	decisionError   = "error"
)

// Metrics are what the webhook tells Prometheus. No label holds the name of a topic.
type Metrics struct {
	policyMetrics
	requests   *prometheus.CounterVec
	duration   *prometheus.HistogramVec
	violations *prometheus.CounterVec
	expiry     prometheus.Gauge
	panics     prometheus.Counter
}

// NewMetrics makes the metrics and registers them; an error means that they are registered already.
func NewMetrics(registerer prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "topicgate_admission_requests_total",
			Help: "Admission requests answered, by operation (create, update and delete are judged, default fills in what is absent), decision (allowed, denied, error: could not decide) and dry run.",
		}, []string{"operation", "decision", "dry_run"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "topicgate_admission_duration_seconds",
			Help:    "Time from a request's header to its answer, waiting for a free slot included.",
			Buckets: []float64{.00025, .0005, .001, .0025, .005, .01, .025, .1, .5, 1, 5},
		}, []string{"operation"}),
		violations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "topicgate_admission_violations_total",
			Help: "Violations in denials, by reason; dry runs are not counted.",
		}, []string{"reason"}),
		expiry: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "topicgate_certificate_expiry_timestamp_seconds",
			Help: "When the certificate that is being served expires, in seconds since the epoch.",
		}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "topicgate_admission_panics_total",
			Help: "Requests on which the webhook broke; they were left to the failurePolicy.",
		}),
	}
	m.policyMetrics = newPolicyMetrics()
	for _, metric := range append(m.ofPolicies(), m.requests, m.duration, m.violations, m.expiry, m.panics) {
		if err := registerer.Register(metric); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// Serving notes the certificate that is served from now on.
func (m *Metrics) Serving(certificate tls.Certificate) {
	if certificate.Leaf != nil {
		m.expiry.Set(float64(certificate.Leaf.NotAfter.Unix()))
	}
}

func (m *Metrics) answered(operation, decision string, dryRun bool, took time.Duration) {
	m.requests.WithLabelValues(operation, decision, strconv.FormatBool(dryRun)).Inc()
	m.duration.WithLabelValues(operation).Observe(took.Seconds())
}

func (m *Metrics) violated(reasons []string) {
	for _, reason := range reasons {
		m.violations.WithLabelValues(reason).Inc()
	}
}

// label is a request's operation as a label; what is no operation of ours shares one, for labels must be few.
func label(fixed string, operation admissionv1.Operation) string {
	switch {
	case fixed != "":
		return fixed
	case operation == admissionv1.Create, operation == admissionv1.Update, operation == admissionv1.Delete:
		return strings.ToLower(string(operation))
	default:
		return "other"
	}
}

func decisionOf(response *admissionv1.AdmissionResponse) string {
	switch {
	case response.Allowed:
		return decisionAllowed
	case response.Result != nil && response.Result.Code >= http.StatusInternalServerError:
		return decisionError
	default:
		return decisionDenied
	}
}
