package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/wait"
)

// testChanges is every rule about objects that are there, once.
func testChanges(t *testing.T, e *Env) {
	e.quietly(t, TopicYAML("shop", "plain", prod, "partitions: 6", "replicas: 3", "config: {retention.ms: 1000}"))
	e.quietly(t, TopicYAML("shop", "named", prod, "topicName: Named_v1"))
	e.quietly(t, TopicYAML("shop", "synced", prod, "replicas: 3"))
	e.synced(t, "shop", "synced", "t-synced", 4, 3)

	for name, refused := range map[string]struct{ yaml, want string }{
		"a name that is added": {
			TopicYAML("shop", "plain", prod, "topicName: other", "partitions: 6"),
			`spec.topicName: "other": the topic's name cannot change; limit: "plain" (TopicGate); fix: set topicName to "plain", or declare a new object for the new name`,
		},
		"a name that is taken away": {
			TopicYAML("shop", "named", prod),
			`spec.topicName: "named": the topic's name cannot change; limit: "Named_v1" (TopicGate); fix: write topicName: "Named_v1" again`,
		},
		"a name that is changed": {
			TopicYAML("shop", "named", prod, "topicName: Named_v2"),
			`spec.topicName: "Named_v2": the topic's name cannot change; limit: "Named_v1" (TopicGate); fix: set topicName to "Named_v1", or declare a new object for the new name`,
		},
		"another cluster": {
			TopicYAML("shop", "plain", "clusterRef: {name: strict}", "partitions: 6"),
			`spec.clusterRef.name: "strict": the cluster cannot change once it is set; limit: "prod" (TopicGate); fix: keep "prod", or declare a new object for the other cluster`,
		},
		"fewer partitions than before": {
			TopicYAML("shop", "plain", prod, "partitions: 5"),
			`spec.partitions: 5: below the 6 declared before; Kafka cannot remove partitions; limit: 6 or more (Kafka 4.4); fix: set partitions to 6 or more, or leave it out`,
		},
		"fewer partitions than on the brokers": {
			TopicYAML("shop", "synced", prod, "partitions: 3", "replicas: 3"),
			`spec.partitions: 3: below the 4 on the brokers; Kafka cannot remove partitions; limit: 4 or more (Kafka 4.4); fix: set partitions to 4 or more, or leave it out`,
		},
		"other replicas than on the brokers": {
			TopicYAML("shop", "synced", prod, "replicas: 2"),
			`spec.replicas: 2: the topic has 3 on the brokers, and changing that is not supported; limit: 3 (TopicGate); fix: set replicas to 3, or leave it out; to change it, reassign the partitions with Kafka's own tool first`,
		},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			_, stderr, code := e.Apply(t, refused.yaml)
			assert.Equal(t, 1, code)
			assert.Contains(t, stderr, refused.want)
			assert.NotContains(t, stderr, "last-applied-configuration", "no dump of the patch")
		})
	}
	t.Run("what is legal is accepted without a word", func(t *testing.T) {
		e.quietly(t, TopicYAML("shop", "plain", prod, "topicName: plain", "partitions: 12", "replicas: 3", "config: {retention.ms: 2000}"))
		e.quietly(t, TopicYAML("shop", "synced", prod, "partitions: 4", "replicas: 3"))
		e.quietly(t, TopicYAML("shop", "synced", prod))
	})
	t.Run("what was wrong before is a warning", func(t *testing.T) { testRatchet(t, e) })
}

// testRatchet changes an object whose cluster has come to forbid it.
func testRatchet(t *testing.T, e *Env) {
	e.Namespace(t, "leaving", "kafka", "prod")
	e.quietly(t, TopicYAML("leaving", "ledger", prod, "partitions: 1"))
	_, _, code := e.Kubectl(t, "label", "namespace", "leaving", "kafka-")
	require.Zero(t, code)
	e.eventuallyRefused(t, TopicYAML("leaving", "second", prod), "does not admit topics")
	assert.Contains(t, e.MustApply(t, TopicYAML("leaving", "ledger", prod, "partitions: 2")),
		`Warning: spec.clusterRef.name: "prod": does not admit topics of namespace "leaving" (it was so before, hence only a warning)`)
	_, stderr, code := e.Apply(t, TopicYAML("leaving", "ledger", prod, "partitions: 1"))
	assert.Equal(t, 1, code, "a new fault is refused beside an old one")
	assert.Contains(t, stderr, "spec.partitions: 1: below the 2 declared before")
}

// testDefaults lets the mutating webhook fill what is absent.
func testDefaults(t *testing.T, e *Env) {
	mark := func(t *testing.T, name, value string) {
		t.Helper()
		_, stderr, code := e.Kubectl(t, "annotate", "--overwrite", "tgc", name, "topicgate.io/default-cluster"+value)
		require.Zero(t, code, stderr)
	}
	mark(t, "prod", "=true")
	e.eventuallyAllowed(t, TopicYAML("shop", "defaulted"))

	e.quietly(t, TopicYAML("shop", "defaulted"))
	e.quietly(t, TopicYAML("shop", "defaulted-too", "partitions: 2"))
	for _, name := range []string{"defaulted", "defaulted-too"} {
		assert.Equal(t, &v1alpha1.ClusterRef{Name: "prod"}, e.topic(t, "shop", name).Spec.ClusterRef)
	}
	t.Run("a changed default changes no object", func(t *testing.T) {
		mark(t, "prod", "-")
		mark(t, "strict", "=true")
		e.eventuallyRefused(t, TopicYAML("strangers", "probe"), `"strict"`)
		_, stderr, code := e.Plane.Kubectl(t.Context(), TopicYAML("shop", "defaulted", "partitions: 3"), "replace", "-f", "-")
		require.Zero(t, code, stderr)
		assert.Equal(t, &v1alpha1.ClusterRef{Name: "prod"}, e.topic(t, "shop", "defaulted").Spec.ClusterRef)
	})
	t.Run("two defaults are none", func(t *testing.T) {
		mark(t, "prod", "=true")
		e.eventuallyRefused(t, TopicYAML("shop", "ambiguous"), "names no KafkaCluster, and no single default fills it")
		mark(t, "strict", "-")
		e.eventuallyAllowed(t, TopicYAML("shop", "ambiguous"))
	})
}

// testAppliedTwice applies a manifest again: neither way of applying may find anything to change.
func testAppliedTwice(t *testing.T, e *Env) {
	for name, how := range map[string][]string{
		"client-side": nil, "server-side": {"--server-side"},
		"by-argo-cd": {"--server-side", "--field-manager=argocd-controller"},
		"by-flux":    {"--server-side", "--field-manager=kustomize-controller", "--force-conflicts"},
	} {
		t.Run(name, func(t *testing.T) {
			for object, spec := range map[string][]string{
				"twice-" + name:        {"partitions: 3", "config: {retention.ms: 604800000, cleanup.policy: delete}"},
				"twice-filled-" + name: {"partitions: 3"},
				"twice-empty-" + name:  {"{}"}, // without a spec, server-side apply itself writes once more: it owned nothing
			} {
				yaml := TopicYAML("shop", object, spec...)
				e.MustApply(t, yaml, how...)
				e.synced(t, "shop", object, "t-"+object, 3, 3)
				before := e.topic(t, "shop", object)
				e.MustApply(t, yaml, how...)
				assert.Equal(t, before.ResourceVersion, e.topic(t, "shop", object).ResourceVersion, object)
			}
		})
	}
}

// testDryRuns asks for every verdict by dry run: nothing is stored.
func testDryRuns(t *testing.T, e *Env) {
	count := func() int {
		var topics v1alpha1.KafkaTopicList
		require.NoError(t, e.Client.List(t.Context(), &topics))
		return len(topics.Items)
	}
	before := count()
	for range 3 {
		e.MustApply(t, TopicYAML("shop", "dry", prod, "partitions: 3"), "--dry-run=server")
		_, _, code := e.Apply(t, TopicYAML("shop", "dry", prod, "partitions: 0"), "--dry-run=server")
		assert.Equal(t, 1, code)
	}
	assert.Equal(t, before, count())
	// Nor does the webhook remember it as a claim.
	e.quietly(t, TopicYAML("stock", "dry", prod))
}

// testStaleFacts lets the facts grow old: they stop refusing, and say so.
func testStaleFacts(t *testing.T, e *Env) {
	tooMany := TopicYAML("shop", "ambitious", prod, "replicas: 5")
	e.eventuallyRefused(t, tooMany, "more replicas than the cluster has brokers (3)")

	t.Run("because no syncer renews its lease", func(t *testing.T) {
		e.SyncerSeen(t, time.Now().Add(-3*time.Hour))
		e.eventuallyAllowed(t, tooMany,
			`Warning: spec.replicas: 5: more replicas than the cluster has brokers (3) (facts 3 h old; the syncer checks again); limit: 3 or fewer`,
			`Warning: spec.clusterRef.name: "prod": not checked against the brokers: facts 3 h old; the syncer checks again`)
		e.SyncerSeen(t, time.Now())
		e.eventuallyRefused(t, tooMany, "more replicas")
	})
	t.Run("because the brokers do not answer", func(t *testing.T) {
		status := ThreeBrokers("id-prod")
		status.Conditions[0].Status, status.Conditions[0].Reason = "False", "KafkaUnreachable"
		status.Conditions[0].LastTransitionTime.Time = time.Now().Add(-50 * time.Minute)
		e.SetStatus(t, "prod", status)
		e.eventuallyAllowed(t, tooMany, "facts 50 min old")
		assert.Contains(t, e.MustApply(t, tooMany), "created", "an outage of the brokers blocks nobody")
		e.SetStatus(t, "prod", ThreeBrokers("id-prod"))
		e.eventuallyRefused(t, TopicYAML("shop", "ambitious-too", prod, "replicas: 5"), "more replicas")
	})
	t.Run("though not all of the rules need them", func(t *testing.T) {
		e.SyncerSeen(t, time.Now().Add(-3*time.Hour))
		e.eventuallyRefused(t, TopicYAML("shop", "wrong", prod, "partitions: 0"), "a topic has at least one partition", "Warning", "3 h old")
		e.SyncerSeen(t, time.Now())
		e.eventuallyRefused(t, TopicYAML("shop", "ambitious-too", prod, "replicas: 5"), "more replicas")
	})
}

// testOutage kills the webhook: what it never judges passes, what it judges waits for it.
func testOutage(t *testing.T, e *Env) {
	e.MustApply(t, TopicYAML("shop", "survivor", "clusterRef: {name: prod}"))
	object := e.topic(t, "shop", "survivor")
	object.Finalizers = []string{v1alpha1.TopicFinalizer}
	require.NoError(t, e.Client.Update(t.Context(), object))
	e.Webhook.Kill()

	kubectl := func(args ...string) {
		t.Helper()
		stdout, stderr, code := e.Kubectl(t, append([]string{"-n", "shop"}, args...)...)
		require.Zero(t, code, stdout+stderr)
	}
	kubectl("label", "tgt", "survivor", "a=b")
	kubectl("annotate", "tgt", "survivor", "topicgate.io/paused=true")
	kubectl("patch", "tgt", "survivor", "--subresource=status", "--type=merge", "-p", `{"status":{"topicID":"t-survivor"}}`)
	e.MustApply(t, TopicYAML("shop", "survivor", "clusterRef: {name: prod}"))
	_, stderr, code := e.Apply(t, TopicYAML("shop", "survivor", "clusterRef: {name: prod}", "partitions: 2"))
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, `failed calling webhook "kafkatopics.topicgate.io"`)
	kubectl("delete", "tgt", "survivor", "--wait=false")
	kubectl("patch", "tgt", "survivor", "--type=merge", "-p", `{"spec":{"deletionPolicy":"Retain"}}`)
	kubectl("patch", "tgt", "survivor", "--type=merge", "-p", `{"metadata":{"finalizers":null}}`)
	wait.For(t, Patience, func(ctx context.Context) error {
		return client.IgnoreNotFound(e.Client.Get(ctx, client.ObjectKeyFromObject(object), &v1alpha1.KafkaTopic{}))
	})
}
