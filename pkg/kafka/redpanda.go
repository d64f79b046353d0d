package kafka

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	// redpandaAutoCreate is Redpanda's name for the setting; it does not know Kafka's own.
	redpandaAutoCreate = "auto_create_topics_enabled"
	// redpandaPrefix begins the cluster IDs of Redpanda, so that clients can tell whom they talk to. Kafka's, which are UUIDs
	// in base64url, hold no dot.
	redpandaPrefix = "redpanda."
)

// ErrNotRedpanda says that the brokers are not Redpanda's; nothing was asked of them.
var ErrNotRedpanda = errors.New("these brokers are not Redpanda's, so that only their own configuration files can switch auto-creation off")

// SwitchOffRedpandaAutoCreate switches auto-creation off in a Redpanda cluster, for good and for all of its brokers. It
// takes ALTER_CONFIGS on the cluster. It really applies: Redpanda ignores a request to validate only.
//
// Who the brokers are is found out first, and anybody else's are left alone with [ErrNotRedpanda]: Apache Kafka answers
// success to a setting that it does not know, stores it, and goes on creating topics. Where success is answered, the
// setting should still be seen to have changed, with [Client.DescribeCluster].
func (c *Client) SwitchOffRedpandaAutoCreate(ctx context.Context) error {
	answer, err := c.metadataOf(ctx, nil)
	if err != nil {
		return fmt.Errorf("finding out whose brokers these are: %w", err)
	}
	if !strings.HasPrefix(textOf(answer.ClusterID), redpandaPrefix) {
		return ErrNotRedpanda
	}
	req := kmsg.NewPtrIncrementalAlterConfigsRequest()
	resource := kmsg.NewIncrementalAlterConfigsRequestResource()
	resource.ResourceType = kmsg.ConfigResourceTypeBroker
	resource.ResourceName = "" // all brokers: Redpanda takes no names
	config := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
	config.Name, config.Op, config.Value = redpandaAutoCreate, kmsg.IncrementalAlterConfigOpSet, new("false")
	resource.Configs = append(resource.Configs, config)
	req.Resources = append(req.Resources, resource)
	altered, err := ask[*kmsg.IncrementalAlterConfigsResponse](ctx, c.writes, req)
	if err != nil {
		return fmt.Errorf("switching Redpanda's auto-creation off: %w", err)
	}
	if len(altered.Resources) != 1 {
		return fmt.Errorf("switching Redpanda's auto-creation off: %w", errAnswer)
	}
	if err := kerr.ErrorForCode(altered.Resources[0].ErrorCode); err != nil {
		return fmt.Errorf("switching Redpanda's auto-creation off: %w", err)
	}
	return nil
}
