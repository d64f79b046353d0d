package kafka

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

const (
	maxCreations = 1000
	// maxRecords bounds the metadata records of a request: one a topic, a partition and a config. Kafka's own limit is
	// 10,000, and all of a request's topics come into being at once or not at all.
	maxRecords = 5000
)

// Create makes topics and returns one outcome for each, in order, with the new topic's ID. A topic that exists already
// is Pending: whose it is takes a look.
func (c *Client) Create(ctx context.Context, creations []topic.Creation) []topic.Outcome {
	return apply(ctx, kind[topic.Creation]{
		name:      func(a topic.Creation) string { return a.Name },
		key:       func(a topic.Creation) string { return a.Name },
		weight:    creationRecords,
		maxItems:  maxCreations,
		maxWeight: maxRecords,
		send:      c.sendCreations,
		judge:     judgeCreation,
	}, creations)
}

// creationRecords takes the brokers' default number of partitions for one, as Kafka's is; a larger one is met by
// splitting the request.
func creationRecords(a topic.Creation) int {
	return 1 + int(max(a.Partitions, 1)) + len(a.Config)
}

func (c *Client) sendCreations(ctx context.Context, creations []topic.Creation) (map[string]reply, time.Duration, error) {
	req := kmsg.NewPtrCreateTopicsRequest()
	req.TimeoutMillis = c.timeoutMillis()
	for _, a := range creations {
		req.Topics = append(req.Topics, newTopic(a))
	}
	answer, err := ask[*kmsg.CreateTopicsResponse](ctx, c.writes, req)
	if err != nil {
		return nil, 0, err
	}
	replies := make(map[string]reply, len(answer.Topics))
	for _, t := range answer.Topics {
		replies[t.Topic] = reply{code: t.ErrorCode, text: textOf(t.ErrorMessage), id: idText(t.TopicID)}
	}
	return replies, millis(answer.ThrottleMillis), nil
}

func newTopic(a topic.Creation) kmsg.CreateTopicsRequestTopic {
	t := kmsg.NewCreateTopicsRequestTopic()
	t.Topic = a.Name
	t.NumPartitions = int32(a.Partitions)
	t.ReplicationFactor = int16(a.Replicas)
	for _, key := range slices.Sorted(maps.Keys(a.Config)) {
		config := kmsg.NewCreateTopicsRequestTopicConfig()
		config.Name = key
		config.Value = new(a.Config[key])
		t.Configs = append(t.Configs, config)
	}
	return t
}

func judgeCreation(r reply) *topic.Failure {
	if r.code == kerr.TopicAlreadyExists.Code {
		f := failure(topic.Pending, "exists already"+lookingAgain)
		return &f
	}
	return classifyCode(r.code, r.text)
}
