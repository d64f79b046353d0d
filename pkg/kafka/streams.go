package kafka

import (
	"context"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// groupCoordinator is the kind of coordinator that groups have.
const groupCoordinator = 0

// describeStreams adds what streams groups (KIP-1071) work on: what their topology reads, and the repartition and changelog
// topics that they could not do without. The client library sends this question to one broker only, so that each group's
// own is found here.
func (c *Client) describeStreams(ctx context.Context, names []string, into readership) bool {
	byBroker, known := c.coordinators(ctx, names)
	for id, groups := range byBroker {
		req := kmsg.NewPtrStreamsGroupDescribeRequest()
		req.Groups = groups
		answer, err := ask[*kmsg.StreamsGroupDescribeResponse](ctx, c.broker(id), req)
		if err != nil {
			known = false
			continue
		}
		for _, group := range answer.Groups {
			known = addStreams(group, into) && known
		}
	}
	return known
}

// coordinators gives the groups by the broker that keeps them; false when one has none at the moment.
func (c *Client) coordinators(ctx context.Context, names []string) (byBroker map[int64][]string, known bool) {
	req := kmsg.NewPtrFindCoordinatorRequest()
	req.CoordinatorType = groupCoordinator
	req.CoordinatorKeys = names
	answer, err := ask[*kmsg.FindCoordinatorResponse](ctx, c.reads, req)
	if err != nil {
		return nil, false
	}
	byBroker, known = map[int64][]string{}, true
	for _, found := range answer.Coordinators {
		if found.ErrorCode != 0 {
			known = false
			continue
		}
		byBroker[int64(found.NodeID)] = append(byBroker[int64(found.NodeID)], found.Key)
	}
	return byBroker, known
}

func addStreams(group kmsg.StreamsGroupDescribeResponseGroup, into readership) bool {
	into.members[group.Group] = int64(len(group.Members))
	if group.ErrorCode != 0 {
		return false
	}
	if group.Topology == nil || group.Topology.Subtopologies == nil {
		return len(group.Members) == 0 // until its source topics are there, the group does not say what it reads
	}
	for _, part := range group.Topology.Subtopologies {
		for _, name := range slices.Concat(part.SourceTopics, part.RepartitionSinkTopics) {
			into.add(group.Group, name)
		}
		for _, internal := range slices.Concat(part.StateChangelogTopics, part.RepartitionSourceTopics) {
			into.add(group.Group, internal.Topic)
		}
	}
	return true
}
