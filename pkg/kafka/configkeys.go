package kafka

import (
	"context"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

// TopicConfigKeys are the topic configs that the brokers know, sorted; nil when the principal may not find out (it
// takes CREATE and DESCRIBE_CONFIGS on a topic of any name) or a policy of the brokers stands in the way. The brokers
// are asked to validate the creation of a topic with a random name; nothing is created, even on an empty cluster. It
// costs the quota for changes one partition, so ask after an upgrade, not in a loop.
func (c *Client) TopicConfigKeys(ctx context.Context) ([]string, error) {
	req := kmsg.NewPtrCreateTopicsRequest()
	req.TimeoutMillis = c.timeoutMillis()
	req.ValidateOnly = true
	req.Topics = []kmsg.CreateTopicsRequestTopic{
		newTopic(topic.Creation{Name: randomName(), Partitions: 1, Replicas: topic.BrokerDefault}),
	}
	answer, err := ask[*kmsg.CreateTopicsResponse](ctx, c.writes, req)
	if err != nil {
		return nil, fmt.Errorf("asking for topic configs: %w", err)
	}
	if len(answer.Topics) != 1 {
		return nil, fmt.Errorf("asking for topic configs: %w", errAnswer)
	}
	return configKeys(answer.Topics[0])
}

func configKeys(t kmsg.CreateTopicsResponseTopic) ([]string, error) {
	switch t.ErrorCode {
	case 0:
	case kerr.TopicAuthorizationFailed.Code, kerr.ClusterAuthorizationFailed.Code, kerr.PolicyViolation.Code:
		return nil, nil
	default:
		return nil, fmt.Errorf("asking for topic configs: %w", kerr.ErrorForCode(t.ErrorCode))
	}
	var keys []string
	for _, config := range t.Configs {
		keys = append(keys, config.Name)
	}
	slices.Sort(keys)
	return keys, nil
}
