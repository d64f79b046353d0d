package differential

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/topicconfig"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/testutil"
)

const (
	// fewSpecs is how many topics a version `make test` asks about, and fullRun how many are enough to meet everything.
	fewSpecs = 1500
	fullRun  = 20_000
	// mostShown keeps a failure readable; one mistake shows in hundreds of topics.
	mostShown = 25
	// nodes is the usual number of brokers. Tiered storage does not care, and makes do with one.
	nodes = 3
)

// releases are those of the quick run, or every one that has a table.
func releases(quick ...string) []string {
	if os.Getenv("EVERY_KAFKA") == "true" {
		return topicconfig.Releases()
	}
	return quick
}

// TestTheEngineAgreesWithTheBrokers is the differential test; doc.go says how it is run.
func TestTheEngineAgreesWithTheBrokers(t *testing.T) {
	t.Parallel()
	for _, version := range releases(kafkatest.Versions()...) {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			asked, judged := startBrokers(t, version, nodes, nil), newEngine(version, nodes, topicconfig.TieringOff)
			differ(t, asked, judged)
			shows(t, asked, judged)
			carries(t, asked, judged)
			onStored(t, asked, judged)
		})
	}
}

// TestTheEngineAgreesWithTieredBrokers is the same for clusters that can keep segments in remote storage.
func TestTheEngineAgreesWithTieredBrokers(t *testing.T) {
	t.Parallel()
	for _, version := range releases(kafkatest.DefaultVersion) {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			asked, judged := startBrokers(t, version, 1, tieredStorage(t, version)), newEngine(version, 1, topicconfig.TieringOn)
			differ(t, asked, judged)
			onStored(t, asked, judged)
		})
	}
}

func differ(t *testing.T, asked *brokers, judged *engine) {
	t.Helper()
	seed, size := testutil.Number(t, "SEED", 1), int(testutil.Number(t, "SPECS", fewSpecs))
	specs := newGenerator(seed, judged.facts.Cluster.MaxBrokers, judged.facts.Cluster.Configs).specs(size)
	answers, err := asked.judge(t.Context(), specs)
	require.NoError(t, err, "SEED=%d", seed)
	accepted, disagreements := 0, []string{}
	for i, s := range specs {
		if answers[i].code == 0 {
			accepted++
		}
		if problem := judged.disagreement(s, answers[i]); problem != "" {
			disagreements = append(disagreements, problem)
		}
	}
	t.Logf("SEED=%d: %d topics, of which brokers accept %d; refused by us on purpose: %v", seed, size, accepted, judged.met)
	if len(disagreements) > 0 {
		t.Errorf("SEED=%d SPECS=%d: %d disagreements\n%s", seed, size, len(disagreements),
			strings.Join(disagreements[:min(len(disagreements), mostShown)], "\n"))
	}
	if size < fullRun {
		return
	}
	for _, entry := range judged.deliberate {
		if entry.absent == nil || !entry.absent(judged.version) {
			assert.Positive(t, judged.met[entry.what], "SEED=%d: nothing was refused only for %s: is the entry of any use?", seed, entry.what)
		}
	}
}
