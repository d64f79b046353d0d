package kafkatest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// EmbeddedCluster is kfake, an imitation of Kafka inside this process. It accepts almost any topic name and config
// value, so it says nothing about what Kafka would; it serves demos and the injection of faults.
type EmbeddedCluster struct {
	*ledger

	id        string
	addresses []string // kfake itself, once closed, blocks whoever asks for them
	stop      func()
}

// Embedded starts kfake on free loopback ports, until Stop or the end of ctx. Of the options it knows Nodes, and of
// Properties those that kfake lets a broker have; auto.create.topics.enable and num.partitions have Kafka's defaults,
// true and 1. Whatever kfake would silently ignore (SASL, TLS, ACLs, properties per node) is refused.
func Embedded(ctx context.Context, opts Options) (*EmbeddedCluster, error) {
	opts = opts.withDefaults()
	if err := opts.validate(); err != nil {
		return nil, err
	}
	if opts.sasl() || opts.TLS != nil || opts.ACLs || opts.NodeProperties != nil {
		return nil, fmt.Errorf("%w: the embedded Kafka has no SASL, TLS, ACLs or properties per node", errOptions)
	}
	c := &EmbeddedCluster{ledger: newLedger(), id: newClusterID()}
	fake, err := onFreePorts(func() (*kfake.Cluster, error) {
		settings, err := c.settings(opts)
		if err != nil {
			return nil, err
		}
		return kfake.NewCluster(settings...)
	})
	if err != nil {
		return nil, fmt.Errorf("starting the embedded Kafka: %w", err)
	}
	fake.Control(c.observe)
	c.addresses, c.stop = fake.ListenAddrs(), sync.OnceFunc(fake.Close)
	context.AfterFunc(ctx, c.stop)
	return c, nil
}

func (c *EmbeddedCluster) settings(opts Options) ([]kfake.Opt, error) {
	ports, err := freePorts(opts.Nodes)
	if err != nil {
		return nil, err
	}
	// kfake neither creates topics nor says whether it would unless it is told both.
	properties := map[string]string{"auto.create.topics.enable": "true", "num.partitions": "1"}
	maps.Copy(properties, opts.Properties)
	partitions, err := strconv.Atoi(properties["num.partitions"])
	if err != nil {
		return nil, fmt.Errorf("%w: num.partitions: %w", errOptions, err)
	}
	settings := []kfake.Opt{
		kfake.ClusterID(c.id), kfake.NumBrokers(opts.Nodes), kfake.Ports(ports...),
		kfake.DefaultNumPartitions(partitions), kfake.BrokerConfigs(properties),
	}
	if properties["auto.create.topics.enable"] == "true" {
		settings = append(settings, kfake.AllowAutoTopicCreation())
	}
	return settings, nil
}

// observe counts a request and leaves it to kfake. It sees no client IDs.
func (c *EmbeddedCluster) observe(body kmsg.Request) (kmsg.Response, error, bool) { //nolint:revive // error-return: the signature is kfake's
	request := Request{Key: body.Key(), Name: kmsg.NameForKey(body.Key()), Version: body.GetVersion()}
	c.record(request, request.describe(body))
	return nil, nil, false //nolint:nilnil // kfake's word for "not mine, go on"
}

// Stop ends the cluster. It may be called again.
func (c *EmbeddedCluster) Stop() error {
	c.stop()
	return nil
}

// Bootstrap returns the addresses of the brokers, as host:port.
func (c *EmbeddedCluster) Bootstrap() []string { return slices.Clone(c.addresses) }

// Internal is Bootstrap: nothing is restricted here.
func (c *EmbeddedCluster) Internal() []string { return c.Bootstrap() }

// Counted is Bootstrap: kfake counts by itself, the requests of all clients, and hooks run inside it and must not ask
// it anything.
func (c *EmbeddedCluster) Counted() []string { return c.Bootstrap() }

// ClusterID returns the ID that the brokers give.
func (c *EmbeddedCluster) ClusterID() string { return c.id }
