package e2e

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/manifests"
)

// installedWorld has some topics whose objects' deletion would delete them, and nothing that would hold it up.
func installedWorld(t *testing.T, count int) *world {
	w := newWorld(t, kafkatest.Options{})
	require.NoError(t, w.Plane.StartControllerManager(t.Context()))
	w.namespace("team")
	w.apply(w.cluster("deletion: {default: Delete, protection: None, limit: {topics: 100000}}"))
	w.create(count, v1alpha1.KafkaTopicSpec{})
	w.allReady(count)
	return w
}

// uninstall deletes all that was installed, as `kubectl delete -k manifests/default` does.
func (w *world) uninstall(flags ...string) {
	w.t.Helper()
	objects, err := manifests.Render(manifests.Default)
	require.NoError(w.t, err)
	list := unstructured.UnstructuredList{Object: map[string]any{"apiVersion": "v1", "kind": "List"}}
	for _, object := range withoutWebhook(objects) {
		list.Items = append(list.Items, *object)
	}
	encoded, err := list.MarshalJSON()
	require.NoError(w.t, err)
	stdout, stderr, code := w.Plane.Kubectl(w.t.Context(), string(encoded), append([]string{"delete", "-f", "-", "--ignore-not-found"}, flags...)...)
	require.Zero(w.t, code, stdout+stderr)
}

func TestUninstallingInTheDocumentedOrderLosesNoTopic(t *testing.T) {
	const count = 50
	w := installedWorld(t, count)
	w.kubectl("delete", "crd", "kafkatopics.topicgate.io", "kafkaclusters.topicgate.io", "topicinventories.topicgate.io", "--timeout=120s")
	w.uninstall("--timeout=120s")
	assert.Len(t, kafkatest.Topics(t, w.kafka.Internal()), count)
}

func TestUninstallingInTheWrongOrderLosesNoTopicAndCanBeFinishedWithoutTheSyncer(t *testing.T) {
	const count = 20
	w := installedWorld(t, count)
	w.syncer.Kill()
	w.uninstall("--wait=false")
	left := w.kubectl("get", "kafkatopics.topicgate.io", "-A", "-o", "jsonpath={.items[*].metadata.deletionTimestamp}")
	require.NotEmpty(t, left, "the objects wait for the syncer, which is gone")
	for i := range count {
		name := fmt.Sprintf("t-%04d", i)
		w.kubectl("patch", "kafkatopics.topicgate.io", "-n", "team", name, "--type=merge", "-p", `{"metadata":{"finalizers":null}}`)
	}
	w.kubectl("wait", "--for=delete", "crd/kafkatopics.topicgate.io", "--timeout=60s")
	assert.Len(t, kafkatest.Topics(t, w.kafka.Internal()), count)
}
