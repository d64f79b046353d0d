package kafka

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

// listsTopics is the version of ListConfigResources (KIP-1142, Kafka 4.1) that lists topics. The one before answers
// every question with success and nothing.
const listsTopics = 1

// judgeComplete finds out whether a look at all topics missed some; see Observe.
func (c *Client) judgeComplete(ctx context.Context, snap *topic.Snapshot) error {
	listed, ok, err := c.listTopics(ctx)
	if err != nil {
		return err
	}
	if ok {
		return c.crossCheck(ctx, snap, listed)
	}
	return c.probeRight(ctx, snap)
}

// listTopics names all topics whether the principal may describe them or not. ok is false where the brokers cannot do
// so or the principal lacks DESCRIBE_CONFIGS on the cluster.
func (c *Client) listTopics(ctx context.Context) (names []string, ok bool, err error) {
	req := kmsg.NewPtrListConfigResourcesRequest()
	req.ResourceTypes = []int8{int8(kmsg.ConfigResourceTypeTopic)}
	answer, err := ask[*kmsg.ListConfigResourcesResponse](ctx, c.reads, req)
	if err != nil {
		if unsupported(err) {
			return nil, false, nil
		}
		return nil, false, err
	}
	if answer.Version < listsTopics || answer.ErrorCode != 0 {
		return nil, false, nil
	}
	for _, resource := range answer.ConfigResources {
		if kmsg.ConfigResourceType(resource.Type) == kmsg.ConfigResourceTypeTopic {
			names = append(names, resource.Name)
		}
	}
	return names, true, nil
}

// crossCheck asks by name for what was listed and not seen. Most of that is a topic on its way in or out; what the
// principal may not describe answers so.
func (c *Client) crossCheck(ctx context.Context, snap *topic.Snapshot, listed []string) error {
	var missed []string
	for _, name := range listed {
		_, seen := snap.Topics[name]
		_, known := snap.Unknown[name]
		if !seen && !known {
			missed = append(missed, name)
		}
	}
	before := len(snap.Unknown)
	if err := c.lookAt(ctx, missed, snap); err != nil {
		return err
	}
	snap.Absent = nil // nobody asked for those names
	if hidden := len(snap.Unknown) - before; hidden > 0 {
		snap.Incomplete = fmt.Sprintf("%d topics are there that the syncer's principal may not describe: grant it DESCRIBE on all topics", hidden)
		return nil
	}
	snap.Complete = true
	return nil
}

// probeRight asks for a random name. Only who may describe any topic hears that it does not exist.
func (c *Client) probeRight(ctx context.Context, snap *topic.Snapshot) error {
	answer, err := c.metadataOf(ctx, []string{randomName()})
	if err != nil {
		return err
	}
	for _, t := range answer.Topics {
		switch t.ErrorCode {
		case kerr.UnknownTopicOrPartition.Code:
			snap.Incomplete = c.denials(ctx)
			snap.Complete = snap.Incomplete == ""
			return nil
		case kerr.TopicAuthorizationFailed.Code:
			snap.Incomplete = "the syncer's principal may not describe every topic, and Kafka leaves the others out " +
				"without saying so: grant it DESCRIBE on all topics"
			return nil
		}
	}
	snap.Incomplete = "Kafka did not say whether the syncer's principal may describe every topic"
	return nil
}

// randomName is a legal name that no topic has. It begins as no sensible name does, so that a right on names with some
// prefix is not taken for one on all.
func randomName() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails, by its documentation
	return "-.-topicgate-" + hex.EncodeToString(random[:])
}
