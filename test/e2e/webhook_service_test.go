package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

func replaceOnce(text, old, with string) string { return strings.Replace(text, old, with, 1) }

// testClusters asks for KafkaClusters that cannot work.
func testClusters(t *testing.T, e *Env) {
	faulty := `
apiVersion: topicgate.io/v1alpha1
kind: KafkaCluster
metadata: {name: faulty, annotations: {topicgate.io/default-cluster: "true"}}
spec:
  bootstrapServers: ["kafka", "kafka://kafka:9092", "a:1,b:2"]
  kafkaVersion: newest
  tls: {caSecretRef: {name: a}, caConfigMapRef: {name: b}}
  namespaceSelector: {matchExpressions: [{key: a, operator: Is, values: [b]}]}
  sync: {resyncInterval: 10ms}
  deletion: {limit: {topics: -1}}
  audit: {ignore: [{pattern: "bad name", reason: "why"}]}
`
	e.refused(t, faulty, `
Warning: metadata.annotations[topicgate.io/default-cluster]: "true": KafkaCluster "prod" is marked default too, so that neither is; fix: mark one only
The KafkaCluster "faulty" is invalid: 
* spec.bootstrapServers[0]: "kafka": it has no port, or more than one colon; limit: host:port (TopicGate); fix: write host:port, such as "kafka:9092"
* spec.bootstrapServers[1]: "kafka://kafka:9092": an address has no kafka://; limit: host:port (TopicGate); fix: write "kafka:9092"
* spec.bootstrapServers[2]: "a:1,b:2": several addresses in one entry; limit: host:port (TopicGate); fix: write each as an entry of its own, such as "a:1"
* spec.kafkaVersion: "newest": this is no release of Kafka; limit: a release such as 4.4 or 3.9.2 (TopicGate); fix: write "4.4", or leave it out to have it asked of the brokers
* spec.tls: caSecretRef and caConfigMapRef: more than one source of authorities; limit: one of caBundle, caSecretRef and caConfigMapRef (TopicGate); fix: keep one; a bundle may hold several certificates
* spec.namespaceSelector: it cannot be read: "Is" is not a valid label selector operator; limit: a label selector, as in a NetworkPolicy (TopicGate); fix: use matchLabels, or matchExpressions with In, NotIn, Exists or DoesNotExist
* spec.sync.resyncInterval: 10ms: the time is too short; limit: 1s or more (TopicGate); fix: write 2m, or leave it out for that
* spec.deletion.limit.topics: -1: a count is not negative; limit: 0 or more (TopicGate); fix: write 20, or leave it out for that; 0 holds every deletion until a person releases it
* spec.audit.ignore[0].pattern: "bad name": no topic's name can match it; limit: ASCII letters, digits, ".", "_", "-", and "*" for any run of characters (TopicGate); fix: write a pattern such as "connect-*"
`)
	plain := ClusterYAML("plain", "sasl: {mechanism: PLAIN, username: gate, passwordSecretRef: {name: kafka}}")
	assert.Contains(t, e.MustApply(t, plain, "--dry-run=server"),
		`Warning: spec.sasl.mechanism: "PLAIN": without TLS the password crosses the network as it is; fix: set spec.tls, or use SCRAM-SHA-512`)
}

// https speaks to the webhook's port as the API server does.
func (e *Env) https(t *testing.T) *http.Client {
	t.Helper()
	client := &http.Client{Timeout: Patience, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

func (e *Env) post(t *testing.T, path, contentType string, body io.Reader) (int, string) {
	t.Helper()
	url := "https://127.0.0.1:" + itoa(e.webhookPort) + path
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, body)
	require.NoError(t, err)
	request.Header.Set("Content-Type", contentType)
	response, err := e.https(t).Do(request)
	require.NoError(t, err)
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode, string(answer)
}

// testGarbage sends what is no AdmissionReview to every path.
func testGarbage(t *testing.T, e *Env) {
	const mebi = 1 << 20
	noise := make([]byte, mebi)
	_, err := rand.Read(noise)
	require.NoError(t, err)
	const asJSON = "application/json"
	review := func(request string) string {
		return `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":` + request + `}`
	}
	deep := func(depth int) string {
		return review(`{"uid":"1","object":` + strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth) + "}")
	}
	before := e.memory(t)
	for name, sent := range map[string]struct {
		contentType string
		body        []byte
		code        int
	}{
		"random bytes":                {asJSON, noise, http.StatusBadRequest},
		"nothing":                     {asJSON, nil, http.StatusBadRequest},
		"text":                        {asJSON, []byte("hello"), http.StatusBadRequest},
		"another content type":        {"text/plain", []byte(review(`{"uid":"1"}`)), http.StatusBadRequest},
		"no content type":             {"", []byte(review(`{"uid":"1"}`)), http.StatusBadRequest},
		"8 MiB":                       {asJSON, bytes.Repeat([]byte(" "), 8*mebi), http.StatusRequestEntityTooLarge},
		"8 MiB of arrays":             {asJSON, bytes.Repeat([]byte("["), 8*mebi), http.StatusRequestEntityTooLarge},
		"6 MiB of arrays":             {asJSON, bytes.Repeat([]byte("["), 6*mebi), http.StatusBadRequest},
		"deep nesting":                {asJSON, []byte(deep(100_000)), http.StatusBadRequest},
		"another kind of JSON":        {asJSON, []byte(`{"apiVersion":"v1","kind":"Pod"}`), http.StatusBadRequest},
		"a review of an old version":  {asJSON, []byte(`{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","request":{"uid":"1"}}`), http.StatusBadRequest},
		"a review without a request":  {asJSON, []byte(review("null")), http.StatusBadRequest},
		"a review with two documents": {asJSON, []byte(review(`{"uid":"1"}`) + review(`{"uid":"1"}`)), http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/mutate-kafkatopic", "/validate-kafkatopic", "/validate-kafkatopic-delete", "/validate-kafkacluster"} {
				code, answer := e.post(t, path, sent.contentType, bytes.NewReader(sent.body))
				assert.Equal(t, sent.code, code, answer)
				// A body of unknown length, as from a sender that makes it up on the way.
				code, answer = e.post(t, path, sent.contentType, io.MultiReader(bytes.NewReader(sent.body)))
				assert.Equal(t, sent.code, code, answer)
			}
		})
	}
	t.Run("takes no memory", func(t *testing.T) {
		assert.Less(t, e.memory(t), before+256*mebi)
	})
	t.Run("a wrong kind gets a review that refuses", func(t *testing.T) { testWrongKinds(t, e, review) })
	t.Run("it did not break", func(t *testing.T) {
		require.NoError(t, e.Webhook.Err())
		assert.Contains(t, e.metrics(t), "topicgate_admission_panics_total 0")
	})
}

func testWrongKinds(t *testing.T, e *Env, review func(string) string) {
	const pod = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}`
	const ours = `"group":"topicgate.io","version":"v1alpha1"`
	for name, request := range map[string]string{
		"of the request": `{"uid":"1","operation":"CREATE","kind":{"version":"v1","kind":"Pod"},"object":` + pod + `}`,
		"of the object":  `{"uid":"1","operation":"CREATE","kind":{` + ours + `,"kind":"KafkaTopic"},"object":` + pod + `}`,
		"of the group":   `{"uid":"1","operation":"CREATE","kind":{"group":"kafka.strimzi.io","version":"v1","kind":"KafkaTopic"},"object":` + pod + `}`,
		"of operation":   `{"uid":"1","operation":"CONNECT","kind":{` + ours + `,"kind":"KafkaTopic"},"object":` + pod + `}`,
		"without object": `{"uid":"1","operation":"CREATE","kind":{` + ours + `,"kind":"KafkaTopic"}}`,
		"of spec":        `{"uid":"1","operation":"CREATE","kind":{` + ours + `,"kind":"KafkaTopic"},"object":{"apiVersion":"topicgate.io/v1alpha1","kind":"KafkaTopic","spec":7}}`,
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/mutate-kafkatopic", "/validate-kafkatopic", "/validate-kafkatopic-delete", "/validate-kafkacluster"} {
				code, answer := e.post(t, path, "application/json", strings.NewReader(review(request)))
				require.Equal(t, http.StatusOK, code, answer)
				var got struct {
					Response struct {
						UID     string
						Allowed bool
						Status  struct{ Code int }
					}
				}
				require.NoError(t, json.Unmarshal([]byte(answer), &got))
				assert.Equal(t, "1", got.Response.UID)
				assert.False(t, got.Response.Allowed, path)
				assert.Equal(t, http.StatusBadRequest, got.Response.Status.Code)
			}
		})
	}
}

// memory is how many bytes the webhook has resident; zero where /proc is not there to tell.
func (e *Env) memory(t *testing.T) int {
	t.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", e.Webhook.PID()))
	require.NoError(t, err)
	found := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(status)
	require.NotNil(t, found)
	kibi, err := strconv.Atoi(string(found[1]))
	require.NoError(t, err)
	return kibi << 10
}

func (e *Env) metrics(t *testing.T) string { return served(t, e.Webhook) }

// testMetricsAndLog looks at what was left behind by the tests before.
func testMetricsAndLog(t *testing.T, e *Env) {
	metrics := e.metrics(t)
	for _, want := range []string{
		`topicgate_admission_requests_total{decision="allowed",dry_run="false",operation="create"}`,
		`topicgate_admission_requests_total{decision="denied",dry_run="true",operation="create"}`,
		`topicgate_admission_requests_total{decision="denied",dry_run="false",operation="delete"}`,
		`topicgate_admission_requests_total{decision="allowed",dry_run="false",operation="default"}`,
		`topicgate_admission_violations_total{reason="PartitionsInvalid"}`,
		`topicgate_admission_duration_seconds_bucket{operation="create",le="0.001"}`,
	} {
		assert.Contains(t, metrics, want)
	}
	assert.Regexp(t, `topicgate_certificate_expiry_timestamp_seconds 1\.\d+e\+09`, metrics)

	log, err := os.ReadFile(e.Webhook.Log)
	require.NoError(t, err)
	denials := 0
	for line := range strings.Lines(string(log)) {
		var entry map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &entry), "every line is JSON: %s", line)
		assert.NotEqual(t, "allowed", entry["msg"])
		if entry["msg"] == "denied" && entry["name"] == "worse" {
			denials++
			assert.Equal(t, "shop", entry["namespace"])
			assert.Equal(t, []any{"TopicNameIllegal", "PartitionsInvalid", "ReplicasInvalid", "ConfigValueInvalid", "ConfigKeyUnknown"}, entry["reasons"])
		}
	}
	assert.Equal(t, 1, denials)
}

// testRenewedCertificate has cert-manager issue another certificate: the webhook serves it without a restart.
func testRenewedCertificate(t *testing.T, e *Env) {
	serial := func() string {
		connection, err := (&tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}}).DialContext(t.Context(), "tcp", "127.0.0.1:"+itoa(e.webhookPort))
		require.NoError(t, err)
		defer connection.Close() //nolint:errcheck // nothing was written
		return connection.(*tls.Conn).ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	before := serial()
	secret := &corev1.Secret{}
	secret.Namespace, secret.Name = manifests.WebhookNamespace, "topicgate-webhook-tls"
	require.NoError(t, e.Client.Delete(t.Context(), secret))
	wait.For(t, Patience, func(ctx context.Context) error {
		return e.Client.Get(ctx, client.ObjectKeyFromObject(secret), &corev1.Secret{})
	})
	e.RenewCertificate(t)
	require.Eventually(t, func() bool { return serial() != before }, Patience, 50*time.Millisecond)
	e.eventuallyAllowed(t, TopicYAML("shop", "renewed", "clusterRef: {name: prod}"))
}

// testLeaving stops the webhook under load while another replica takes over on the same port: nobody sees an error.
func testLeaving(t *testing.T, e *Env) {
	object := TopicYAML("shop", "steady", "clusterRef: {name: prod}")
	ctx, cancel := context.WithCancel(t.Context())
	var asked, closed atomic.Int64
	failed := make(chan error, 1)
	go func() {
		defer close(failed)
		clients := e.https(t)
		for ctx.Err() == nil {
			response, err := clients.Post("https://127.0.0.1:"+itoa(e.webhookPort)+"/validate-kafkatopic", "application/json", strings.NewReader("{}")) //nolint:noctx // the client has a timeout
			if err != nil {
				failed <- err
				return
			}
			asked.Add(1)
			if response.Close || response.Header.Get("Connection") == "close" {
				closed.Add(1)
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
		}
	}()
	require.Eventually(t, func() bool { return asked.Load() > 100 }, Patience, 10*time.Millisecond)
	require.Zero(t, closed.Load(), "connections are kept while it stays")

	leaving := e.Webhook
	stopped := make(chan struct{})
	start := time.Now()
	go func() { leaving.Stop(); close(stopped) }()
	require.Eventually(t, func() bool { return closed.Load() > 0 }, Patience, time.Millisecond, "each answer ends its connection")
	require.Error(t, leaving.Ready(t.Context()))
	cancel()
	require.NoError(t, <-failed)
	<-stopped
	require.ErrorIs(t, leaving.Err(), context.Canceled, "it ends by itself, with success")
	assert.GreaterOrEqual(t, time.Since(start), time.Second, "the delay is kept")
	e.StartWebhook(t)
	e.eventuallyAllowed(t, object)
}
