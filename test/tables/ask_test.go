package tables

import (
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const topicName = "a-topic-without-configs"

// table is what the brokers answer about a topic without configs, in the form of the committed tables.
func table(ctx context.Context, bootstrap []string) (string, error) {
	client, err := kgo.NewClient(kgo.SeedBrokers(bootstrap...))
	if err != nil {
		return "", fmt.Errorf("making a Kafka client: %w", err)
	}
	defer client.Close()
	if err := create(ctx, client); err != nil {
		return "", err
	}
	configs, err := describe(ctx, client)
	if err != nil {
		return "", err
	}
	return render(configs)
}

func create(ctx context.Context, client *kgo.Client) error {
	request := kmsg.NewPtrCreateTopicsRequest()
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = topicName, 1, 1
	request.Topics = append(request.Topics, topic)
	response, err := request.RequestWith(ctx, client)
	if err == nil {
		err = kerr.ErrorForCode(response.Topics[0].ErrorCode)
	}
	if err != nil {
		return fmt.Errorf("creating a topic: %w", err)
	}
	return nil
}

// describe asks until the broker knows the topic, which may be a moment after its creation.
func describe(ctx context.Context, client *kgo.Client) ([]kmsg.DescribeConfigsResponseResourceConfig, error) {
	request := kmsg.NewPtrDescribeConfigsRequest()
	request.IncludeSynonyms, request.IncludeDocumentation = true, true
	resource := kmsg.NewDescribeConfigsRequestResource()
	resource.ResourceType, resource.ResourceName = kmsg.ConfigResourceTypeTopic, topicName
	request.Resources = append(request.Resources, resource)
	for {
		response, err := request.RequestWith(ctx, client)
		if err != nil {
			return nil, fmt.Errorf("asking for the topic's configs: %w", err)
		}
		switch err := kerr.ErrorForCode(response.Resources[0].ErrorCode); {
		case err == nil:
			return response.Resources[0].Configs, nil
		case !kerr.IsRetriable(err):
			return nil, fmt.Errorf("asking for the topic's configs: %w", err)
		}
	}
}

// render writes the answer as CSV, sorted by name. What the harness itself sets on its brokers is left out.
func render(configs []kmsg.DescribeConfigsResponseResourceConfig) (string, error) {
	slices.SortFunc(configs, func(a, b kmsg.DescribeConfigsResponseResourceConfig) int { return strings.Compare(a.Name, b.Name) })
	var out strings.Builder
	writer := csv.NewWriter(&out)
	rows := [][]string{{"name", "type", "default", "source", "sensitive", "read_only", "documentation_length", "synonyms"}}
	for _, config := range configs {
		value, source := text(config.Value), config.Source
		var synonyms []string
		for _, synonym := range config.ConfigSynonyms {
			if synonym.Source == kmsg.ConfigSourceStaticBrokerConfig {
				continue
			}
			if len(synonyms) == 0 {
				value, source = text(synonym.Value), synonym.Source
			}
			synonyms = append(synonyms, fmt.Sprintf("%s=%s@%s", synonym.Name, text(synonym.Value), synonym.Source))
		}
		rows = append(rows, []string{
			config.Name, strings.ToLower(config.ConfigType.String()), value, source.String(), strconv.FormatBool(config.IsSensitive),
			strconv.FormatBool(config.ReadOnly), strconv.Itoa(len(text(config.Documentation))), strings.Join(synonyms, " "),
		})
	}
	if err := writer.WriteAll(rows); err != nil {
		return "", fmt.Errorf("writing a table: %w", err)
	}
	return out.String(), nil
}

func text(value *string) string {
	if value == nil {
		return ""
	}
	return *value
}
