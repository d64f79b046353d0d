package admission

import (
	"context"
	"encoding/json"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/semaphore"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Judge answers one request of a review that has been read: allowed or not, and why.
type Judge func(context.Context, *admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse

// Server turns Judges into HTTP handlers that share one limit, one log and one set of metrics.
type Server struct {
	log     *zap.Logger
	metrics *Metrics
	now     func() time.Time
	most    int64
	slots   *semaphore.Weighted
	leaving atomic.Bool
	// asked is when the last request came, in nanoseconds since 1970.
	asked atomic.Int64
}

// NewServer makes a Server. mostInFlight, at least 1, is how many reviews of everyday size are held in memory at a time; a
// large one counts as many. What comes beyond it waits until its deadline.
func NewServer(log *zap.Logger, metrics *Metrics, mostInFlight int, now func() time.Time) *Server {
	return &Server{
		log: log, metrics: metrics, now: now,
		most: int64(mostInFlight), slots: semaphore.NewWeighted(int64(mostInFlight)),
	}
}

// Leave has every answer from now on end its connection, so that API servers open their next one to another replica.
func (s *Server) Leave() { s.leaving.Store(true) }

// Leaving says whether Leave was called.
func (s *Server) Leaving() bool { return s.leaving.Load() }

// Quiet says that nobody asked anything for so long.
func (s *Server) Quiet(duration time.Duration) bool {
	return s.now().Sub(time.Unix(0, s.asked.Load())) >= duration
}

// Handle makes the HTTP handler of one path. The operation labels the path's metrics; empty means that of each request.
func (s *Server) Handle(operation string, judge Judge) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Store(s.now().UnixNano())
		if s.Leaving() {
			w.Header().Set("Connection", "close")
		}
		defer s.recovered(w, r)
		s.serve(w, r, operation, judge)
	})
}

// recovered answers a panic like an outage: without a review, so that the failurePolicy decides.
func (s *Server) recovered(w http.ResponseWriter, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	s.metrics.panics.Inc()
	s.log.Error("panic while judging", zap.String("path", r.URL.Path), zap.Any("panic", cause), zap.ByteString("stack", debug.Stack()))
	http.Error(w, "the webhook broke on this request; its log tells where", http.StatusInternalServerError)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, operation string, judge Judge) {
	start := s.now()
	patience := patience(r)
	// Not the server's context: that one ends with the shutdown, and what was taken in is answered.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), patience)
	defer cancel()
	// It fails only on connections that know no deadlines, which then end by the peer's.
	_ = http.NewResponseController(w).SetReadDeadline(start.Add(patience))

	size, problem := admissible(r)
	if problem == nil {
		weight := min(weight(size), s.most)
		if err := s.slots.Acquire(ctx, weight); err != nil {
			w.Header().Set("Retry-After", "1")
			http.Error(w, "too many reviews at a time; see --max-in-flight", http.StatusServiceUnavailable)
			return
		}
		defer s.slots.Release(weight)
	}
	review, problem := readReview(w, r, problem)
	if problem != nil {
		discard(r)
		http.Error(w, problem.message, problem.status)
		return
	}
	request := review.Request
	response := judge(ctx, request)
	response.UID = request.UID
	s.record(operation, request, response, s.now().Sub(start))
	w.Header().Set("Content-Type", "application/json")
	// An error here means that nobody waits for the answer any more.
	_ = json.NewEncoder(w).Encode(admissionv1.AdmissionReview{TypeMeta: review.TypeMeta, Response: response})
}

// record counts an answer, and logs it when it refuses.
func (s *Server) record(operation string, request *admissionv1.AdmissionRequest, response *admissionv1.AdmissionResponse, took time.Duration) {
	dryRun := request.DryRun != nil && *request.DryRun
	decision := decisionOf(response)
	s.metrics.answered(label(operation, request.Operation), decision, dryRun, took)
	if response.Allowed {
		s.log.Debug("allowed", describe(request, dryRun)...)
		return
	}
	logged := describe(request, dryRun)
	if decision == decisionError {
		s.log.Warn("could not decide", append(logged, zap.String("error", response.Result.Message))...)
		return
	}
	reasons := causes(response.Result)
	if !dryRun {
		s.metrics.violated(reasons)
	}
	s.log.Info("denied", append(logged, zap.Strings("reasons", reasons))...)
}

func describe(request *admissionv1.AdmissionRequest, dryRun bool) []zap.Field {
	return []zap.Field{
		zap.String("kind", request.Kind.Kind), zap.String("namespace", request.Namespace), zap.String("name", request.Name),
		zap.String("operation", string(request.Operation)), zap.Bool("dryRun", dryRun),
	}
}

// causes are the reasons of a refusal, in its order.
func causes(status *metav1.Status) []string {
	if status == nil || status.Details == nil {
		return nil
	}
	reasons := make([]string, len(status.Details.Causes))
	for i, cause := range status.Details.Causes {
		reasons[i] = string(cause.Type)
	}
	return reasons
}
