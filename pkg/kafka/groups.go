package kafka

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

// describeBit is DESCRIBE in the bits of authorized operations: bit n stands for operation n.
const describeBit = 1 << 8

// Groups lists the groups of every broker, in any state and of any type, sorted by name. Known is false unless every broker
// answered and the principal has DESCRIBE on the cluster: without it Kafka leaves groups out and does not say so. What was
// told is listed all the same.
//
// It takes one request to each broker, and one more.
func (c *Client) Groups(ctx context.Context) topic.Groups {
	list, answered := c.listGroups(ctx)
	return topic.Groups{Known: answered && c.seesAllGroups(ctx), List: list}
}

// seesAllGroups asks for our own rights: without DESCRIBE on the cluster, ListGroups silently leaves groups out.
func (c *Client) seesAllGroups(ctx context.Context) bool {
	req := kmsg.NewPtrDescribeClusterRequest()
	req.IncludeClusterAuthorizedOperations = true
	answer, err := ask[*kmsg.DescribeClusterResponse](ctx, c.reads, req)
	return err == nil && answer.ErrorCode == 0 && answer.ClusterAuthorizedOperations&describeBit != 0
}

// listGroups is false unless every broker answered: each lists those that it coordinates.
func (c *Client) listGroups(ctx context.Context) (list []topic.Group, answered bool) {
	answered = true
	for _, shard := range c.reads.RequestSharded(ctx, kmsg.NewPtrListGroupsRequest()) {
		answer, isList := shard.Resp.(*kmsg.ListGroupsResponse)
		if shard.Err != nil || !isList || answer.ErrorCode != 0 {
			answered = false
			continue
		}
		for _, group := range answer.Groups {
			list = append(list, listed(group))
		}
	}
	slices.SortFunc(list, func(a, b topic.Group) int { return cmp.Compare(a.Name, b.Name) })
	// While a group moves to another broker, both list it.
	return slices.CompactFunc(list, func(a, b topic.Group) bool { return a.Name == b.Name }), answered
}

func listed(group kmsg.ListGroupsResponseGroup) topic.Group {
	kind := strings.ToLower(group.GroupType)
	if kind == "" { // before Kafka 3.8 there were no others
		kind = kindClassic
	}
	return topic.Group{Name: group.Group, Type: kind, Protocol: group.ProtocolType, State: group.GroupState}
}
