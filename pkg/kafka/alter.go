package kafka

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

const (
	// maxAltered bounds the topics of a request: for each, every broker walks over all its logs before it shows
	// anything that came later.
	maxAltered = 300
	// maxChanged bounds the values of a request, at half of Kafka's own limit.
	maxChanged = 5000
)

// Alter sets and resets topic-level configs and returns one outcome for each change, in order. One topic's keys change
// together or not at all. Keys that are not named stay as they are.
func (c *Client) Alter(ctx context.Context, changes []topic.ConfigChange) []topic.Outcome {
	return apply(ctx, kind[topic.ConfigChange]{
		name:      func(a topic.ConfigChange) string { return a.Name },
		key:       func(a topic.ConfigChange) string { return a.Name },
		weight:    func(a topic.ConfigChange) int { return len(a.Set) + len(a.Reset) },
		maxItems:  maxAltered,
		maxWeight: maxChanged,
		send:      c.sendChanges,
		judge:     func(r reply) *topic.Failure { return classifyCode(r.code, r.text) },
	}, changes)
}

func (c *Client) sendChanges(ctx context.Context, changes []topic.ConfigChange) (map[string]reply, time.Duration, error) {
	req := kmsg.NewPtrIncrementalAlterConfigsRequest()
	for _, change := range changes {
		resource := kmsg.NewIncrementalAlterConfigsRequestResource()
		resource.ResourceType = kmsg.ConfigResourceTypeTopic
		resource.ResourceName = change.Name
		resource.Configs = operations(change)
		req.Resources = append(req.Resources, resource)
	}
	answer, err := ask[*kmsg.IncrementalAlterConfigsResponse](ctx, c.writes, req)
	if err != nil {
		return nil, 0, err
	}
	replies := make(map[string]reply, len(answer.Resources))
	for _, resource := range answer.Resources {
		replies[resource.ResourceName] = reply{code: resource.ErrorCode, text: textOf(resource.ErrorMessage)}
	}
	return replies, millis(answer.ThrottleMillis), nil
}

func operations(change topic.ConfigChange) []kmsg.IncrementalAlterConfigsRequestResourceConfig {
	var out []kmsg.IncrementalAlterConfigsRequestResourceConfig
	for _, key := range slices.Sorted(maps.Keys(change.Set)) {
		config := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
		config.Name, config.Op, config.Value = key, kmsg.IncrementalAlterConfigOpSet, new(change.Set[key])
		out = append(out, config)
	}
	for _, key := range slices.Sorted(slices.Values(change.Reset)) {
		config := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
		config.Name, config.Op = key, kmsg.IncrementalAlterConfigOpDelete
		out = append(out, config)
	}
	return out
}
