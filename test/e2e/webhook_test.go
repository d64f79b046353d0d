package e2e

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/wait"
)

// prod is the line of a spec that names the cluster of most tests.
const prod = "clusterRef: {name: prod}"

// TestWebhook asks the webhook everything through kubectl, with facts as a syncer would have written them. It runs no
// syncer and no Kafka: the webhook speaks to neither.
func TestWebhook(t *testing.T) {
	e := New(t)
	e.furnish(t)
	t.Run("kubectl", func(t *testing.T) { testGolden(t, e) })
	t.Run("cases", func(t *testing.T) { testCases(t, e) })
	t.Run("creations", func(t *testing.T) { testCreations(t, e) })
	t.Run("changes", func(t *testing.T) { testChanges(t, e) })
	t.Run("claims", func(t *testing.T) { testClaims(t, e) })
	t.Run("adoption", func(t *testing.T) { testAdoption(t, e) })
	t.Run("deletions", func(t *testing.T) { testDeletions(t, e) })
	t.Run("defaults", func(t *testing.T) { testDefaults(t, e) })
	t.Run("applied twice", func(t *testing.T) { testAppliedTwice(t, e) })
	t.Run("dry runs", func(t *testing.T) { testDryRuns(t, e) })
	t.Run("clusters", func(t *testing.T) { testClusters(t, e) })
	t.Run("garbage", func(t *testing.T) { testGarbage(t, e) })
	t.Run("beside the policy", func(t *testing.T) { testPolicy(t, e) })
	t.Run("metrics and log", func(t *testing.T) { testMetricsAndLog(t, e) })
	t.Run("stale facts", func(t *testing.T) { testStaleFacts(t, e) })
	t.Run("renewed certificate", func(t *testing.T) { testRenewedCertificate(t, e) })
	t.Run("leaving", func(t *testing.T) { testLeaving(t, e) })
	t.Run("outage", func(t *testing.T) { testOutage(t, e) })
}

// The furniture: KafkaCluster prod of three brokers, which namespaces shop and stock may use and stock may adopt on;
// strict and derived beside it; and namespace strangers, which none admits.
func (e *Env) furnish(t *testing.T) {
	t.Helper()
	e.Namespace(t, "shop", "kafka", "prod")
	e.Namespace(t, "stock", "kafka", "prod", "adopts", "yes")
	e.Namespace(t, "modes", "naming", "checked", "kafka", "prod")
	e.Namespace(t, "strangers")
	e.SyncerSeen(t, time.Now())
	e.MustApply(t, ClusterYAML("prod", "adoption: {namespaceSelector: {matchLabels: {adopts: \"yes\"}}}")+
		ClusterYAML("strict", "naming: Strict")+ClusterYAML("derived", "naming: Derived"))
	for _, name := range []string{"strict", "derived"} {
		e.MustApply(t, strings.Replace(ClusterYAML(name, "naming: "+strings.ToUpper(name[:1])+name[1:]), "kafka: "+name, "naming: checked", 1))
		e.SetStatus(t, name, ThreeBrokers("id-"+name))
	}
	e.SetStatus(t, "prod", ThreeBrokers("id-prod"))
	e.SetInventory(t, "prod", "id-prod",
		v1alpha1.InventoryTopic{Name: "Before_us", TopicID: "t-before", Partitions: 6, Replicas: 3, Class: "Orphan", Baseline: true},
		v1alpha1.InventoryTopic{
			Name: "released.by-shop", TopicID: "t-released", Partitions: 2, Replicas: 3, Class: "Released",
			Object: &v1alpha1.ObjectRef{Namespace: "shop", Name: "gone", UID: "0c61e8f2"},
		},
	)
	e.guard(t)
	// The webhook has seen the last of it when it refuses by it.
	e.eventuallyRefused(t, TopicYAML("shop", "probe", "clusterRef: {name: prod}", "topicName: Before_us"), "may not adopt")
	e.eventuallyRefused(t, TopicYAML("modes", "probe", "clusterRef: {name: derived}", "topicName: other"), "naming Derived")
}

var errNotYet = errors.New("not yet as wanted")

// eventuallyRefused waits, by dry runs, until the refusal says all of wants: caches follow writes with a delay.
func (e *Env) eventuallyRefused(t *testing.T, yaml string, wants ...string) {
	t.Helper()
	wait.For(t, Patience, func(context.Context) error {
		stdout, stderr, code := e.Apply(t, yaml, "--dry-run=server")
		if missing := lacks(stderr, wants); code != 1 || missing != "" {
			return fmt.Errorf("%w: exit code %d, lacks %q: %s%s", errNotYet, code, missing, stdout, stderr)
		}
		return nil
	})
}

// eventuallyAllowed waits, by dry runs, until the manifests are accepted with a warning that says all of wants.
func (e *Env) eventuallyAllowed(t *testing.T, yaml string, wants ...string) {
	t.Helper()
	wait.For(t, Patience, func(context.Context) error {
		stdout, stderr, code := e.Apply(t, yaml, "--dry-run=server")
		if missing := lacks(stderr, wants); code != 0 || missing != "" {
			return fmt.Errorf("%w: exit code %d, lacks %q: %s%s", errNotYet, code, missing, stdout, stderr)
		}
		return nil
	})
}

func lacks(text string, wants []string) string {
	for _, want := range wants {
		if !strings.Contains(text, want) {
			return want
		}
	}
	return ""
}

// refused expects a refusal that is all of want, as kubectl prints it.
func (e *Env) refused(t *testing.T, yaml, want string) {
	t.Helper()
	stdout, stderr, code := e.Apply(t, yaml)
	assert.Equal(t, 1, code, stdout+stderr)
	assert.Equal(t, strings.TrimSpace(want), strings.TrimSpace(stderr))
}

// quietly applies what is to be accepted without any warning.
func (e *Env) quietly(t *testing.T, yaml string) {
	t.Helper()
	assert.NotContains(t, e.MustApply(t, yaml), "Warning")
}

func (e *Env) topic(t *testing.T, namespace, name string) *v1alpha1.KafkaTopic {
	t.Helper()
	object := &v1alpha1.KafkaTopic{}
	require.NoError(t, e.Client.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: name}, object))
	return object
}

// synced makes it look as if the syncer had synced a topic.
func (e *Env) synced(t *testing.T, namespace, name, id string, partitions, replicas int64) {
	t.Helper()
	object := e.topic(t, namespace, name)
	topicName := name
	if object.Spec.TopicName != nil {
		topicName = *object.Spec.TopicName
	}
	object.Status = v1alpha1.KafkaTopicStatus{
		ObservedGeneration: object.Generation, Cluster: &v1alpha1.SyncedCluster{Name: "prod", ID: "id-prod"},
		TopicName: topicName, TopicID: id, Partitions: partitions, Replicas: replicas,
		Conditions: []metav1.Condition{{
			Type: v1alpha1.ConditionReady, Status: metav1.ConditionTrue, Reason: "Synced", LastTransitionTime: metav1.Now(),
		}},
	}
	require.NoError(t, e.Client.Status().Update(t.Context(), object))
}
