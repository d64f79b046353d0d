package manifests_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admission/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

// Where the shipped configurations send things.
const (
	mutate         = "/mutate-kafkatopic"
	validate       = "/validate-kafkatopic"
	validateDelete = "/validate-kafkatopic-delete"
	validateTgc    = "/validate-kafkacluster"
	validatePolicy = "/validate-topicpolicy"
	validateLeave  = "/validate-topicpolicyexception"
)

// testConditions asks, with a webhook that allows all and remembers what it was asked, for every kind of request whether
// the webhook is called where it must be and left alone where it must not be.
func testConditions(t *testing.T, c *kube.ControlPlane, port int) {
	scheme := runtime.NewScheme()
	require.NoError(t, v1alpha1.AddToScheme(scheme))
	api, err := client.New(c.Config(), client.Options{Scheme: scheme})
	require.NoError(t, err)
	rec := &recorder{}

	t.Run("while no webhook is alive a topic is refused", func(t *testing.T) {
		err := api.Create(t.Context(), newTopic("refused"))
		require.True(t, apierrors.IsInternalError(err), "%v", err)
		assert.ErrorContains(t, err, `failed calling webhook "kafkatopics.topicgate.io"`)
	})
	stop := rec.serve(t, c, port)
	wait.For(t, patience, func(ctx context.Context) error {
		return api.Create(ctx, newTopic("probe"), client.DryRunAll)
	})
	for _, step := range append(steps(api), policySteps(api)...) {
		t.Run(step.name, func(t *testing.T) {
			rec.take()
			require.NoError(t, step.do(t.Context()))
			assert.Equal(t, step.called, rec.take())
		})
	}

	topic := newTopic("outage")
	topic.Finalizers = []string{v1alpha1.TopicFinalizer}
	require.NoError(t, api.Create(t.Context(), topic))
	stop()
	for _, step := range outage(api, topic) {
		t.Run("while no webhook is alive "+step.name, func(t *testing.T) { require.NoError(t, step.do(t.Context())) })
	}
}

type step struct {
	name   string
	do     func(context.Context) error
	called []string // paths, sorted
}

// steps are in the order of one topic's life.
func steps(api client.Client) []step {
	topic, bare, cluster := newTopic("orders"), newTopic("bare"), newCluster("prod")
	bare.Spec.ClusterRef = nil
	patch := func(object client.Object, change string) func(context.Context) error {
		return func(ctx context.Context) error {
			return api.Patch(ctx, object, client.RawPatch(types.MergePatchType, []byte(change)))
		}
	}
	status := func(object client.Object, change string) func(context.Context) error {
		return func(ctx context.Context) error {
			return api.Status().Patch(ctx, object, client.RawPatch(types.MergePatchType, []byte(change)))
		}
	}
	create := func(object client.Object, options ...client.CreateOption) func(context.Context) error {
		return func(ctx context.Context) error { return api.Create(ctx, object, options...) }
	}
	remove := func(object client.Object) func(context.Context) error {
		return func(ctx context.Context) error { return api.Delete(ctx, object) }
	}
	evasive := newTopic("evasive")
	evasive.DeletionTimestamp = new(metav1.Now())
	const finalizer = `{"metadata":{"finalizers":["topicgate.io/topic"]}}`
	return []step{
		{"a dry-run create is judged", create(newTopic("dry"), client.DryRunAll), []string{validate}},
		{"a create is judged", create(topic), []string{validate}},
		{"a create without clusterRef is filled and judged", create(bare), []string{mutate, validate}},
		{"a create without spec is filled and judged", create(&v1alpha1.KafkaTopic{ObjectMeta: topicMeta("empty")}), []string{mutate, validate}},
		{"a create that pretends to be in deletion is judged", create(evasive), []string{validate}},
		{"an update cannot pretend to be in deletion", func(ctx context.Context) error {
			err := patch(topic, `{"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"},"spec":{"partitions":1}}`)(ctx)
			if !apierrors.IsInvalid(err) {
				return fmt.Errorf("it was not refused: %w", err)
			}
			return nil
		}, nil},
		{"a changed spec is judged", patch(topic, `{"spec":{"partitions":6}}`), []string{validate}},
		{"a changed spec without clusterRef is filled and judged", patch(bare, `{"spec":{"partitions":6}}`), []string{mutate, validate}},
		{"a spec that loses its clusterRef is filled and judged", patch(topic, `{"spec":{"clusterRef":null}}`), []string{mutate, validate}},
		{"a spec patched to what it is is not judged", patch(topic, `{"spec":{"partitions":6}}`), nil},
		{"a label is judged", patch(topic, `{"metadata":{"labels":{"a":"b"}}}`), []string{validate}},
		{"a label that is what it was is not judged", patch(topic, `{"metadata":{"labels":{"a":"b"}}}`), nil},
		{"a label that is taken away is judged", patch(topic, `{"metadata":{"labels":null}}`), []string{validate}},
		{"an annotation is judged", patch(topic, `{"metadata":{"annotations":{"a":"b"}}}`), []string{validate}},
		{"a label together with the spec is judged once", patch(topic, `{"metadata":{"labels":{"a":"c"}},"spec":{"partitions":7,"clusterRef":{"name":"prod"}}}`), []string{validate}},
		{"a label on a topic without clusterRef is judged and fills nothing", patch(bare, `{"metadata":{"labels":{"a":"b"}}}`), []string{validate}},
		{"a finalizer is not judged", patch(topic, finalizer), nil},
		{"a status is not judged", status(topic, `{"status":{"topicID":"x"}}`), nil},
		{"a delete is judged, by its own entry", remove(topic), []string{validateDelete}},
		{"a delete of what is being deleted is not judged", remove(topic), nil},
		{"a label of what is being deleted is not judged", patch(topic, `{"metadata":{"labels":{"a":"d"}}}`), nil},
		{"a changed spec of what is being deleted is not judged", patch(topic, `{"spec":{"deletionPolicy":"Retain"}}`), nil},
		{"taking the finalizer off is not judged", patch(topic, `{"metadata":{"finalizers":null}}`), nil},
		{"a delete of all is judged one by one", func(ctx context.Context) error {
			return api.DeleteAllOf(ctx, &v1alpha1.KafkaTopic{}, client.InNamespace(tenant))
		}, []string{validateDelete, validateDelete, validateDelete}},
		{"the create of a cluster is judged", create(cluster), []string{validateTgc}},
		{"a changed cluster is judged", patch(cluster, `{"spec":{"paused":true}}`), []string{validateTgc}},
		{"an annotation of a cluster is not judged", patch(cluster, `{"metadata":{"annotations":{"a":"b"}}}`), nil},
		{"the status of a cluster is not judged", status(cluster, `{"status":{"clusterID":"x"}}`), nil},
		{"the delete of a cluster is not judged", remove(cluster), nil},
	}
}

// policySteps are in the order of the lives of a policy and of an exception from it.
func policySteps(api client.Client) []step {
	policy := &v1alpha1.TopicPolicy{ObjectMeta: metav1.ObjectMeta{Name: "shared"}, Spec: v1alpha1.TopicPolicySpec{Enforcement: v1alpha1.EnforcementDeny}}
	leave := &v1alpha1.TopicPolicyException{ObjectMeta: metav1.ObjectMeta{Name: "leave"}, Spec: v1alpha1.TopicPolicyExceptionSpec{
		Policies: []v1alpha1.ExceptedPolicy{{Name: "shared"}}, Reason: "CHG-1", ExpiresAt: metav1.NewTime(time.Now().Add(time.Hour)),
	}}
	var steps []step
	for _, kind := range []struct {
		object       client.Object
		path, change string
	}{
		{policy, validatePolicy, `{"spec":{"enforcement":"Warn"}}`},
		{leave, validateLeave, `{"spec":{"reason":"CHG-2"}}`},
	} {
		patch := func(change string) func(context.Context) error {
			return func(ctx context.Context) error {
				return api.Patch(ctx, kind.object, client.RawPatch(types.MergePatchType, []byte(change)))
			}
		}
		name := kind.object.GetName()
		steps = append(steps,
			step{"the create of " + name + " is judged", func(ctx context.Context) error { return api.Create(ctx, kind.object) }, []string{kind.path}},
			step{"a changed spec of " + name + " is judged", patch(kind.change), []string{kind.path}},
			step{"a label of " + name + " is not judged", patch(`{"metadata":{"labels":{"a":"b"}}}`), nil},
			step{"the status of " + name + " is not judged", func(ctx context.Context) error {
				return api.Status().Patch(ctx, kind.object, client.RawPatch(types.MergePatchType, []byte(`{"status":{"observedGeneration":1}}`)))
			}, nil},
			step{"the delete of " + name + " is not judged", func(ctx context.Context) error { return api.Delete(ctx, kind.object) }, nil},
		)
	}
	return steps
}

// outage is what the syncer and the namespace controller need, and must get without the webhook.
func outage(api client.Client, topic *v1alpha1.KafkaTopic) []step {
	merge := func(change string) client.Patch { return client.RawPatch(types.MergePatchType, []byte(change)) }
	return []step{
		{name: "a status is written", do: func(ctx context.Context) error {
			return api.Status().Patch(ctx, topic, merge(`{"status":{"topicID":"y"}}`))
		}},
		{name: "a label is written", do: func(ctx context.Context) error {
			return api.Patch(ctx, topic, merge(`{"metadata":{"labels":{"c":"d"}}}`))
		}},
		{name: "a topic is deleted", do: func(ctx context.Context) error { return api.Delete(ctx, topic) }},
		{name: "a topic is released", do: func(ctx context.Context) error {
			return api.Patch(ctx, topic, merge(`{"spec":{"deletionPolicy":"Retain"},"metadata":{"finalizers":null}}`))
		}},
		{name: "a released topic is gone", do: func(ctx context.Context) error {
			if err := api.Get(ctx, client.ObjectKeyFromObject(topic), topic); !apierrors.IsNotFound(err) {
				return fmt.Errorf("it is still there: %w", err)
			}
			return nil
		}},
	}
}

func topicMeta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: tenant, Name: name}
}

func newTopic(name string) *v1alpha1.KafkaTopic {
	return &v1alpha1.KafkaTopic{
		ObjectMeta: topicMeta(name),
		Spec:       v1alpha1.KafkaTopicSpec{ClusterRef: &v1alpha1.ClusterRef{Name: "prod"}},
	}
}

func newCluster(name string) *v1alpha1.KafkaCluster {
	return &v1alpha1.KafkaCluster{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec:       v1alpha1.KafkaClusterSpec{BootstrapServers: []string{"localhost:9092"}},
	}
}

// recorder is a webhook that allows everything and remembers the paths on which it was asked.
type recorder struct {
	mu    sync.Mutex
	paths []string
}

// take returns, sorted, the paths asked since the last take.
func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	paths := r.paths
	r.paths = nil
	slices.Sort(paths)
	return paths
}

// serve listens with the certificate that cert-manager issued, as the webhook does, until stop is called.
func (r *recorder) serve(t *testing.T, c *kube.ControlPlane, port int) (stop func()) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, manifests.AwaitCertificates(t.Context(), c.Config(), patience, dir))
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key"))
	require.NoError(t, err)
	listener, err := tls.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), &tls.Config{Certificates: []tls.Certificate{pair}})
	require.NoError(t, err)
	server := &http.Server{Handler: r, ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener) //nolint:errcheck // it says that it was closed
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	return func() { assert.NoError(t, server.Close()) }
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	var review admissionv1.AdmissionReview
	if err := json.NewDecoder(request.Body).Decode(&review); err != nil {
		http.Error(w, fmt.Sprintf("decoding a review: %v", err), http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	r.paths = append(r.paths, request.URL.Path)
	r.mu.Unlock()
	review.Response = &admissionv1.AdmissionResponse{UID: review.Request.UID, Allowed: true}
	review.Request = nil
	// Writing fails only when the API server has gone, and then nobody waits for the answer.
	_ = json.NewEncoder(w).Encode(review)
}
