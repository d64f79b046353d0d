package e2e

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

// world is an installation with a real Kafka, and the real syncer between the two, which speaks to both through counting
// proxies.
type world struct {
	*Env
	t     testing.TB
	kafka *kafkatest.Cluster
	// api counts what the syncer writes to Kubernetes; the Kafka harness counts its mutations.
	api    *kube.CountingProxy
	syncer *Program
}

// newWorld has no webhook: what the syncer must hold by itself.
func newWorld(t *testing.T, options kafkatest.Options) *world {
	t.Helper()
	t.Parallel() // each world has its own servers, and most of a test is waiting
	e := &Env{Plane: kube.ForTest(t), test: t}
	e.Client = newClient(t, e.Plane)
	objects, err := manifests.Render(manifests.Default)
	require.NoError(t, err)
	require.NoError(t, manifests.Apply(t.Context(), e.Plane.Config(), withoutWebhook(objects)))
	return e.withKafka(t, options)
}

// newGatedWorld is a whole installation, with the webhook.
func newGatedWorld(t *testing.T, options kafkatest.Options) *world {
	t.Helper()
	t.Parallel()
	return New(t).withKafka(t, options)
}

func (e *Env) withKafka(t *testing.T, options kafkatest.Options) *world {
	t.Helper()
	w := &world{Env: e, t: t, kafka: kafkatest.ForTest(t, options)}
	identity, err := e.Plane.ServiceAccount("topicgate-syncer", "topicgate-syncer")
	require.NoError(t, err)
	w.api, err = kube.NewCountingProxy(context.WithoutCancel(t.Context()), identity)
	require.NoError(t, err)
	w.startSyncer()
	return w
}

func withoutWebhook(objects []*unstructured.Unstructured) []*unstructured.Unstructured {
	var kept []*unstructured.Unstructured
	for _, object := range objects {
		switch object.GetKind() {
		case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "Issuer", "Certificate":
		default:
			kept = append(kept, object)
		}
	}
	return kept
}

// startSyncer starts a syncer, a standby where there is one already, with arguments that override the shipped ones.
func (w *world) startSyncer(args ...string) {
	w.t.Helper()
	kubeconfig, err := w.api.Kubeconfig(w.t.TempDir())
	require.NoError(w.t, err)
	w.syncer = w.Start(w.t, "syncer", append([]string{"--kubeconfig=" + kubeconfig}, args...)...)
}

// apply runs kubectl apply and expects it to work.
func (w *world) apply(yaml string) {
	w.t.Helper()
	stdout, stderr, code := w.Plane.Kubectl(w.t.Context(), yaml, "apply", "-f", "-")
	require.Zero(w.t, code, stdout+stderr)
}

// kubectl runs kubectl and expects it to work.
func (w *world) kubectl(args ...string) string {
	w.t.Helper()
	stdout, stderr, code := w.Plane.Kubectl(w.t.Context(), "", args...)
	require.Zero(w.t, code, stdout+stderr)
	return stdout
}

// cluster is a KafkaCluster that admits every namespace, with more of its spec as given, indented by two.
func (w *world) cluster(more ...string) string {
	return fmt.Sprintf(`
apiVersion: topicgate.io/v1alpha1
kind: KafkaCluster
metadata: {name: prod}
spec:
  bootstrapServers: [%s]
  namespaceSelector: {}
%s`, strings.Join(w.kafka.Counted(), ", "), indent(more))
}

func indent(lines []string) string {
	var b bytes.Buffer
	for _, line := range lines {
		b.WriteString("  " + line + "\n")
	}
	return b.String()
}

// topicYAML is a KafkaTopic in namespace team, with more of its spec as given.
func topicYAML(name string, more ...string) string {
	return fmt.Sprintf(`
---
apiVersion: topicgate.io/v1alpha1
kind: KafkaTopic
metadata: {name: %s, namespace: team}
spec:
  clusterRef: {name: prod}
%s`, name, indent(more))
}

func (w *world) namespace(name string) { w.kubectl("create", "namespace", name) }

func (w *world) topic(name string) *v1alpha1.KafkaTopic {
	var object v1alpha1.KafkaTopic
	if err := w.Client.Get(w.t.Context(), client.ObjectKey{Namespace: "team", Name: name}, &object); err != nil {
		return nil
	}
	return &object
}

// ready waits until an object is Ready for its present spec.
func (w *world) ready(name string) *v1alpha1.KafkaTopic {
	w.t.Helper()
	return w.condition(name, "Ready", "True", "Synced")
}

func (w *world) condition(name, kind, status, reason string) (object *v1alpha1.KafkaTopic) {
	w.t.Helper()
	wait.For(w.t, Patience, func(context.Context) error {
		object = w.topic(name)
		if object == nil {
			return fmt.Errorf("no KafkaTopic %s", name)
		}
		found := meta.FindStatusCondition(object.Status.Conditions, kind)
		if found == nil || string(found.Status) != status || found.Reason != reason || object.Status.ObservedGeneration != object.Generation {
			return fmt.Errorf("KafkaTopic %s: want %s=%s (%s), have %+v", name, kind, status, reason, object.Status)
		}
		return nil
	})
	return object
}

// broker waits until the topic on the brokers satisfies a condition.
func (w *world) broker(name string, satisfied func(kafkatest.TopicFacts) bool) (facts kafkatest.TopicFacts) {
	w.t.Helper()
	wait.For(w.t, Patience, func(ctx context.Context) error {
		topics, err := kafkatest.ReadTopics(ctx, w.kafka.Internal())
		if err != nil {
			return err
		}
		found, ok := topics[name]
		if !ok || !satisfied(found) {
			return fmt.Errorf("topic %s (there: %t): %+v", name, ok, found)
		}
		facts = found
		return nil
	})
	return facts
}
