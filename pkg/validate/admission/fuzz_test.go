package admission_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	admissionv1 "k8s.io/api/admission/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	kjson "sigs.k8s.io/json"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/validate/admission"
)

// FuzzReview sends bytes to one of the paths, as they are and, where they are JSON, as the object and the old object of otherwise
// good reviews, so that the judges and their lookups get to see them too. Nothing may panic, and whatever is answered with
// 200 is a review for the same request that allows or says why not.
func FuzzReview(f *testing.F) {
	for _, seed := range fuzzSeeds(f) {
		for which := range uint8(7) {
			f.Add(which, seed)
		}
	}
	paths, handlers := fuzzed(f)
	f.Fuzz(func(t *testing.T, which uint8, content []byte) {
		path, handler := paths[int(which)%len(paths)], handlers[int(which)%len(paths)]
		checkAnswer(t, path, handler, content)
		if !json.Valid(content) {
			return
		}
		for _, review := range wrapped(path, content) {
			checkAnswer(t, path, handler, review)
		}
	})
}

// fuzzed are the handlers of all paths over one cache with topics, claims and an inventory to be found in it.
func fuzzed(f *testing.F) (paths []string, handlers []http.Handler) {
	f.Helper()
	metrics, err := admission.NewMetrics(prometheus.NewRegistry())
	require.NoError(f, err)
	cached := admission.FakeCache(f, fuzzWorld()...)
	policies := admission.NewPolicies(metrics, admission.UnmatchedWarn, now)
	policies.Show(f, topicPolicy(f, "fuzzed", everyOutcome), topicPolicy(f, "filling", filledAtAdmission), topicPolicy(f, "quota", quotaOfTen))
	lookup := &admission.Lookup{Cache: cached, Direct: cached, Now: now, FactsMaxAge: 15 * time.Minute, SyncerLease: lease(), Policies: policies}
	server := admission.NewServer(zap.NewNop(), metrics, 256, now)
	return []string{"KafkaTopic default", "KafkaTopic", "KafkaTopic delete", "KafkaCluster", "KafkaTopic policies", "TopicPolicy", "TopicPolicyException"}, []http.Handler{
		server.Handle("default", admission.DefaultTopic(lookup)), server.Handle("", admission.ValidateTopic(lookup)),
		server.Handle("", admission.ValidateTopicDelete(lookup)), server.Handle("", admission.ValidateCluster(lookup)),
		server.Handle("default", admission.DefaultFromPolicies(lookup)), server.Handle("", admission.ValidatePolicy(lookup)),
		server.Handle("", admission.ValidateException(lookup)),
	}
}

func fuzzWorld() []client.Object {
	return world(
		kafkaTopic(shop, "orders", owning("t-orders")),
		inventory(prod, "id-prod", 0,
			v1alpha1.InventoryTopic{Name: "orders", TopicID: "t-orders", Partitions: 3, Replicas: 3, Class: "Managed"},
			v1alpha1.InventoryTopic{Name: "a.b", TopicID: "t-ab", Partitions: 6, Replicas: 3, Class: "Orphan"}),
	)
}

// wrapped are reviews of a creation, an update either way and a deletion that hold the content as their object.
func wrapped(path string, content []byte) [][]byte {
	kind, _, _ := strings.Cut(path, " ")
	good := `{"apiVersion":"topicgate.io/v1alpha1","kind":"` + kind + `","metadata":{"name":"orders","namespace":"shop"},"spec":{}}`
	review := func(operation, object, old string) []byte {
		return fmt.Appendf(nil, `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","namespace":"shop","name":"orders",`+
			`"operation":%q,"kind":{"group":"topicgate.io","version":"v1alpha1","kind":%q},"object":%s,"oldObject":%s}}`, operation, kind, object, old)
	}
	given := string(content)
	return [][]byte{
		review("CREATE", given, "null"), review("UPDATE", given, good), review("UPDATE", good, given), review("DELETE", "null", given),
	}
}

func checkAnswer(t *testing.T, path string, handler http.Handler, content []byte) {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/?timeout=5s", bytes.NewReader(content))
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	switch answer.Code {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge:
		return
	case http.StatusOK:
	default:
		t.Fatalf("%s: %d %s on %q", path, answer.Code, answer.Body, content)
	}
	var asked, got admissionv1.AdmissionReview
	if json.Unmarshal(answer.Body.Bytes(), &got) != nil || got.Response == nil {
		t.Fatalf("%s: no review: %s on %q", path, answer.Body, content)
	}
	if kjson.UnmarshalCaseSensitivePreserveInts(content, &asked) != nil || asked.Request == nil || got.Response.UID != asked.Request.UID {
		t.Fatalf("%s: the review of another request: %s on %q", path, answer.Body, content)
	}
	if !got.Response.Allowed && (got.Response.Result == nil || got.Response.Result.Message == "") {
		t.Fatalf("%s: refused without a word: %s on %q", path, answer.Body, content)
	}
	// An API server asks about namespaces that exist; where one is missing all the same, nothing may be concluded.
	if got.Response.Result != nil && got.Response.Result.Code >= http.StatusInternalServerError && !strings.Contains(got.Response.Result.Message, "looking up namespace") {
		t.Fatalf("%s: undecided, though every lookup works: %s on %q", path, answer.Body, content)
	}
}

// fuzzSeeds are what API servers send, what people write, and what is neither.
func fuzzSeeds(f *testing.F) [][]byte {
	f.Helper()
	object := `{"apiVersion":"topicgate.io/v1alpha1","kind":"KafkaTopic","metadata":{"name":"orders","namespace":"shop","annotations":{"topicgate.io/adopt":"true"}},` +
		`"spec":{"clusterRef":{"name":"prod"},"topicName":"a_b","partitions":3,"replicas":2,"deletionPolicy":"Delete","unmanagedConfig":["retention.ms"],` +
		`"config":{"retention.ms":6.048e+08,"cleanup.policy":"compact,delete","min.insync.replicas":"3","segment.bytes":null,"preallocate":true}}}`
	other := `{"apiVersion":"topicgate.io/v1alpha1","kind":"KafkaCluster","metadata":{"name":"prod","annotations":{"topicgate.io/default-cluster":"true"}},"spec":{` +
		`"bootstrapServers":["kafka:9092","kafka"],"kafkaVersion":"4.4","tls":{"caSecretRef":{"name":"a"}},"sasl":{"mechanism":"PLAIN","username":"u","passwordSecretRef":{"name":"p"}},` +
		`"namespaceSelector":{"matchExpressions":[{"key":"a","operator":"In","values":["b"]}]},"sync":{"resyncInterval":"2m"},` +
		`"deletion":{"limit":{"topics":20,"window":"1h"}},"audit":{"ignore":[{"pattern":"connect-*","reason":"r"}]}}}`
	seeds := [][]byte{[]byte(anyReview), []byte(object), []byte(other), []byte("null"), []byte("7"), []byte(`"x"`), []byte("[]"), []byte("{}"), []byte("{"), nil}
	for _, path := range []string{"KafkaTopic", "KafkaCluster"} {
		seeds = append(append(seeds, wrapped(path, []byte(object))...), wrapped(path, []byte(other))...)
	}
	return seeds
}
