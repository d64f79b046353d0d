package differential

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

// answer is what a broker says of a topic. Code zero accepts it.
type answer struct {
	code    int16
	message string
}

func (a answer) String() string {
	if a.code == 0 {
		return "accepted"
	}
	name := fmt.Sprint(a.code)
	if err := kerr.TypedErrorForCode(a.code); err != nil {
		name = err.Message
	}
	return fmt.Sprintf("%d %s: %s", a.code, name, a.message)
}

// brokers is a cluster that only ever holds the topics that config changes are asked about.
type brokers struct {
	client *kgo.Client
}

const (
	// mostRecords keeps a request below the controller's limit of 10,000 records.
	mostRecords = 9000
	// mostTopics keeps a request, and what a failure takes with it, small.
	mostTopics = 500
	// existing is how many topics the changes of one request are spread over: a request names each resource once.
	existing = 100
)

func startBrokers(t *testing.T, version string, nodes int, properties map[string]string) *brokers {
	t.Helper()
	// Not ForTest, which shows the ends of the brokers' logs when a test fails: they would bury the disagreements.
	cluster, err := kafkatest.Start(context.WithoutCancel(t.Context()), kafkatest.Options{Version: version, Nodes: nodes, HeapMiB: 300, Properties: properties})
	if errors.Is(err, kafkatest.ErrMissing) {
		kafkatest.SkipOrFail(t, err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, cluster.Stop()) })
	client, err := kgo.NewClient(kgo.SeedBrokers(cluster.Internal()...), kgo.RequestRetries(0))
	require.NoError(t, err)
	t.Cleanup(client.Close)
	b := &brokers{client: client}
	b.create(t, existingName, existing)
	return b
}

func existingName(i int) string {
	return fmt.Sprintf("existing-topic-of-the-differential-test-%03d", i)
}

// create really makes topics of one partition, and waits until all brokers know them.
func (b *brokers) create(t *testing.T, name func(int) string, number int) {
	t.Helper()
	request := kmsg.NewPtrCreateTopicsRequest()
	request.TimeoutMillis = 60_000
	for i := range number {
		topic := kmsg.NewCreateTopicsRequestTopic()
		topic.Topic, topic.NumPartitions, topic.ReplicationFactor = name(i), 1, 1
		request.Topics = append(request.Topics, topic)
	}
	response, err := request.RequestWith(t.Context(), b.client)
	require.NoError(t, err)
	for _, topic := range response.Topics {
		require.NoError(t, kerr.ErrorForCode(topic.ErrorCode), topic.Topic)
	}
}

// judge asks about all specs; the answers are in their order.
func (b *brokers) judge(ctx context.Context, specs []spec) ([]answer, error) {
	answers := make([]answer, len(specs))
	var creations, changes []int
	for i, s := range specs {
		if s.change {
			changes = append(changes, i)
		} else {
			creations = append(creations, i)
		}
	}
	for batch := range slices.Chunk(changes, existing) {
		if err := apart(ctx, b.judgeChanges, specs, batch, answers); err != nil {
			return nil, err
		}
	}
	for _, batch := range packed(specs, creations) {
		if err := apart(ctx, b.judgeCreations, specs, batch, answers); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// apart asks about a batch, and about each of it alone where the broker failed: one topic takes all others with it then.
func apart(ctx context.Context, ask func(context.Context, []spec, []int, []answer) error, specs []spec, batch []int, answers []answer) error {
	if err := ask(ctx, specs, batch, answers); err != nil {
		return err
	}
	failed := func(i int) bool { return answers[i].code == kerr.UnknownServerError.Code }
	if !slices.ContainsFunc(batch, failed) {
		return nil
	}
	for _, i := range batch {
		if err := ask(ctx, specs, []int{i}, answers); err != nil {
			return err
		}
	}
	return nil
}

// packed parts creations into requests that stay within the controller's limits and name no topic twice.
func packed(specs []spec, creations []int) [][]int {
	var batches [][]int
	var open []int
	records, names := 0, map[string]bool{}
	for _, i := range creations {
		size := specs[i].records()
		if len(open) > 0 && (len(open) == mostTopics || records+size > mostRecords || names[specs[i].name]) {
			batches = append(batches, open)
			open, records, names = nil, 0, map[string]bool{}
		}
		open, records, names[specs[i].name] = append(open, i), records+size, true
	}
	return append(batches, open)
}

func (b *brokers) judgeCreations(ctx context.Context, specs []spec, batch []int, answers []answer) error {
	request := kmsg.NewPtrCreateTopicsRequest()
	request.TimeoutMillis, request.ValidateOnly = 60_000, true
	at := map[string]int{}
	for _, i := range batch {
		topic := kmsg.NewCreateTopicsRequestTopic()
		topic.Topic, topic.NumPartitions, topic.ReplicationFactor = specs[i].name, -1, -1
		if specs[i].partitions != nil {
			topic.NumPartitions = *specs[i].partitions
		}
		if specs[i].replicas != nil {
			topic.ReplicationFactor = *specs[i].replicas
		}
		for key, value := range specs[i].config {
			config := kmsg.NewCreateTopicsRequestTopicConfig()
			config.Name, config.Value = key, &value
			topic.Configs = append(topic.Configs, config)
		}
		request.Topics, at[topic.Topic] = append(request.Topics, topic), i
	}
	response, err := request.RequestWith(ctx, b.client)
	if err != nil {
		return fmt.Errorf("asking about %d creations, the first %s: %w", len(batch), specs[batch[0]], err)
	}
	for _, topic := range response.Topics {
		answers[at[topic.Topic]] = answer{topic.ErrorCode, text(topic.ErrorMessage)}
	}
	if len(response.Topics) != len(batch) {
		return fmt.Errorf("%w: %d of %d", errAnswers, len(response.Topics), len(batch))
	}
	return nil
}

func (b *brokers) judgeChanges(ctx context.Context, specs []spec, batch []int, answers []answer) error {
	request := kmsg.NewPtrIncrementalAlterConfigsRequest()
	request.ValidateOnly = true
	at := map[string]int{}
	for n, i := range batch {
		if specs[i].stored != nil { // then it is about that topic, and specs come in the topics' order
			n = i % existing
		}
		resource := setting(existingName(n), specs[i].config)
		for _, key := range specs[i].removed {
			one := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
			one.Name, one.Op = key, kmsg.IncrementalAlterConfigOpDelete
			resource.Configs = append(resource.Configs, one)
		}
		request.Resources, at[resource.ResourceName] = append(request.Resources, resource), i
	}
	response, err := request.RequestWith(ctx, b.client)
	if err != nil {
		return fmt.Errorf("asking about %d config changes, the first %s: %w", len(batch), specs[batch[0]], err)
	}
	for _, resource := range response.Resources {
		answers[at[resource.ResourceName]] = answer{resource.ErrorCode, text(resource.ErrorMessage)}
	}
	if len(response.Resources) != len(batch) {
		return fmt.Errorf("%w: %d of %d", errAnswers, len(response.Resources), len(batch))
	}
	return nil
}

// setting sets the configs of a topic.
func setting(name string, config map[string]string) kmsg.IncrementalAlterConfigsRequestResource {
	resource := kmsg.NewIncrementalAlterConfigsRequestResource()
	resource.ResourceType, resource.ResourceName = kmsg.ConfigResourceTypeTopic, name
	for _, key := range slices.Sorted(maps.Keys(config)) {
		one := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
		one.Name, one.Value, one.Op = key, new(config[key]), kmsg.IncrementalAlterConfigOpSet
		resource.Configs = append(resource.Configs, one)
	}
	return resource
}

func text(message *string) string {
	if message == nil {
		return ""
	}
	return *message
}
