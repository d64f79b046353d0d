package kafka

import (
	"context"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

// The types of groups, as the brokers list them.
const (
	kindClassic  = "classic"
	kindConsumer = "consumer"
	kindShare    = "share"
	kindStreams  = "streams"
)

// groupChunk is how many groups one request describes, with all their members.
const groupChunk = 200

// readership is what groups with members read.
type readership struct {
	// topics holds the groups by topic.
	topics map[string][]string
	// members counts those of a group, whatever they read.
	members map[string]int64
}

func newReadership() readership {
	return readership{topics: map[string][]string{}, members: map[string]int64{}}
}

func (r readership) add(group, topicName string) {
	if !slices.Contains(r.topics[topicName], group) {
		r.topics[topicName] = append(r.topics[topicName], group)
	}
}

func (r readership) sort() {
	for _, groups := range r.topics {
		slices.Sort(groups)
	}
}

// readers finds out what the groups with members read; false when that could not be told of one of them, which may then
// read any topic.
func (c *Client) readers(ctx context.Context, groups []topic.Group) (found readership, known bool) {
	found, known = newReadership(), true
	byKind := map[string][]string{}
	for _, group := range groups {
		if group.State != "Empty" && group.State != "Dead" {
			byKind[group.Type] = append(byKind[group.Type], group.Name)
		}
	}
	for kind, names := range byKind {
		for chunk := range slices.Chunk(names, groupChunk) {
			known = c.describe(ctx, kind, chunk, found) && known
		}
	}
	found.sort()
	return found, known
}

// describe adds what the members of the groups read; false when that could not be found out for one of them.
func (c *Client) describe(ctx context.Context, kind string, names []string, into readership) bool {
	switch kind {
	case kindClassic:
		req := kmsg.NewPtrDescribeGroupsRequest()
		req.Groups = names
		return addAll(c.reads.RequestSharded(ctx, req), into, addClassic)
	case kindConsumer:
		req := kmsg.NewPtrConsumerGroupDescribeRequest()
		req.Groups = names
		return addAll(c.reads.RequestSharded(ctx, req), into, addConsumer)
	case kindShare:
		req := kmsg.NewPtrShareGroupDescribeRequest()
		req.GroupIDs = names
		return addAll(c.reads.RequestSharded(ctx, req), into, addShare)
	case kindStreams:
		return c.describeStreams(ctx, names, into)
	default:
		return false // a kind that we cannot read
	}
}

// addAll passes each broker's answer on; false unless all answered and all was readable.
func addAll[R any](shards []kgo.ResponseShard, into readership, add func(R, readership) bool) bool {
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

func addClassic(answer *kmsg.DescribeGroupsResponse, into readership) bool {
	known := true
	for _, group := range answer.Groups {
		into.members[group.Group] = int64(len(group.Members))
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

func addClassicMembers(group kmsg.DescribeGroupsResponseGroup, into readership) bool {
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

func addConsumer(answer *kmsg.ConsumerGroupDescribeResponse, into readership) bool {
	known := true
	for _, group := range answer.Groups {
		into.members[group.Group] = int64(len(group.Members))
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

func addShare(answer *kmsg.ShareGroupDescribeResponse, into readership) bool {
	known := true
	for _, group := range answer.Groups {
		into.members[group.GroupID] = int64(len(group.Members))
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
