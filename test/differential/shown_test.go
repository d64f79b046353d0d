package differential

import (
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/test/testutil"
)

const (
	// shownTopics and shownConfigs make 800 values a version, each set for real.
	shownTopics  = 100
	shownConfigs = 8
)

func shownName(i int) string { return fmt.Sprintf("topic-whose-configs-are-shown-%03d", i) }

// shows really sets values of all kinds, and holds what the brokers show afterwards against what we read them as: a
// syncer that reads them otherwise would set them again, for ever.
func shows(t *testing.T, asked *brokers, judged *engine) {
	t.Helper()
	seed := testutil.Number(t, "SEED", 1)
	generator := newGenerator(seed, judged.facts.Cluster.MaxBrokers, judged.facts.Cluster.Configs)
	asked.create(t, shownName, shownTopics)
	request := kmsg.NewPtrIncrementalAlterConfigsRequest()
	sent := map[string]map[string]string{}
	for i := range shownTopics {
		sent[shownName(i)] = generator.readable(judged)
		request.Resources = append(request.Resources, setting(shownName(i), sent[shownName(i)]))
	}
	response, err := request.RequestWith(t.Context(), asked.client)
	require.NoError(t, err)
	for _, resource := range response.Resources {
		require.NoError(t, kerr.ErrorForCode(resource.ErrorCode), "SEED=%d: %q: %s", seed, sent[resource.ResourceName], text(resource.ErrorMessage))
	}
	want := map[string]map[string]string{}
	for name, config := range sent {
		want[name] = map[string]string{}
		for key, value := range config {
			canonical, problem := judged.facts.Cluster.Configs.Parse(key, value)
			require.Nil(t, problem)
			want[name][key] = canonical
		}
	}
	// A broker shows a change once it has read that far in the metadata log.
	assert.EventuallyWithT(t, func(collect *assert.CollectT) {
		shown, err := asked.shown(t.Context())
		require.NoError(collect, err)
		for name := range want {
			config := maps.Clone(shown[name])
			// Up to JDK 18, Java writes some doubles with a digit more than needed: which, depends on the brokers' JVM.
			const ratio = "min.cleanable.dirty.ratio"
			if value, set := config[ratio]; set && judged.facts.Cluster.Configs.Same(ratio, want[name][ratio], value) {
				config[ratio] = want[name][ratio]
			}
			assert.Equal(collect, want[name], config, "SEED=%d: sent %q", seed, sent[name])
		}
	}, 30*time.Second, 200*time.Millisecond)
}

// readable makes a config of several keys that the engine does not refuse.
func (g *generator) readable(judged *engine) map[string]string {
	for {
		config := map[string]string{}
		for len(config) < shownConfigs {
			key := pick(g, g.keys...)
			value := g.value(key)
			if _, problem := g.table.Parse(key, value); problem == nil {
				config[key] = value
			}
		}
		if !judged.verdict(spec{change: true, config: config}).Refused() {
			return config
		}
	}
}

// shown is what the brokers show as set on the topics that shows has made.
func (b *brokers) shown(ctx context.Context) (map[string]map[string]string, error) {
	request := kmsg.NewPtrDescribeConfigsRequest()
	for i := range shownTopics {
		resource := kmsg.NewDescribeConfigsRequestResource()
		resource.ResourceType, resource.ResourceName = kmsg.ConfigResourceTypeTopic, shownName(i)
		request.Resources = append(request.Resources, resource)
	}
	response, err := request.RequestWith(ctx, b.client)
	if err != nil {
		return nil, fmt.Errorf("reading configs: %w", err)
	}
	shown := map[string]map[string]string{}
	for _, resource := range response.Resources {
		if err := kerr.ErrorForCode(resource.ErrorCode); err != nil {
			return nil, fmt.Errorf("reading the configs of %q: %w", resource.ResourceName, err)
		}
		shown[resource.ResourceName] = map[string]string{}
		for _, config := range resource.Configs {
			if config.Source == kmsg.ConfigSourceDynamicTopicConfig && config.Value != nil {
				shown[resource.ResourceName][config.Name] = *config.Value
			}
		}
	}
	return shown, nil
}
