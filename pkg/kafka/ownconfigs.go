package kafka

import (
	"context"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

// TopicConfigs are the topic configs that the brokers know, sorted, and what topics get for those of them that the
// brokers' own configuration sets; both nil when the principal may not find out (it takes CREATE and DESCRIBE_CONFIGS on a
// topic of any name) or a policy of the brokers stands in the way. The brokers are asked to validate the creation of a
// topic with a random name; nothing is created, even on an empty cluster. It costs the quota for changes one partition, so
// ask after an upgrade, not in a loop.
func (c *Client) TopicConfigs(ctx context.Context) (keys []string, defaults map[string]string, err error) {
	req := kmsg.NewPtrCreateTopicsRequest()
	req.TimeoutMillis = c.timeoutMillis()
	req.ValidateOnly = true
	req.Topics = []kmsg.CreateTopicsRequestTopic{
		newTopic(topic.Creation{Name: randomName(), Partitions: 1, Replicas: topic.BrokerDefault}),
	}
	answer, err := ask[*kmsg.CreateTopicsResponse](ctx, c.writes, req)
	if err != nil {
		return nil, nil, fmt.Errorf("asking for topic configs: %w", err)
	}
	if len(answer.Topics) != 1 {
		return nil, nil, fmt.Errorf("asking for topic configs: %w", errAnswer)
	}
	return topicConfigs(answer.Topics[0])
}

func topicConfigs(t kmsg.CreateTopicsResponseTopic) (keys []string, defaults map[string]string, err error) {
	switch t.ErrorCode {
	case 0:
	case kerr.TopicAuthorizationFailed.Code, kerr.ClusterAuthorizationFailed.Code, kerr.PolicyViolation.Code:
		return nil, nil, nil
	default:
		return nil, nil, fmt.Errorf("asking for topic configs: %w", kerr.ErrorForCode(t.ErrorCode))
	}
	if len(t.Configs) == 0 { // it may create, and not describe configs
		return nil, nil, nil
	}
	defaults = map[string]string{}
	for _, config := range t.Configs {
		keys = append(keys, config.Name)
		if config.Value != nil && !config.IsSensitive && config.Source != int8(kmsg.ConfigSourceDefaultConfig) {
			defaults[config.Name] = *config.Value
		}
	}
	slices.Sort(keys)
	return keys, defaults, nil
}
