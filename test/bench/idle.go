package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/kube/process"
	"github.com/topicgate/topicgate/test/manifests"
)

// idle measures what is not a time of ours: requests and writes for each topic, what a resync of a settled system costs,
// and memory. The syncer speaks through counting proxies, so nothing here says how fast a sync is.
func (b *bench) idle(ctx context.Context) error {
	for _, size := range b.worldSizes() {
		if err := b.idleIn(ctx, size); err != nil {
			return fmt.Errorf("%s topics on %s: %w", number(size.topics), size.kind.name, err)
		}
	}
	return nil
}

// counted is a world in which everything that the syncer asks is counted.
type counted struct {
	*world
	brokers         brokers
	api             *kube.CountingProxy
	syncer, webhook *process.Process
	size            worldSize
}

func (b *bench) idleIn(ctx context.Context, size worldSize) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	brokers, err := b.started(ctx, size.kind)
	if err != nil || brokers == nil {
		return err
	}
	defer brokers.Stop() //nolint:errcheck // it is thrown away
	w, err := b.newWorld(ctx, withoutWebhook)
	if err != nil {
		return err
	}
	defer w.plane.Stop()
	c := &counted{world: w, brokers: brokers, size: size}
	if err := b.startCounted(ctx, c); err != nil {
		return err
	}
	defer c.webhook.Kill()
	defer c.syncer.Kill()
	return b.measureCounted(ctx, c)
}

// startCounted starts the syncer, a KafkaCluster without topics, and a webhook that nobody asks.
func (b *bench) startCounted(ctx context.Context, c *counted) error {
	identity, err := c.syncerIdentity()
	if err != nil {
		return err
	}
	if c.api, err = kube.NewCountingProxy(ctx, identity); err != nil {
		return err
	}
	kubeconfig, err := c.api.Kubeconfig(c.dir)
	if err != nil {
		return err
	}
	if c.syncer, err = b.startSyncer(ctx, c.world, kubeconfig); err != nil {
		return err
	}
	if c.webhook, err = b.startIdleWebhook(ctx, c.world); err != nil {
		return err
	}
	if err := c.addNamespace(ctx, namespaceOfTopics, "ours"); err != nil {
		return err
	}
	if err := c.addCluster(ctx, c.brokers.Counted()); err != nil {
		return err
	}
	return c.awaitCluster(ctx, func(cluster *v1alpha1.KafkaCluster) bool { return cluster.Status.InventoryShards > 0 })
}

// startIdleWebhook starts a webhook that has all caches and gets no reviews.
func (b *bench) startIdleWebhook(ctx context.Context, w *world) (*process.Process, error) {
	certDir, err := os.MkdirTemp(b.dir, "tls-")
	if err != nil {
		return nil, fmt.Errorf("making a directory: %w", err)
	}
	if _, err := selfSigned(certDir, manifests.WebhookServerName); err != nil {
		return nil, err
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	return b.startWebhook(ctx, w, certDir, port)
}

const namespaceOfTopics = "team"

func (b *bench) measureCounted(ctx context.Context, c *counted) error {
	if err := c.settle(ctx, b.quiet); err != nil {
		return err
	}
	empty, err := c.memory()
	if err != nil {
		return err
	}
	b.say("idle: %s topics on %s: creating", number(c.size.topics), c.size.kind.name)
	c.reset()
	ready, err := c.watchReadiness(ctx, namespaceOfTopics)
	if err != nil {
		return err
	}
	if err := c.create(ctx, namespaceOfTopics, c.size.topics); err != nil {
		return err
	}
	if err := ready.await(ctx, c.size.topics); err != nil {
		return err
	}
	if err := c.settle(ctx, b.quiet); err != nil {
		return err
	}
	b.reportTopics(c)
	full, err := c.memory()
	if err != nil {
		return err
	}
	if err := b.measureResyncs(ctx, c); err != nil {
		return err
	}
	resynced, err := c.memory()
	if err != nil {
		return err
	}
	b.reportMemory(c, empty, full, resynced)
	return nil
}

func (c *counted) reset() {
	c.api.Reset()
	c.brokers.ResetCounts()
}

var errRestless = errors.New("the syncer goes on writing")

// settle waits until nothing was written for a while; the inventory follows its topics by a second or so.
func (c *counted) settle(ctx context.Context, quiet time.Duration) error {
	const look = 200 * time.Millisecond
	last, since := -1, time.Now()
	timeout := time.After(patience)
	for time.Since(since) < quiet {
		if written := len(c.api.Writes()); written != last {
			last, since = written, time.Now()
		}
		select {
		case <-time.After(look):
		case <-timeout:
			return errRestless
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
