package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/testutil"
	"github.com/topicgate/topicgate/test/testutil/history"
)

// TestNoTopicVanishesFromKafkaUnasked plays a random history, the kind that pkg/sync/plan plays against a model, against
// real brokers and a real API server. HISTORY_SEED and HISTORY_STEPS choose another one.
func TestNoTopicVanishesFromKafkaUnasked(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	require.NoError(t, w.Plane.StartControllerManager(t.Context()))
	w.apply(fmt.Sprintf(`
apiVersion: topicgate.io/v1alpha1
kind: KafkaCluster
metadata: {name: prod}
spec:
  bootstrapServers: [%s]
  namespaceSelector: {matchLabels: {admitted: "true"}}
  adoption: {namespaceSelector: {matchLabels: {adopts: "true"}}}
  sync: {resyncInterval: 1s}
  deletion: {limit: {topics: 10000}}
`, strings.Join(w.kafka.Counted(), ", ")))
	played := &realWorld{world: w, flags: map[string]bool{}}
	for _, namespace := range history.Namespaces() {
		require.NoError(t, played.Do(t.Context(), history.Step{Kind: history.CreateNamespace, Namespace: namespace}))
	}
	w.clusterCondition("Ready", "True", "Synced")

	seed, steps := testutil.Number(t, "HISTORY_SEED", 7), testutil.Number(t, "HISTORY_STEPS", 120)
	found, err := history.Play(t.Context(), played, history.Generate(seed, int(steps)))
	require.NoError(t, err, "seed %d", seed)
	require.Empty(t, found, "seed %d", seed)
}
