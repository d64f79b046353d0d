package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

// testClaims declares one topic twice, by its name and by a name that Kafka cannot tell from it.
func testClaims(t *testing.T, e *Env) {
	e.quietly(t, TopicYAML("shop", "claimed", prod, "topicName: Claimed_v1"))
	const belongs = `: the topic belongs to shop/claimed; limit: one object for a topic, the oldest (KafkaCluster prod); fix: change shop/claimed instead, or choose another topic name`
	t.Run("the second object for a topic is refused", func(t *testing.T) {
		e.eventuallyRefused(t, TopicYAML("stock", "mine", prod, "topicName: Claimed_v1"), `spec.topicName: "Claimed_v1"`+belongs)
		e.eventuallyRefused(t, TopicYAML("shop", "mine", prod, "topicName: Claimed_v1"), `spec.topicName: "Claimed_v1"`+belongs)
	})
	t.Run("a name that collides is refused", func(t *testing.T) {
		e.eventuallyRefused(t, TopicYAML("stock", "mine", prod, "topicName: Claimed.v1"),
			`spec.topicName: "Claimed.v1": collides with topic "Claimed_v1", which is declared by shop/claimed`)
	})
	t.Run("the same name on other brokers is another topic", func(t *testing.T) {
		e.quietly(t, TopicYAML("modes", "elsewhere", "clusterRef: {name: strict}"))
		e.quietly(t, TopicYAML("shop", "elsewhere", prod))
	})
	t.Run("the same brokers under another name are the same", func(t *testing.T) {
		e.MustApply(t, ClusterYAML("twin", "adoption: {}"))
		e.SetStatus(t, "twin", ThreeBrokers("id-prod"))
		_, stderr, code := e.Kubectl(t, "label", "namespace", "strangers", "kafka=twin")
		require.Zero(t, code, stderr)
		e.eventuallyRefused(t, TopicYAML("strangers", "mine", "clusterRef: {name: twin}", "topicName: Claimed_v1"), "the topic belongs to shop/claimed")
		e.eventuallyRefused(t, TopicYAML("strangers", "mine", "clusterRef: {name: twin}", "topicName: Before_us"), "may not adopt it")
		_, stderr, code = e.Kubectl(t, "label", "namespace", "strangers", "kafka-")
		require.Zero(t, code, stderr)
		_, stderr, code = e.Kubectl(t, "delete", "tgc", "twin")
		require.Zero(t, code, stderr)
	})
	t.Run("whoever deletes an object may declare its topic in the next command", func(t *testing.T) {
		for range 5 {
			e.quietly(t, TopicYAML("shop", "before", prod, "topicName: Handed.over"))
			_, stderr, code := e.Kubectl(t, "delete", "tgt", "before", "-n", "shop")
			require.Zero(t, code, stderr)
			e.quietly(t, TopicYAML("stock", "after", prod, "topicName: Handed.over"))
			_, stderr, code = e.Kubectl(t, "delete", "tgt", "after", "-n", "stock")
			require.Zero(t, code, stderr)
		}
	})
}

// testAdoption takes over topics that were on the brokers before.
func testAdoption(t *testing.T, e *Env) {
	differs := TopicYAML("stock", "taken", prod, "topicName: Before_us", "partitions: 12")
	t.Run("with other values it needs a word", func(t *testing.T) {
		_, stderr, code := e.Apply(t, differs)
		assert.Equal(t, 1, code)
		assert.Contains(t, stderr, `metadata: taking over the existing topic "Before_us" would change it: partitions 6 → 12; limit: exactly what is on the brokers (TopicGate); fix: write the values that are there, or permit the change with the annotation topicgate.io/adopt: "true"`)
	})
	t.Run("with that word it passes", func(t *testing.T) {
		e.MustApply(t, annotated(differs, "topicgate.io/adopt", "true"), "--dry-run=server")
	})
	t.Run("with equal values it passes", func(t *testing.T) {
		e.quietly(t, TopicYAML("stock", "taken", prod, "topicName: Before_us", "partitions: 6", "replicas: 3"))
	})
	t.Run("a released topic goes back to the namespace that released it", func(t *testing.T) {
		_, stderr, code := e.Apply(t, TopicYAML("modes", "released", prod, "topicName: released.by-shop"), "--dry-run=server")
		assert.Equal(t, 1, code)
		assert.Contains(t, stderr, "may not adopt it")
		e.quietly(t, TopicYAML("shop", "released", prod, "topicName: released.by-shop"))
	})
}

// guard makes topics whose deletion is refused, of the namespace vault.
func (e *Env) guard(t *testing.T) {
	t.Helper()
	const always = "clusterRef: {name: guarded}"
	e.MustApply(t, ClusterYAML("guarded", "deletion: {protection: Always}"))
	e.SetStatus(t, "guarded", ThreeBrokers("id-guarded"))
	e.Namespace(t, "vault", "kafka", "guarded")
	const removed = "deletionPolicy: Delete"
	e.MustApply(t, TopicYAML("vault", "kept", always, removed)+TopicYAML("vault", "kept-too", always, removed)+TopicYAML("vault", "plain", always))
	for _, name := range []string{"kept", "kept-too", "plain"} {
		object := e.topic(t, "vault", name)
		object.Status = v1alpha1.KafkaTopicStatus{TopicName: name, TopicID: "t-" + name}
		require.NoError(t, e.Client.Status().Update(t.Context(), object))
	}
}

// testDeletions asks for deletions that are protected.
func testDeletions(t *testing.T, e *Env) {
	remove := func(args ...string) (string, int) {
		stdout, stderr, code := e.Kubectl(t, append([]string{"delete", "tgt", "-n", "vault"}, args...)...)
		return stdout + stderr, code
	}
	t.Run("what is always protected is refused", func(t *testing.T) {
		out, code := remove("kept")
		assert.Equal(t, 1, code)
		assert.Contains(t, out, "Error from server (Forbidden)")
		assert.Contains(t, out, "vault/kept cannot be deleted now:\n• metadata: deleting this object would delete the topic and its records, and it is protected whatever it holds; limit: deletion.protection: Always (KafkaCluster guarded); fix: annotate the object with topicgate.io/allow-delete-until=20")
	})
	t.Run("what keeps its topic may go", func(t *testing.T) {
		out, code := remove("plain")
		assert.Zero(t, code, out)
	})
	t.Run("an allowance lifts it, for a day at most", func(t *testing.T) {
		allow := func(until time.Time) {
			_, stderr, code := e.Kubectl(t, "annotate", "--overwrite", "-n", "vault", "tgt", "kept",
				"topicgate.io/allow-delete-until="+until.UTC().Format(time.RFC3339))
			require.Zero(t, code, stderr)
		}
		allow(time.Now().Add(48 * time.Hour))
		_, code := remove("kept", "--dry-run=server")
		assert.Equal(t, 1, code)
		allow(time.Now().Add(time.Hour))
		out, code := remove("kept", "--dry-run=server")
		assert.Zero(t, code, out)
		allow(time.Now().Add(-time.Hour))
	})
	t.Run("what is protected in use says what to expect", func(t *testing.T) {
		_, stderr, code := e.Kubectl(t, "patch", "tgc", "guarded", "--type=merge", "-p", `{"spec":{"deletion":{"protection":"InUse"}}}`)
		require.Zero(t, code, stderr)
		require.Eventually(t, func() bool {
			out, code := remove("kept", "--dry-run=server")
			return code == 0 && lacks(out, []string{"Warning: metadata: the topic goes too, unless it holds records or a consumer group reads it"}) == ""
		}, Patience, 50*time.Millisecond)
	})
}

func annotated(yaml, key, value string) string {
	const before = "metadata: {"
	return replaceOnce(yaml, before, before+"annotations: {"+key+": \""+value+"\"}, ")
}
