package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/kube/process"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

// soon bounds every wait for something that takes a second or two; a machine under load takes longer.
const soon = 60 * time.Second

// world is a real API server, a real Kafka and the real syncer between them, which speaks to both through counting proxies.
type world struct {
	t     testing.TB
	plane *kube.ControlPlane
	kafka *kafkatest.Cluster
	// api counts what the syncer writes to Kubernetes; the Kafka harness counts its mutations.
	api    *kube.CountingProxy
	client client.Client
	binary string
	syncer *process.Process
	log    string
}

// without the webhook: what the syncer must hold by itself.
func newWorld(t *testing.T, options kafkatest.Options) *world {
	t.Helper()
	t.Parallel() // each world has its own servers, and most of a test is waiting
	w := &world{t: t, plane: kube.ForTest(t), kafka: kafkatest.ForTest(t, options), binary: buildSyncer(t)}
	objects, err := manifests.Render(manifests.Default)
	require.NoError(t, err)
	require.NoError(t, manifests.Apply(t.Context(), w.plane.Config(), withoutWebhook(objects)))
	identity, err := w.plane.ServiceAccount("topicgate-syncer", "topicgate-syncer")
	require.NoError(t, err)
	w.api, err = kube.NewCountingProxy(context.WithoutCancel(t.Context()), identity)
	require.NoError(t, err)
	scheme := runtime.NewScheme()
	require.NoError(t, v1alpha1.AddToScheme(scheme))
	w.client, err = client.New(w.plane.Config(), client.Options{Scheme: scheme})
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

var syncerBinary = sync.OnceValues(func() (string, error) {
	root, err := kube.RepositoryRoot()
	if err != nil {
		return "", err
	}
	path := filepath.Join(root, "bin", "syncer")
	build := exec.Command("go", "build", "-o", path, "./cmd/syncer")
	build.Dir = root
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the syncer: %w: %s", err, output)
	}
	return path, nil
})

func buildSyncer(t testing.TB) string {
	t.Helper()
	path, err := syncerBinary()
	require.NoError(t, err)
	return path
}

func (w *world) startSyncer() {
	w.t.Helper()
	kubeconfig, err := w.api.Kubeconfig(w.t.TempDir())
	require.NoError(w.t, err)
	log := filepath.Join(w.t.TempDir(), "syncer.log")
	w.log = log
	w.syncer, err = process.Start(context.WithoutCancel(w.t.Context()), process.Command{
		Path: w.binary,
		Args: []string{
			"--kubeconfig", kubeconfig, "--secrets-namespace", "topicgate-syncer", "--leader-election-namespace", "topicgate-syncer",
			"--metrics-bind-address", "127.0.0.1:0", "--health-probe-bind-address", "0", "--log-level", "debug",
		},
		LogFile: log,
	})
	require.NoError(w.t, err)
	syncer := w.syncer
	w.t.Cleanup(func() {
		syncer.Kill()
		if w.t.Failed() {
			content, _ := os.ReadFile(log)
			w.t.Logf("the syncer's log:\n%s", tail(content, 12_000))
		}
	})
}

func tail(content []byte, most int) []byte {
	if len(content) > most {
		return content[len(content)-most:]
	}
	return content
}

// apply runs kubectl apply and expects it to work.
func (w *world) apply(yaml string) {
	w.t.Helper()
	stdout, stderr, code := w.plane.Kubectl(w.t.Context(), yaml, "apply", "-f", "-")
	require.Zero(w.t, code, stdout+stderr)
}

// kubectl runs kubectl and expects it to work.
func (w *world) kubectl(args ...string) string {
	w.t.Helper()
	stdout, stderr, code := w.plane.Kubectl(w.t.Context(), "", args...)
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
	if err := w.client.Get(w.t.Context(), client.ObjectKey{Namespace: "team", Name: name}, &object); err != nil {
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
	wait.For(w.t, soon, func(context.Context) error {
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
	wait.For(w.t, soon, func(ctx context.Context) error {
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
