package kafka

import (
	"context"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

// commitChunk is how many groups one OffsetFetch names. An answer holds all that they have ever committed, some 40 bytes a
// partition.
const commitChunk = 1000

// unknownLag stands for a lag that could not be told.
const unknownLag = -1

// progress is how far groups have come in the topics of one question.
type progress struct {
	// ends are the latest offsets of the topics' partitions.
	ends map[partition]int64
	// names are the topics, and byID their names by Kafka's own IDs.
	names map[string]bool
	byID  map[string]string
	// lags is what was found: by topic and group, negative when it is not known.
	lags map[string]map[string]int64
}

func newProgress(topics []topic.Observed, ends map[partition]int64) *progress {
	p := &progress{ends: ends, names: map[string]bool{}, byID: map[string]string{}, lags: map[string]map[string]int64{}}
	for _, o := range topics {
		p.names[o.Name] = true
		if o.ID != "" {
			p.byID[o.ID] = o.Name
		}
	}
	return p
}

// name is the topic that an answer is about, empty when nobody asked about it. New versions tell IDs only.
func (p *progress) name(name string, id [16]byte) string {
	if name == "" {
		name = p.byID[idText(id)]
	}
	if !p.names[name] {
		return ""
	}
	return name
}

// add counts a partition of a topic in; one unknown partition makes the whole unknown.
func (p *progress) add(topicName, group string, lag int64) {
	groups := p.lags[topicName]
	if groups == nil {
		groups = map[string]int64{}
		p.lags[topicName] = groups
	}
	if before := groups[group]; before < 0 || lag < 0 {
		groups[group] = unknownLag
		return
	}
	groups[group] += lag
}

// behind is the lag of one committed offset. Retention and truncation may leave it beyond the end.
func (p *progress) behind(at partition, committed int64) int64 {
	end, known := p.ends[at]
	if !known {
		return unknownLag
	}
	return max(end-committed, 0)
}

// addCommits finds out which groups have committed offsets; false when one of them did not say. Groups are asked many at a
// time, each of their coordinators for its own, by brokers from 3.0 on; older ones are asked group by group.
func (c *Client) addCommits(ctx context.Context, groups []topic.Group, to *progress) bool {
	var commits, shares []string
	for _, group := range groups {
		if group.Type == kindShare {
			shares = append(shares, group.Name)
			continue
		}
		commits = append(commits, group.Name)
	}
	known := true
	for chunk := range slices.Chunk(commits, commitChunk) {
		known = c.fetchCommits(ctx, chunk, to) && known
	}
	for chunk := range slices.Chunk(shares, commitChunk) {
		known = c.fetchShares(ctx, chunk, to) && known
	}
	return known
}

func (c *Client) fetchCommits(ctx context.Context, groups []string, to *progress) bool {
	req := kmsg.NewPtrOffsetFetchRequest()
	for _, name := range groups {
		group := kmsg.NewOffsetFetchRequestGroup()
		group.Group = name // and no topics, which is all
		req.Groups = append(req.Groups, group)
	}
	answered, known := 0, true
	for _, shard := range c.reads.RequestSharded(ctx, req) {
		answer, ok := shard.Resp.(*kmsg.OffsetFetchResponse)
		if shard.Err != nil || !ok {
			continue // its groups are missing from answered
		}
		answered += len(answer.Groups)
		for _, group := range answer.Groups {
			known = to.addGroup(group) && known
		}
	}
	return known && answered == len(groups)
}

func (p *progress) addGroup(group kmsg.OffsetFetchResponseGroup) bool {
	if group.ErrorCode != 0 {
		return group.ErrorCode == kerr.GroupIDNotFound.Code // it is gone since it was listed
	}
	known := true
	for _, t := range group.Topics {
		name := p.name(t.Topic, t.TopicID)
		if name == "" {
			continue
		}
		for _, at := range t.Partitions {
			switch {
			case at.ErrorCode != 0:
				known = false
			case at.Offset >= 0:
				p.add(name, group.Group, p.behind(partition{name, at.Partition}, at.Offset))
			}
		}
	}
	return known
}

// fetchShares asks for the offsets of share groups, which they do not commit: the brokers keep where each begins.
func (c *Client) fetchShares(ctx context.Context, groups []string, to *progress) bool {
	req := kmsg.NewPtrDescribeShareGroupOffsetsRequest()
	for _, name := range groups {
		group := kmsg.NewDescribeShareGroupOffsetsRequestGroup()
		group.GroupID = name // and no topics, which is all
		req.Groups = append(req.Groups, group)
	}
	answered, known := 0, true
	for _, shard := range c.reads.RequestSharded(ctx, req) {
		answer, ok := shard.Resp.(*kmsg.DescribeShareGroupOffsetsResponse)
		if shard.Err != nil || !ok {
			continue
		}
		answered += len(answer.Groups)
		for _, group := range answer.Groups {
			known = to.addShare(group) && known
		}
	}
	return known && answered == len(groups)
}

func (p *progress) addShare(group kmsg.DescribeShareGroupOffsetsResponseGroup) bool {
	if group.ErrorCode != 0 {
		return group.ErrorCode == kerr.GroupIDNotFound.Code
	}
	known := true
	for _, t := range group.Topics {
		name := p.name(t.Topic, t.TopicID)
		if name == "" {
			continue
		}
		for _, at := range t.Partitions {
			if at.ErrorCode != 0 {
				known = false
				continue
			}
			p.add(name, group.GroupID, at.Lag)
		}
	}
	return known
}
