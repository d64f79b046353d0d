package kafka

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

const (
	// maxDeleted bounds the IDs of a request: IDs that are gone cost the controller cubic time, and a request that is
	// sent again after a lost answer holds nothing else.
	maxDeleted = 200
	// deletesByID is the version of DeleteTopics that knows IDs (KIP-516, Kafka 2.8).
	deletesByID = 6
)

// Delete removes topics by ID and returns one outcome for each, in order. A topic that is gone already is a success:
// its ID never comes back. The name in a Removal is for the outcome only and reaches no broker. The caller leaves out
// IDs that its latest look did not show.
func (c *Client) Delete(ctx context.Context, removals []topic.Removal) []topic.Outcome {
	outcomes := make([]topic.Outcome, len(removals))
	var sound []topic.Removal
	var indexes []int
	for i, removal := range removals {
		if _, err := parseID(removal.ID); err != nil {
			f := failure(topic.KafkaRefused, "not sent: "+err.Error())
			outcomes[i] = topic.Outcome{Name: removal.Name, Failure: &f}
			continue
		}
		sound = append(sound, removal)
		indexes = append(indexes, i)
	}
	for n, outcome := range apply(ctx, c.deletion(), sound) {
		outcomes[indexes[n]] = outcome
	}
	return outcomes
}

func (c *Client) deletion() kind[topic.Removal] {
	return kind[topic.Removal]{
		name:      func(a topic.Removal) string { return a.Name },
		key:       func(a topic.Removal) string { return a.ID },
		weight:    func(topic.Removal) int { return 1 },
		maxItems:  maxDeleted,
		maxWeight: maxDeleted,
		send:      c.sendRemovals,
		judge:     judgeRemoval,
	}
}

func (c *Client) sendRemovals(ctx context.Context, removals []topic.Removal) (map[string]reply, time.Duration, error) {
	req := kmsg.NewPtrDeleteTopicsRequest()
	req.TimeoutMillis = c.timeoutMillis()
	for _, removal := range removals {
		id, err := parseID(removal.ID)
		if err != nil {
			return nil, 0, err
		}
		t := kmsg.NewDeleteTopicsRequestTopic()
		t.TopicID = id
		req.Topics = append(req.Topics, t)
	}
	answer, err := ask[*kmsg.DeleteTopicsResponse](ctx, c.writes, req)
	if err != nil {
		return nil, 0, err
	}
	if answer.Version < deletesByID { // then no ID was sent and nothing deleted
		return nil, 0, kerr.UnsupportedVersion
	}
	replies := make(map[string]reply, len(answer.Topics))
	for _, t := range answer.Topics {
		replies[idText(t.TopicID)] = reply{code: t.ErrorCode, text: textOf(t.ErrorMessage), id: idText(t.TopicID)}
	}
	return replies, millis(answer.ThrottleMillis), nil
}

func judgeRemoval(r reply) *topic.Failure {
	if r.code == kerr.UnknownTopicID.Code {
		return nil
	}
	return classifyCode(r.code, r.text)
}
