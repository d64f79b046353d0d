package e2e

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

// TestAHundredThousandTopicsAreAudited rests on kfake: no machine of ours holds as many on a real broker.
func TestAHundredThousandTopicsAreAudited(t *testing.T) {
	// Not beside others: it takes all of the machine, and they wait for seconds.
	const topics, shards = 100_000, 128
	e := &Env{Plane: kube.ForTest(t), test: t}
	e.Client = newClient(t, e.Plane)
	objects, err := manifests.Render(manifests.Default)
	require.NoError(t, err)
	require.NoError(t, manifests.Apply(t.Context(), e.Plane.Config(), withoutWebhook(objects)))
	kafka, err := kafkatest.Embedded(t.Context(), kafkatest.Options{Nodes: 1, Properties: map[string]string{"auto.create.topics.enable": "false"}})
	require.NoError(t, err)
	seed(t, kafka.Bootstrap(), topics)

	identity, err := e.Plane.ServiceAccount("topicgate-syncer", "topicgate-syncer")
	require.NoError(t, err)
	w := &world{Env: e, t: t}
	w.api, err = kube.NewCountingProxy(context.WithoutCancel(t.Context()), identity)
	require.NoError(t, err)
	w.startSyncer()
	w.apply(fmt.Sprintf(`
apiVersion: topicgate.io/v1alpha1
kind: KafkaCluster
metadata: {name: prod}
spec:
  bootstrapServers: [%q]
  audit: {interval: 2s, gracePeriod: 1s}
`, kafka.Bootstrap()[0]))
	// Whoever lists all of it again and again is who waits: look once all must have been examined, 25,000 a scan.
	w.scans(kafka, 2+topics/25_000)
	assert.Equal(t, topics, w.examinedOrphans())
	assert.EqualValues(t, topics, w.clusterObject().Status.Topics.Orphan)
	assert.EqualValues(t, shards, w.clusterObject().Status.InventoryShards)
	// The baseline, then orphans of them with sizes, and each shard once or twice more as its topics are examined.
	writes := w.api.CountWrites(stored)
	t.Logf("%d writes until all was examined", writes)
	assert.Less(t, writes, 5*shards)

	w.api.Reset()
	kafka.ResetCounts()
	w.scans(kafka, 2)
	assert.Zero(t, w.api.CountWrites(stored), "%v", w.api.Writes())
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.syncer.PID()))
	require.NoError(t, err)
	peak := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	require.NotNil(t, peak)
	kilobytes, err := strconv.Atoi(string(peak[1]))
	require.NoError(t, err)
	t.Logf("the syncer used at most %d MiB; Kafka requests in three looks: %v", kilobytes/1024, kafka.Requests())
	assert.Less(t, kilobytes, 1<<20, "the limit of the shipped Deployment: 1 GiB")
}

// scans waits for the end of so many scans.
func (w *world) scans(kafka *kafkatest.EmbeddedCluster, count int) {
	w.t.Helper()
	const listGroups = 16
	kafka.ResetCounts()
	wait.For(w.t, 5*time.Minute, func(context.Context) error {
		// One more: a scan lists groups first.
		if scans := kafka.Requests()[listGroups]; scans <= count {
			return fmt.Errorf("%d of %d scans", scans, count)
		}
		return nil
	})
}

// examinedOrphans counts the topics in the inventory that are orphans of the baseline and were examined.
func (w *world) examinedOrphans() (count int) {
	w.t.Helper()
	var list v1alpha1.TopicInventoryList
	require.NoError(w.t, w.Client.List(w.t.Context(), &list))
	for _, shard := range list.Items {
		for i := range shard.Topics {
			if entry := &shard.Topics[i]; entry.Class == "Orphan" && entry.Examined != nil && entry.Baseline {
				count++
			}
		}
	}
	return count
}

// seed makes many topics, a thousand a request.
func seed(t *testing.T, addresses []string, count int) {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(addresses...), kgo.RequestTimeoutOverhead(time.Minute))
	require.NoError(t, err)
	defer client.Close()
	const batch = 1000
	for first := 0; first < count; first += batch {
		names := make([]string, batch)
		for i := range names {
			names[i] = fmt.Sprintf("team-%03d.orders-%06d", (first+i)%500, first+i)
		}
		_, err := kadm.NewClient(client).CreateTopics(t.Context(), 1, 1, nil, names...)
		require.NoError(t, err)
	}
}
