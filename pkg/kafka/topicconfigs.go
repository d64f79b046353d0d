package kafka

import (
	"context"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

// configChunk is how many topics one DescribeConfigs request names: a topic takes 1.2 kB of the answer.
const configChunk = 500

// addConfigs reads the topic-level overrides. A topic whose configs cannot be read (no right, or a broker that has not
// heard of it yet) keeps ConfigKnown false.
func (c *Client) addConfigs(ctx context.Context, topics map[string]topic.Observed) error {
	var mu sync.Mutex
	return inChunks(ctx, sortedNames(topics), configChunk, func(ctx context.Context, names []string) error {
		answer, err := c.describeTopics(ctx, names)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		for _, resource := range answer.Resources {
			o, ok := topics[resource.ResourceName]
			if !ok || resource.ErrorCode != 0 {
				continue
			}
			o.Config, o.ConfigKnown = overrides(resource.Configs), true
			topics[resource.ResourceName] = o
		}
		return nil
	})
}

func (c *Client) describeTopics(ctx context.Context, names []string) (*kmsg.DescribeConfigsResponse, error) {
	req := kmsg.NewPtrDescribeConfigsRequest()
	for _, name := range names {
		resource := kmsg.NewDescribeConfigsRequestResource()
		resource.ResourceType = kmsg.ConfigResourceTypeTopic
		resource.ResourceName = name
		resource.ConfigNames = nil // all: keys that nobody declared must be seen too
		req.Resources = append(req.Resources, resource)
	}
	return ask[*kmsg.DescribeConfigsResponse](ctx, c.reads, req)
}

// overrides keeps what is set on the topic itself: a broker's default that shines through is nobody's drift.
func overrides(configs []kmsg.DescribeConfigsResponseResourceConfig) map[string]string {
	out := map[string]string{}
	for _, config := range configs {
		if config.Source == kmsg.ConfigSourceDynamicTopicConfig && config.Value != nil {
			out[config.Name] = *config.Value
		}
	}
	return out
}
