package kafkatest

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// TopicFacts is what the brokers say about a topic.
type TopicFacts struct {
	// ID is the topic's UUID as Kafka's own tools print it: base64url without padding.
	ID string
	// Partitions is how many there are; Replicas is how many the first one has.
	Partitions, Replicas int
	// Config holds what was set on the topic itself: no defaults, no broker settings.
	Config map[string]string
	// Internal is set for Kafka's own topics, such as __consumer_offsets.
	Internal bool
}

// Topics is [ReadTopics] for a test, which ends when it fails. Inside require.Eventually use ReadTopics.
func Topics(t testing.TB, bootstrap []string, opts ...kgo.Opt) map[string]TopicFacts {
	t.Helper()
	topics, err := ReadTopics(t.Context(), bootstrap, opts...)
	require.NoError(t, err)
	return topics
}

// ReadTopics asks the brokers, past any cache, for every topic the user may see.
func ReadTopics(ctx context.Context, bootstrap []string, opts ...kgo.Opt) (map[string]TopicFacts, error) {
	client, err := newClient(bootstrap, opts)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	request := kmsg.NewPtrMetadataRequest() // no topics named: all
	response, err := request.RequestWith(ctx, client)
	if err != nil {
		return nil, fmt.Errorf("reading topics: %w", err)
	}
	topics := map[string]TopicFacts{}
	for _, topic := range response.Topics {
		if err := kerr.ErrorForCode(topic.ErrorCode); err != nil {
			return nil, fmt.Errorf("reading topic %q: %w", *topic.Topic, err)
		}
		facts := TopicFacts{
			ID:         base64.RawURLEncoding.EncodeToString(topic.TopicID[:]),
			Partitions: len(topic.Partitions),
			Config:     map[string]string{},
			Internal:   topic.IsInternal,
		}
		if len(topic.Partitions) > 0 {
			facts.Replicas = len(topic.Partitions[0].Replicas)
		}
		topics[*topic.Topic] = facts
	}
	return topics, readConfigs(ctx, client, topics)
}

// readConfigs fills in what is set on each topic, and drops topics that are gone.
func readConfigs(ctx context.Context, client *kgo.Client, topics map[string]TopicFacts) error {
	const batch = 500 // an answer holds all forty settings of every topic
	for names := range slices.Chunk(slices.Sorted(maps.Keys(topics)), batch) {
		request := kmsg.NewPtrDescribeConfigsRequest()
		for _, name := range names {
			resource := kmsg.NewDescribeConfigsRequestResource()
			resource.ResourceType, resource.ResourceName = kmsg.ConfigResourceTypeTopic, name
			request.Resources = append(request.Resources, resource)
		}
		response, err := request.RequestWith(ctx, client)
		if err != nil {
			return fmt.Errorf("reading topic configs: %w", err)
		}
		for _, resource := range response.Resources {
			if resource.ErrorCode == kerr.UnknownTopicOrPartition.Code { // deleted since the first question
				delete(topics, resource.ResourceName)
				continue
			}
			if err := kerr.ErrorForCode(resource.ErrorCode); err != nil {
				return fmt.Errorf("reading the config of topic %q: %w", resource.ResourceName, err)
			}
			addOverrides(topics[resource.ResourceName].Config, resource.Configs)
		}
	}
	return nil
}

func addOverrides(to map[string]string, configs []kmsg.DescribeConfigsResponseResourceConfig) {
	for _, config := range configs {
		if config.Source == kmsg.ConfigSourceDynamicTopicConfig && config.Value != nil {
			to[config.Name] = *config.Value
		}
	}
}

// Produce writes the values to a topic that exists, and returns once the brokers have them.
func Produce(t testing.TB, bootstrap []string, topic string, values ...string) {
	t.Helper()
	client, err := newClient(bootstrap, nil)
	require.NoError(t, err)
	defer client.Close()
	for _, value := range values {
		record := &kgo.Record{Topic: topic, Value: []byte(value)}
		require.NoError(t, client.ProduceSync(t.Context(), record).FirstErr(), "producing to %q", topic)
	}
}

// AutoCreate asks the first of the given brokers for a topic's metadata as a producer does, allowing it to create the
// topic. Whether it does is the broker's setting, and it does so after it has answered: wait for the topic.
func AutoCreate(t testing.TB, bootstrap []string, topic string) {
	t.Helper()
	client, err := newClient(bootstrap[:1], nil)
	require.NoError(t, err)
	defer client.Close()
	request := kmsg.NewPtrMetadataRequest()
	request.AllowAutoTopicCreation = true
	asked := kmsg.NewMetadataRequestTopic()
	asked.Topic = &topic
	request.Topics = append(request.Topics, asked)
	_, err = client.SeedBrokers()[0].RetriableRequest(t.Context(), request)
	require.NoError(t, err, "asking for topic %q", topic)
}

func newClient(bootstrap []string, opts []kgo.Opt) (*kgo.Client, error) {
	client, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(bootstrap...), kgo.ClientID("kafkatest")}, opts...)...)
	if err != nil {
		return nil, fmt.Errorf("making a Kafka client: %w", err)
	}
	return client, nil
}
