package kafka

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

const (
	maxGrowths = 1000
	// maxAdded bounds the partitions added by a request. Above 10,000 the brokers before 4.4 answer with an unknown
	// error and add the first 10,000 all the same.
	maxAdded = 5000
)

// growth is a Growth with how many partitions it adds at most.
type growth struct {
	topic.Growth
	added int64
}

// Grow adds partitions up to the total of each Growth and returns one outcome for each, in order. It asks for the
// present counts first, for Kafka's limit is on what is added; where a count cannot be read the total stands in. A
// Growth by more than 5,000 is done in steps: its outcome is Pending until the caller, having looked again, asks for
// the rest. So is that of a topic that has as many partitions already.
func (c *Client) Grow(ctx context.Context, growths []topic.Growth) []topic.Outcome {
	counts := c.partitionCounts(ctx, growths)
	sized := make([]growth, len(growths))
	for i, g := range growths {
		sized[i] = size(g, counts[g.Name])
	}
	outcomes := apply(ctx, kind[growth]{
		name:      func(g growth) string { return g.Name },
		key:       func(g growth) string { return g.Name },
		weight:    func(g growth) int { return int(g.added) },
		maxItems:  maxGrowths,
		maxWeight: maxAdded,
		send:      c.sendGrowths,
		judge:     judgeGrowth,
	}, sized)
	for i, g := range growths {
		if sized[i].Partitions < g.Partitions && outcomes[i].Failure == nil {
			f := failure(topic.Pending, fmt.Sprintf("grown to %d of %d partitions; the rest follows", sized[i].Partitions, g.Partitions))
			outcomes[i].Failure = &f
		}
	}
	return outcomes
}

// size cuts a growth to one step. Without a present count nothing may be cut: the step could be below what is there.
func size(g topic.Growth, present int64) growth {
	added := max(g.Partitions-present, 1)
	if present > 0 && added > maxAdded {
		added = maxAdded
		g.Partitions = present + added
	}
	return growth{Growth: g, added: added}
}

// partitionCounts is best effort: it only shapes requests.
func (c *Client) partitionCounts(ctx context.Context, growths []topic.Growth) map[string]int64 {
	names := make([]string, len(growths))
	for i, g := range growths {
		names[i] = g.Name
	}
	snap := topic.Snapshot{Topics: map[string]topic.Observed{}, Unknown: map[string]string{}}
	counts := make(map[string]int64, len(names))
	if err := c.lookAt(ctx, names, &snap); err != nil {
		return counts
	}
	for name, o := range snap.Topics {
		counts[name] = o.Partitions
	}
	return counts
}

func (c *Client) sendGrowths(ctx context.Context, growths []growth) (map[string]reply, time.Duration, error) {
	req := kmsg.NewPtrCreatePartitionsRequest()
	req.TimeoutMillis = c.timeoutMillis()
	for _, g := range growths {
		t := kmsg.NewCreatePartitionsRequestTopic()
		t.Topic = g.Name
		t.Count = int32(g.Partitions)
		req.Topics = append(req.Topics, t)
	}
	answer, err := ask[*kmsg.CreatePartitionsResponse](ctx, c.writes, req)
	if err != nil {
		return nil, 0, err
	}
	replies := make(map[string]reply, len(answer.Topics))
	for _, t := range answer.Topics {
		replies[t.Topic] = reply{code: t.ErrorCode, text: textOf(t.ErrorMessage)}
	}
	return replies, millis(answer.ThrottleMillis), nil
}

// judgeGrowth takes "no increase" for a stale look: the caller asks for growth only.
func judgeGrowth(r reply) *topic.Failure {
	if r.code == kerr.InvalidPartitions.Code {
		f := failure(topic.Pending, "has as many partitions already"+lookingAgain)
		return &f
	}
	return classifyCode(r.code, r.text)
}
