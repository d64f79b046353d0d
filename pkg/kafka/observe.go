package kafka

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

// metadataChunk is how many topics one Metadata request names.
const metadataChunk = 1000

// Observe looks at topics and changes nothing: all of the cluster when names is nil, else just those named.
//
// What is found is in Topics, with topic-level configs and whether replicas are being moved. What cannot be described
// is in Unknown and never fails the whole. An error means that nothing was learned; [Classify] says why.
//
// A look at all topics shows those that the principal may describe, and Kafka does not say that there are others. So
// the look is Complete only after a second question. Where the brokers list topics as config resources (4.1 and newer,
// with DESCRIBE_CONFIGS on the cluster; that list is not filtered), each listed topic must have been seen: what the
// principal may not describe is then in Unknown by name and Complete is false. Elsewhere the principal must be able to
// describe a random name that no topic has, which takes a right on all topics (or no authorizer), and no ACL that it
// can see may deny it single topics. One hole is left there: with allow.everyone.if.no.acl.found, topics with an ACL
// for others are left out unnoticed.
func (c *Client) Observe(ctx context.Context, names []string) (topic.Snapshot, error) {
	snap := topic.Snapshot{Topics: map[string]topic.Observed{}, Unknown: map[string]string{}}
	look := func() error { return c.lookAtAll(ctx, &snap) }
	if names != nil {
		look = func() error { return c.lookAt(ctx, names, &snap) }
	}
	if err := look(); err != nil {
		return topic.Snapshot{}, fmt.Errorf("observing topics: %w", err)
	}
	if err := c.addReassignments(ctx, snap.Topics); err != nil {
		return topic.Snapshot{}, fmt.Errorf("observing reassignments: %w", err)
	}
	if err := c.addConfigs(ctx, snap.Topics); err != nil {
		return topic.Snapshot{}, fmt.Errorf("observing topic configs: %w", err)
	}
	return snap, nil
}

func (c *Client) lookAtAll(ctx context.Context, snap *topic.Snapshot) error {
	req := metadataRequest()
	req.Topics = nil // null is "all", empty is "none"
	answer, err := ask[*kmsg.MetadataResponse](ctx, c.reads, req)
	if err != nil {
		return err
	}
	record(snap, answer)
	return c.judgeComplete(ctx, snap)
}

// lookAt adds the named topics to snap.
func (c *Client) lookAt(ctx context.Context, names []string, snap *topic.Snapshot) error {
	distinct := slices.Compact(slices.Sorted(slices.Values(names)))
	for chunk := range slices.Chunk(distinct, metadataChunk) {
		answer, err := c.metadataOf(ctx, chunk)
		if err != nil {
			return err
		}
		record(snap, answer)
	}
	slices.Sort(snap.Absent)
	return nil
}

func (c *Client) metadataOf(ctx context.Context, names []string) (*kmsg.MetadataResponse, error) {
	req := metadataRequest()
	for _, name := range names {
		t := kmsg.NewMetadataRequestTopic()
		t.Topic = new(name)
		req.Topics = append(req.Topics, t)
	}
	return ask[*kmsg.MetadataResponse](ctx, c.reads, req)
}

// metadataRequest never creates a topic by looking for it.
func metadataRequest() *kmsg.MetadataRequest {
	req := kmsg.NewPtrMetadataRequest()
	req.AllowAutoTopicCreation = false
	req.Topics = []kmsg.MetadataRequestTopic{}
	return req
}

// record sorts one answer into what is there, what is not and what cannot be told.
func record(snap *topic.Snapshot, answer *kmsg.MetadataResponse) {
	snap.ClusterID = textOf(answer.ClusterID)
	for _, t := range answer.Topics {
		name := textOf(t.Topic)
		switch t.ErrorCode {
		case 0:
			snap.Topics[name] = observed(name, t)
		case kerr.UnknownTopicOrPartition.Code, kerr.InvalidTopicException.Code:
			// A name that Kafka calls illegal is one that no topic has.
			snap.Absent = append(snap.Absent, name)
		default:
			snap.Unknown[name] = classifyCode(t.ErrorCode, "").Message
		}
	}
}

func observed(name string, t kmsg.MetadataResponseTopic) topic.Observed {
	o := topic.Observed{
		Name:       name,
		ID:         idText(t.TopicID),
		Partitions: int64(len(t.Partitions)),
		Internal:   t.IsInternal,
		Config:     map[string]string{},
	}
	for _, p := range t.Partitions {
		o.Replicas = max(o.Replicas, int64(len(p.Replicas)))
		if p.Leader < 0 { // every reason why a partition has no leader shows as this
			o.Leaderless++
		}
	}
	return o
}

// addReassignments marks topics whose replicas are being moved. Without the right to know (DESCRIBE on the cluster),
// or on brokers that cannot say, they count as at rest.
func (c *Client) addReassignments(ctx context.Context, topics map[string]topic.Observed) error {
	if len(topics) == 0 {
		return nil
	}
	req := kmsg.NewPtrListPartitionReassignmentsRequest()
	req.TimeoutMillis = c.timeoutMillis()
	req.Topics = nil // all: movements are few, names are many
	answer, err := ask[*kmsg.ListPartitionReassignmentsResponse](ctx, c.reads, req)
	switch {
	case err != nil && unsupported(err):
		return nil
	case err != nil:
		return err
	case answer.ErrorCode == kerr.ClusterAuthorizationFailed.Code:
		return nil
	}
	if err := kerr.ErrorForCode(answer.ErrorCode); err != nil {
		return err
	}
	for _, t := range answer.Topics {
		if o, ok := topics[t.Topic]; ok && len(t.Partitions) > 0 {
			o.Reassigning = true
			topics[t.Topic] = o
		}
	}
	return nil
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
