package admission_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/validate/admission"
)

const anyReview = `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"CREATE","namespace":"shop","name":"orders"}}`

type served struct {
	*admission.Server
	url      string
	registry *prometheus.Registry
	log      *observer.ObservedLogs
}

// serve serves one judge over real HTTP.
func serve(t *testing.T, mostInFlight int, judge admission.Judge) served {
	t.Helper()
	registry := prometheus.NewRegistry()
	metrics, err := admission.NewMetrics(registry)
	require.NoError(t, err)
	core, logs := observer.New(zapcore.InfoLevel)
	server := admission.NewServer(zap.New(core), metrics, mostInFlight, time.Now) //nolint:forbidigo // deadlines of connections are in real time
	listening := httptest.NewServer(server.Handle("", judge))
	t.Cleanup(listening.Close)
	return served{Server: server, url: listening.URL, registry: registry, log: logs}
}

func post(t *testing.T, url string, body io.Reader) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, body)
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response, string(content)
}

func allow(context.Context, *admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
	return &admissionv1.AdmissionResponse{Allowed: true}
}

func TestAPanicIsAnOutageOfOneRequest(t *testing.T) {
	broken := true
	s := serve(t, 1, func(ctx context.Context, request *admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
		if broken {
			var nothing *admissionv1.AdmissionResponse
			nothing.Allowed = true
		}
		return allow(ctx, request)
	})
	response, content := post(t, s.url, strings.NewReader(anyReview))
	assert.Equal(t, http.StatusInternalServerError, response.StatusCode)
	assert.NotContains(t, content, "AdmissionReview", "without a review the failurePolicy decides")
	assert.Equal(t, 1, s.log.FilterMessage("panic while judging").Len())

	broken = false
	response, _ = post(t, s.url, strings.NewReader(anyReview))
	assert.Equal(t, http.StatusOK, response.StatusCode, "the slot was given back")
	require.NoError(t, testutil.GatherAndCompare(s.registry, strings.NewReader(`
# HELP topicgate_admission_panics_total Requests on which the webhook broke; they were left to the failurePolicy.
# TYPE topicgate_admission_panics_total counter
topicgate_admission_panics_total 1
`), "topicgate_admission_panics_total"))
}

func TestWhatComesBeyondTheLimitWaitsUntilItsDeadline(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	s := serve(t, 1, func(ctx context.Context, request *admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
		entered <- struct{}{}
		<-release
		return allow(ctx, request)
	})
	var waiting sync.WaitGroup
	waiting.Go(func() {
		response, _ := post(t, s.url, strings.NewReader(anyReview))
		assert.Equal(t, http.StatusOK, response.StatusCode)
	})
	<-entered
	response, content := post(t, s.url+"?timeout=20ms", strings.NewReader(anyReview))
	assert.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	assert.Contains(t, content, "--max-in-flight")

	waiting.Go(func() {
		response, _ := post(t, s.url+"?timeout=30s", strings.NewReader(anyReview))
		assert.Equal(t, http.StatusOK, response.StatusCode)
	})
	release <- struct{}{}
	<-entered
	release <- struct{}{}
	waiting.Wait()
}

func TestTheDeadlineOfTheAPIServerIsTheJudges(t *testing.T) {
	for query, want := range map[string]time.Duration{
		"?timeout=5s": 5 * time.Second, "": 10 * time.Second, "?timeout=never": 10 * time.Second,
		"?timeout=-1s": 10 * time.Second, "?timeout=1h": 30 * time.Second,
	} {
		t.Run(query, func(t *testing.T) {
			var left time.Duration
			s := serve(t, 1, func(ctx context.Context, request *admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
				deadline, _ := ctx.Deadline()
				left = time.Until(deadline)
				return allow(ctx, request)
			})
			post(t, s.url+query, strings.NewReader(anyReview))
			assert.InDelta(t, want.Seconds(), left.Seconds(), 1)
		})
	}
}

func TestALargeReviewIsJudgedAndATooLargeOneIsNot(t *testing.T) {
	s := serve(t, 2, allow)
	padded := func(size int) io.Reader {
		return io.MultiReader(strings.NewReader(anyReview), bytes.NewReader(bytes.Repeat([]byte(" "), size-len(anyReview))))
	}
	response, _ := post(t, s.url, padded(7<<20))
	assert.Equal(t, http.StatusOK, response.StatusCode)
	response, _ = post(t, s.url, padded(7<<20+1))
	assert.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode)
}

func TestABodyThatNeverEndsIsGivenUp(t *testing.T) {
	s := serve(t, 1, allow)
	body, stuck := io.Pipe()
	t.Cleanup(func() { assert.NoError(t, stuck.Close()) })
	response, _ := post(t, s.url+"?timeout=50ms", body)
	assert.Equal(t, http.StatusBadRequest, response.StatusCode)
}

func TestLeavingEndsConnectionsAndAnswersStill(t *testing.T) {
	s := serve(t, 1, allow)
	response, _ := post(t, s.url, strings.NewReader(anyReview))
	assert.False(t, response.Close)
	s.Leave()
	assert.True(t, s.Leaving())
	response, content := post(t, s.url, strings.NewReader(anyReview))
	assert.True(t, response.Close)
	assert.Contains(t, content, `"allowed":true`)
}

func TestADenialIsOneLineOfTheLogAndItsReasonsAreCounted(t *testing.T) {
	s := serve(t, 1, func(_ context.Context, request *admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
		if request.Name == "fine" {
			return &admissionv1.AdmissionResponse{Allowed: true}
		}
		return &admissionv1.AdmissionResponse{Result: &metav1.Status{Code: 422, Details: &metav1.StatusDetails{
			Causes: []metav1.StatusCause{{Type: "PartitionsInvalid"}, {Type: "ReplicasInvalid"}},
		}}}
	})
	post(t, s.url, strings.NewReader(anyReview))
	post(t, s.url, strings.NewReader(strings.Replace(anyReview, `"uid"`, `"dryRun":true,"uid"`, 1)))
	post(t, s.url, strings.NewReader(strings.Replace(anyReview, "orders", "fine", 1)))
	lines := s.log.All()
	require.Len(t, lines, 2, "an allowed request is none")
	assert.Equal(t, "denied", lines[0].Message)
	assert.Equal(t, map[string]any{
		"kind": "", "namespace": "shop", "name": "orders", "operation": "CREATE", "dryRun": false,
		"reasons": []any{"PartitionsInvalid", "ReplicasInvalid"},
	}, lines[0].ContextMap())
	require.NoError(t, testutil.GatherAndCompare(s.registry, strings.NewReader(`
# HELP topicgate_admission_requests_total Admission requests answered, by operation (create, update and delete are judged, default fills in what is absent), decision (allowed, denied, error: could not decide) and dry run.
# TYPE topicgate_admission_requests_total counter
topicgate_admission_requests_total{decision="allowed",dry_run="false",operation="create"} 1
topicgate_admission_requests_total{decision="denied",dry_run="false",operation="create"} 1
topicgate_admission_requests_total{decision="denied",dry_run="true",operation="create"} 1
# HELP topicgate_admission_violations_total Violations in denials, by reason; dry runs are not counted.
# TYPE topicgate_admission_violations_total counter
topicgate_admission_violations_total{reason="PartitionsInvalid"} 1
topicgate_admission_violations_total{reason="ReplicasInvalid"} 1
`), "topicgate_admission_requests_total", "topicgate_admission_violations_total"))
	problems, err := testutil.GatherAndLint(s.registry)
	require.NoError(t, err)
	assert.Empty(t, problems)
}
