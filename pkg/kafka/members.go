package kafka

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// describe adds what the members of the groups read; false when that could not be found out for one of them.
func (c *Client) describe(ctx context.Context, kind string, names []string, into readersByTopic) bool {
	switch kind {
	case "classic":
		req := kmsg.NewPtrDescribeGroupsRequest()
		req.Groups = names
		return addAll(c.reads.RequestSharded(ctx, req), into, addClassic)
	case "consumer":
		req := kmsg.NewPtrConsumerGroupDescribeRequest()
		req.Groups = names
		return addAll(c.reads.RequestSharded(ctx, req), into, addConsumer)
	case "share":
		req := kmsg.NewPtrShareGroupDescribeRequest()
		req.GroupIDs = names
		return addAll(c.reads.RequestSharded(ctx, req), into, addShare)
	default:
		return false // a kind that we cannot read, such as streams
	}
}

// addAll passes each broker's answer on; false unless all answered and all was readable.
func addAll[R any](shards []kgo.ResponseShard, into readersByTopic, add func(R, readersByTopic) bool) bool {
	known := true
	for _, shard := range shards {
		answer, ok := shard.Resp.(R)
		if shard.Err != nil || !ok {
			known = false
			continue
		}
		known = add(answer, into) && known
	}
	return known
}

func addClassic(answer *kmsg.DescribeGroupsResponse, into readersByTopic) bool {
	known := true
	for _, group := range answer.Groups {
		switch {
		case group.ErrorCode != 0:
			known = false
		case group.ProtocolType != "" && group.ProtocolType != "consumer":
			// Connect workers and the like meet in groups without reading topics.
		case group.State == "Stable":
			known = addClassicMembers(group, into) && known
		case len(group.Members) > 0:
			known = false // between two assignments a member does not say what it reads
		}
	}
	return known
}

func addClassicMembers(group kmsg.DescribeGroupsResponseGroup, into readersByTopic) bool {
	known := true
	for _, member := range group.Members {
		var wants kmsg.ConsumerMemberMetadata
		if err := wants.ReadFrom(member.ProtocolMetadata); err != nil {
			known = false
		}
		for _, name := range wants.Topics {
			into.add(group.Group, name)
		}
		if len(member.MemberAssignment) == 0 {
			continue // more members than partitions
		}
		var has kmsg.ConsumerMemberAssignment
		if err := has.ReadFrom(member.MemberAssignment); err != nil {
			known = false
		}
		for _, t := range has.Topics {
			into.add(group.Group, t.Topic)
		}
	}
	return known
}

func addConsumer(answer *kmsg.ConsumerGroupDescribeResponse, into readersByTopic) bool {
	known := true
	for _, group := range answer.Groups {
		if group.ErrorCode != 0 {
			known = false
			continue
		}
		for _, member := range group.Members {
			for _, name := range member.SubscribedTopics {
				into.add(group.Group, name)
			}
			for _, assigned := range [][]kmsg.AssignmentTopicPartition{
				member.Assignment.TopicPartitions, member.TargetAssignment.TopicPartitions,
			} {
				for _, t := range assigned {
					into.add(group.Group, t.Topic)
				}
			}
		}
	}
	return known
}

func addShare(answer *kmsg.ShareGroupDescribeResponse, into readersByTopic) bool {
	known := true
	for _, group := range answer.Groups {
		if group.ErrorCode != 0 {
			known = false
			continue
		}
		for _, member := range group.Members {
			for _, name := range member.SubscribedTopicNames {
				into.add(group.GroupID, name)
			}
			for _, t := range member.Assignment.TopicPartitions {
				into.add(group.GroupID, t.Topic)
			}
		}
	}
	return known
}
