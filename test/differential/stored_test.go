package differential

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/test/testutil"
)

const remoteStorage = "remote.storage.enable"

// rounds of changes make 1,000 a version, one for each existing topic in each.
const rounds = 10

// onStored compares verdicts about topics that have configs already: a broker judges a change together with what it keeps.
// It comes last, since the configs stay.
func onStored(t *testing.T, asked *brokers, judged *engine) {
	t.Helper()
	seed := testutil.Number(t, "SEED", 1)
	generator := newGenerator(seed, judged.facts.Cluster.MaxBrokers, judged.facts.Cluster.Configs)
	request := kmsg.NewPtrIncrementalAlterConfigsRequest()
	stored := make([]map[string]string, existing)
	for i := range stored {
		stored[i] = generator.storable(judged)
		request.Resources = append(request.Resources, setting(existingName(i), stored[i]))
	}
	response, err := request.RequestWith(t.Context(), asked.client)
	require.NoError(t, err)
	for _, resource := range response.Resources {
		require.NoError(t, kerr.ErrorForCode(resource.ErrorCode), "SEED=%d: %s", seed, text(resource.ErrorMessage))
	}
	var specs []spec
	for range rounds {
		for i := range stored {
			specs = append(specs, generator.change(stored[i]))
		}
	}
	answers, err := asked.judge(t.Context(), specs)
	require.NoError(t, err, "SEED=%d", seed)
	for i, s := range specs {
		assert.Empty(t, judged.disagreement(s, answers[i]), "SEED=%d", seed)
	}
}

// storable makes a config that the engine does not refuse, with keys among it that rules across keys are about.
func (g *generator) storable(judged *engine) map[string]string {
	for {
		config := map[string]string{}
		g.related(config)
		maps.Copy(config, g.config(1))
		if value, set := config[remoteStorage]; set {
			// Kafka overlooks that remote storage was on where the stored text is not plainly "true", and leaves segments behind; nobody
			// can see the stored text.
			config[remoteStorage] = strings.ToLower(strings.TrimSpace(value))
		}
		for key, value := range config {
			if _, problem := g.table.Parse(key, value); problem != nil {
				delete(config, key)
			}
		}
		if len(config) > 0 && !judged.verdict(spec{change: true, config: config}).Refused() {
			return config
		}
	}
}

// change sets some keys of a topic and takes others back.
func (g *generator) change(stored map[string]string) spec {
	changed := spec{change: true, stored: stored, config: g.config(1)}
	if g.chance(40) {
		g.related(changed.config)
	}
	for _, key := range slices.Sorted(maps.Keys(stored)) {
		if _, set := changed.config[key]; !set && g.chance(30) {
			changed.removed = append(changed.removed, key)
		}
	}
	return changed
}
