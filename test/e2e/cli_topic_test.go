package e2e

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/wait"
)

func TestOneTopicIsToldComparedAndReleased(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	brokers := strings.Join(w.kafka.Internal(), ",")
	w.namespace("team")
	w.namespace("other")
	w.apply(w.cluster("audit: {interval: 1s}", "sync: {resyncInterval: 1s}", "deletion: {protection: Always}"))
	w.apply(topicYAML("orders", "partitions: 3", "deletionPolicy: Delete", "config: {retention.ms: 3600000, cleanup.policy: 'delete'}", "unmanagedConfig: [segment.ms]"))
	w.ready("orders")
	w.class("orders", "Managed")

	t.Run("what is as declared does not differ", func(t *testing.T) {
		said, problems, code := w.plugin("diff", "orders", "-n", "team")
		require.Zero(t, code, said+problems)
		assert.Contains(t, said, "no difference in what could be compared")
		assert.Contains(t, said, "not compared: config[cleanup.policy], config[retention.ms]")
		said, problems, code = w.plugin("diff", "tgt/orders", "-n", "team", "--bootstrap", brokers)
		require.Zero(t, code, said+problems)
		assert.NotContains(t, said, "not compared")
	})
	t.Run("what nobody lists and what is left alone", func(t *testing.T) {
		w.alterBehindBack("orders", map[string]string{"segment.ms": "60000", "max.message.bytes": "2097152"})
		w.condition("orders", "Drifted", "True", "UnlistedConfig")
		said, _, code := w.plugin("diff", "orders", "-n", "team")
		assert.Equal(t, 1, code)
		assert.Contains(t, said, "drifted: ")
		said, _, code = w.plugin("diff", "orders", "-n", "default", "--bootstrap", brokers)
		assert.Equal(t, 1, code, "found by the topic's name")
		assert.Regexp(t, `config\[max.message.bytes\] +\(not listed\) +2097152 +nobody lists it`, said)
		assert.NotContains(t, said, "segment.ms")
		said, _, _ = w.plugin("status", "orders", "-n", "team", "--bootstrap", brokers)
		assert.Regexp(t, `config\[segment.ms\] +\(not listed\) +60000 +hands off`, said)
		assert.Contains(t, said, "Owner:      this object\n")
		assert.Contains(t, said, "Ready=True (Synced)")
	})
	t.Run("an object that lost", func(t *testing.T) {
		w.apply(strings.Replace(topicYAML("mine", "topicName: orders"), "namespace: team", "namespace: other", 1))
		wait.For(t, Patience, func(context.Context) error {
			if said, _, _ := w.plugin("status", "mine", "-n", "other"); !strings.Contains(said, "DuplicateClaim") {
				return errNotYet
			}
			return nil
		})
		said, problems, code := w.plugin("status", "mine", "-n", "other")
		require.Zero(t, code, problems)
		assert.Contains(t, said, "Owner:      KafkaTopic team/orders, not this object\n")
		assert.Contains(t, said, "nothing happens until somebody changes something")
		var read struct {
			Claims []struct{ Namespace, Name string }
		}
		said, _, _ = w.plugin("status", "mine", "-n", "other", "-o", "json")
		require.NoError(t, json.Unmarshal([]byte(said), &read))
		require.Len(t, read.Claims, 1)
		assert.Equal(t, "team", read.Claims[0].Namespace)
		w.kubectl("delete", "tgt", "mine", "-n", "other")
	})
	t.Run("a deletion that is stuck", func(t *testing.T) {
		_, refused, code := w.plugin("release", "orders", "-n", "team")
		assert.Equal(t, 1, code)
		assert.Contains(t, refused, "is not being deleted")
		w.kubectl("delete", "tgt", "orders", "-n", "team", "--wait=false")
		w.condition("orders", "Stalled", "True", "DeletionProtected")
		said, _, _ := w.plugin("status", "orders", "-n", "team")
		assert.Contains(t, said, "DeletionProtected")
		assert.Contains(t, said, "kubectl topicgate release orders -n team")
		for _, dry := range []string{"client", "server"} {
			said, problems, code := w.plugin("release", "orders", "-n", "team", "--dry-run="+dry)
			require.Zero(t, code, problems)
			assert.Contains(t, said, dry+" dry run")
			require.NotNil(t, w.topic("orders"))
		}
		said, problems, code := w.plugin("release", "orders", "-n", "team")
		require.Zero(t, code, problems)
		assert.Equal(t, "kafkatopic.topicgate.io/orders let go; its topic is kept\n", said)
		assert.Nil(t, w.topic("orders"))
		assert.Contains(t, kafkatest.Topics(t, w.kafka.Internal()), "orders")
		_, problems, code = w.plugin("release", "orders", "-n", "team")
		assert.Equal(t, 4, code, problems)
	})
	t.Run("a released topic is told of, too", func(t *testing.T) {
		w.class("orders", "Released")
		said, problems, code := w.plugin("status", "orders")
		require.Zero(t, code, problems)
		assert.Contains(t, said, "Object:     none: no KafkaTopic declares it")
		assert.Contains(t, said, "nobody now; KafkaTopic team/orders owned it")
		_, problems, code = w.plugin("diff", "orders")
		assert.Equal(t, 4, code)
		assert.Contains(t, problems, "no KafkaTopic declares it")
	})
	t.Run("who can create, as the syncer saw it and asked now", func(t *testing.T) {
		for _, args := range [][]string{{}, {"--bootstrap", brokers}} {
			said, problems, code := w.plugin(append([]string{"who-can-create", "prod"}, args...)...)
			require.Zero(t, code, problems)
			assert.Contains(t, said, "By asking the brokers: Everyone: ")
			assert.Regexp(t, `Group +system:masters +all of them +ClusterRoleBinding cluster-admin`, said)
			assert.Regexp(t, `(?m)^  1 +(false +nobody|true +anybody who reaches broker 1, .*)$`, said)
		}
	})
	t.Run("without a syncer", func(t *testing.T) {
		w.apply(topicYAML("carts", "deletionPolicy: Delete"))
		w.ready("carts")
		w.syncer.Kill()
		w.kubectl("delete", "tgt", "carts", "-n", "team", "--wait=false")
		_, problems, code := w.plugin("release", "carts", "-n", "team", "--timeout=1s")
		assert.Equal(t, 5, code)
		assert.Contains(t, problems, "--without-syncer")
		said, problems, code := w.plugin("release", "carts", "-n", "team", "--without-syncer")
		require.Zero(t, code, said+problems)
		assert.Nil(t, w.topic("carts"))
		assert.Contains(t, kafkatest.Topics(t, w.kafka.Internal()), "carts")
	})
}
