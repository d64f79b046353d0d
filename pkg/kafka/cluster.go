package kafka

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

const (
	keyAutoCreate        = "auto.create.topics.enable"
	keyDefaultPartitions = "num.partitions"
	keyDefaultReplicas   = "default.replication.factor"
	keyTiered            = "remote.log.storage.system.enable"
	keyAuthorizer        = "authorizer.class.name"
	keySuperUsers        = "super.users"
	keyAllowEveryone     = "allow.everyone.if.no.acl.found"
)

// brokerFacts is what one broker says about itself.
type brokerFacts struct {
	configs map[string]kmsg.DescribeConfigsResponseResourceConfig
	// version is empty when it cannot be told.
	version string
	asked   bool
}

// DescribeCluster reads the cluster's ID and every broker: rack, release, and whether it creates topics by itself,
// which each broker decides alone. Fenced brokers are listed too (by brokers from 4.0 on) but cannot be asked: their
// AutoCreate is nil, as is that of a broker that does not answer or where the principal lacks DESCRIBE_CONFIGS on the
// cluster. The defaults for new topics are zero unless all brokers that answered agree.
//
// ConfigKeys and ConfigDefaults are left to [Client.TopicConfigs]. All of this changes with a restart or an upgrade of a broker only, so
// the caller decides how often it is worth two requests a broker.
func (c *Client) DescribeCluster(ctx context.Context) (topic.Cluster, error) {
	answer, facts, err := c.cluster(ctx)
	if err != nil {
		return topic.Cluster{}, err
	}
	out := topic.Cluster{ID: answer.ClusterID, Version: lowestVersion(facts)}
	for i, b := range answer.Brokers {
		broker := topic.Broker{ID: int64(b.NodeID), Rack: textOf(b.Rack), Fenced: b.IsFenced}
		broker.AutoCreate, broker.AutoCreateSource = facts[i].autoCreate()
		out.Brokers = append(out.Brokers, broker)
	}
	out.DefaultPartitions = agreed(facts, keyDefaultPartitions)
	out.DefaultReplicas = agreed(facts, keyDefaultReplicas)
	out.Tiered = tiered(facts)
	return out, nil
}

// cluster lists the brokers by ID, and what each says about itself beside it.
func (c *Client) cluster(ctx context.Context) (*kmsg.DescribeClusterResponse, []brokerFacts, error) {
	req := kmsg.NewPtrDescribeClusterRequest()
	req.IncludeFencedBrokers = true
	answer, err := ask[*kmsg.DescribeClusterResponse](ctx, c.reads, req)
	if err != nil {
		return nil, nil, fmt.Errorf("describing the cluster: %w", err)
	}
	if err := kerr.ErrorForCode(answer.ErrorCode); err != nil {
		return nil, nil, fmt.Errorf("describing the cluster: %w", err)
	}
	slices.SortFunc(answer.Brokers, func(a, b kmsg.DescribeClusterResponseBroker) int { return int(a.NodeID) - int(b.NodeID) })
	facts, err := c.askBrokers(ctx, answer.Brokers)
	if err != nil {
		return nil, nil, fmt.Errorf("describing the brokers: %w", err)
	}
	return answer, facts, nil
}

// askBrokers fails only when ctx ends: one silent broker hides nothing of the others.
func (c *Client) askBrokers(ctx context.Context, brokers []kmsg.DescribeClusterResponseBroker) ([]brokerFacts, error) {
	facts := make([]brokerFacts, len(brokers))
	indexes := make([]int, len(brokers))
	for i := range brokers {
		indexes[i] = i
	}
	err := inChunks(ctx, indexes, 1, func(ctx context.Context, one []int) error {
		if b := brokers[one[0]]; !b.IsFenced {
			facts[one[0]] = c.askBroker(ctx, int64(b.NodeID))
		}
		return ctx.Err()
	})
	return facts, err
}

func (c *Client) askBroker(ctx context.Context, id int64) brokerFacts {
	return brokerFacts{configs: c.brokerConfigs(ctx, id), version: c.brokerVersion(ctx, id), asked: true}
}

// brokerConfigs asks the broker itself: any other refuses, and without a name only dynamic defaults are told.
func (c *Client) brokerConfigs(ctx context.Context, id int64) map[string]kmsg.DescribeConfigsResponseResourceConfig {
	req := kmsg.NewPtrDescribeConfigsRequest()
	resource := kmsg.NewDescribeConfigsRequestResource()
	resource.ResourceType = kmsg.ConfigResourceTypeBroker
	resource.ResourceName = strconv.FormatInt(id, 10)
	resource.ConfigNames = []string{
		keyAutoCreate, keyDefaultPartitions, keyDefaultReplicas, keyTiered, keyAuthorizer, keySuperUsers, keyAllowEveryone,
	}
	req.Resources = append(req.Resources, resource)
	answer, err := ask[*kmsg.DescribeConfigsResponse](ctx, c.broker(id), req)
	if err != nil || len(answer.Resources) != 1 || answer.Resources[0].ErrorCode != 0 {
		return nil
	}
	configs := map[string]kmsg.DescribeConfigsResponseResourceConfig{}
	for _, config := range answer.Resources[0].Configs {
		configs[config.Name] = config
	}
	return configs
}

// autoCreate is nil unless the broker said true or false: a key that is missing says nothing.
func (f brokerFacts) autoCreate() (*bool, string) {
	value := f.truth(keyAutoCreate)
	if value == nil {
		return nil, ""
	}
	return value, f.configs[keyAutoCreate].Source.String()
}

// truth is nil unless the broker said true or false.
func (f brokerFacts) truth(key string) *bool {
	config, ok := f.configs[key]
	if !ok || config.Value == nil {
		return nil
	}
	value, err := strconv.ParseBool(strings.ToLower(*config.Value))
	if err != nil {
		return nil
	}
	return &value
}

// tiered is what all answering brokers say; nil when they differ. It is the controller's word that counts, and cannot be
// asked for.
func tiered(facts []brokerFacts) *bool {
	var all *bool
	for _, f := range facts {
		switch one := f.truth(keyTiered); {
		case one == nil:
		case all != nil && *all != *one:
			return nil
		default:
			all = one
		}
	}
	return all
}

// agreed is the number that all answering brokers have for a key. A topic gets the active controller's, which cannot
// be told from here when they differ.
func agreed(facts []brokerFacts, key string) int64 {
	var value int64
	for _, f := range facts {
		config, ok := f.configs[key]
		if !ok || config.Value == nil {
			continue
		}
		n, err := strconv.ParseInt(*config.Value, 10, 64)
		if err != nil || (value != 0 && n != value) {
			return 0
		}
		value = n
	}
	return value
}
