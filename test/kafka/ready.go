package kafkatest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// waitReady returns once every node that should be up answers and knows all others: a broker opens its listeners only
// when the controller has admitted it, so from then on all of them serve.
func (c *Cluster) waitReady(ctx context.Context) error {
	want := map[int32]bool{}
	for _, n := range c.nodes {
		if n.up {
			want[int32(n.id)] = true
		}
	}
	return c.eachNode(func(n *node) error {
		if !want[int32(n.id)] {
			return nil
		}
		return n.waitReady(ctx, c.id, want)
	})
}

func (n *node) waitReady(ctx context.Context, clusterID string, want map[int32]bool) error {
	client, err := kgo.NewClient(kgo.SeedBrokers(address(n.ports.internal)), kgo.RequestRetries(0), kgo.DialTimeout(time.Second))
	if err != nil {
		return fmt.Errorf("asking node %d: %w", n.id, err)
	}
	defer client.Close()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := askReady(ctx, client, clusterID, want)
		if err == nil {
			return nil
		}
		select {
		case <-n.process.done:
			return fmt.Errorf("node %d ended; the end of its log:\n%s", n.id, n.log())
		case <-ctx.Done():
			return fmt.Errorf("node %d is not ready (%w): %w; the end of its log:\n%s", n.id, err, ctx.Err(), n.log())
		case <-tick.C:
		}
	}
}

var errNotReady = errors.New("brokers missing")

func askReady(ctx context.Context, client *kgo.Client, clusterID string, want map[int32]bool) error {
	request := kmsg.NewPtrMetadataRequest()
	request.Topics = []kmsg.MetadataRequestTopic{}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	raw, err := client.SeedBrokers()[0].Request(ctx, request)
	if err != nil {
		return err
	}
	response, ok := raw.(*kmsg.MetadataResponse)
	if !ok {
		return kerr.UnknownServerError
	}
	// Another cluster may have been quicker to take the port: the node ends then, and its port answers all the same.
	if response.ClusterID == nil || *response.ClusterID != clusterID {
		return fmt.Errorf("%w: the port is another cluster's", errNotReady)
	}
	seen := 0
	for _, broker := range response.Brokers {
		if want[broker.NodeID] {
			seen++
		}
	}
	if seen < len(want) || response.ControllerID < 0 {
		return fmt.Errorf("%w: sees %d of %d", errNotReady, seen, len(want))
	}
	return nil
}
