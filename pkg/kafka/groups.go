package kafka

import (
	"context"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	// describeBit is DESCRIBE in the bits of authorized operations: bit n stands for operation n.
	describeBit = 1 << 8
	groupChunk  = 200
)

// readers gives the groups with members by topic. known is false when a group may be missing or be about any topic.
func (c *Client) readers(ctx context.Context) (groups readersByTopic, known bool) {
	groups = readersByTopic{}
	if !c.seesAllGroups(ctx) {
		return groups, false
	}
	listed, known := c.listGroups(ctx)
	if !known {
		return groups, false
	}
	for kind, names := range listed {
		for chunk := range slices.Chunk(names, groupChunk) {
			known = c.describe(ctx, kind, chunk, groups) && known
		}
	}
	groups.sort()
	return groups, known
}

// seesAllGroups asks for our own rights: without DESCRIBE on the cluster, ListGroups silently leaves groups out.
func (c *Client) seesAllGroups(ctx context.Context) bool {
	req := kmsg.NewPtrDescribeClusterRequest()
	req.IncludeClusterAuthorizedOperations = true
	answer, err := ask[*kmsg.DescribeClusterResponse](ctx, c.reads, req)
	return err == nil && answer.ErrorCode == 0 && answer.ClusterAuthorizedOperations&describeBit != 0
}

// listGroups names the groups that may have members, by kind; ok is false unless every broker answered.
func (c *Client) listGroups(ctx context.Context) (byKind map[string][]string, ok bool) {
	byKind = map[string][]string{}
	for _, shard := range c.reads.RequestSharded(ctx, kmsg.NewPtrListGroupsRequest()) {
		answer, isList := shard.Resp.(*kmsg.ListGroupsResponse)
		if shard.Err != nil || !isList || answer.ErrorCode != 0 {
			return nil, false
		}
		for _, group := range answer.Groups {
			if group.GroupState == "Empty" || group.GroupState == "Dead" {
				continue
			}
			kind := strings.ToLower(group.GroupType)
			if kind == "" { // before Kafka 3.8 there were no others
				kind = "classic"
			}
			byKind[kind] = append(byKind[kind], group.Group)
		}
	}
	return byKind, true
}
