package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/kube"
)

// reportTopics reports what it took to bring all topics from nothing to Ready.
func (b *bench) reportTopics(c *counted) {
	topics, what := c.size.topics, fmt.Sprintf("%s topics on %s", number(c.size.topics), c.size.kind.name)
	requests := c.brokers.Requests()
	all := 0
	for _, count := range requests {
		all += count
	}
	creations := requests[int16(kmsg.CreateTopics)]
	fewest := (topics + createBatch - 1) / createBatch
	b.report.count(row{what + ", applied live: CreateTopics requests", ratio(creations, fewest), number(creations), number(fewest), "all topics at once, 1,000 a request"})
	looks := 1 + (topics+describeBatch-1)/describeBatch
	b.report.count(row{
		what + ", applied live: Kafka requests of every kind", ratio(all, fewest+looks), number(all), number(fewest + looks),
		"creating all at once, and one look at all that came of it",
	})
	b.report.count(row{
		what + ": Kafka requests per 1,000 topics", ratio(all, fewest+looks), decimal(1000 * float64(all) / float64(topics)), decimal(1000 * float64(fewest+looks) / float64(topics)), "the same",
	})
	statuses := c.api.CountWrites(func(w kube.Write) bool { return w.Resource == "kafkatopics" })
	writes := c.api.CountWrites(nil)
	b.report.count(row{what + ": Kubernetes writes to KafkaTopics, per topic", ratio(statuses, topics), decimal(float64(statuses) / float64(topics)), "1.00", "one status write"})
	b.report.count(row{what + ": all Kubernetes writes, per topic", ratio(writes, topics), decimal(float64(writes) / float64(topics)), "1.00", "one status write"})
}

// idleWindow is what was seen of an idle system.
type idleWindow struct {
	used     usage
	resyncs  int
	requests int
}

var errNotQuiet = errors.New("an idle system writes")

// measureResyncs watches the settled system twice, without resyncs and with many: the difference is theirs.
func (b *bench) measureResyncs(ctx context.Context, c *counted) error {
	still, err := b.watchIdle(ctx, c)
	if err != nil {
		return err
	}
	if err := c.setResync(ctx, b.interval); err != nil {
		return err
	}
	if err := c.settle(ctx, b.quiet); err != nil {
		return err
	}
	busy, err := b.watchIdle(ctx, c)
	if err != nil {
		return err
	}
	const looks = 5
	floor, err := bareObservation(ctx, c.brokers.Bootstrap(), looks)
	if err != nil {
		return err
	}
	b.reportResync(c, still, busy, floor)
	return nil
}

// watchIdle looks on for a while. A write of any kind, the leader's lease aside, is an error.
func (b *bench) watchIdle(ctx context.Context, c *counted) (idleWindow, error) {
	b.say("idle: %s topics on %s: watching for %s", number(c.size.topics), c.size.kind.name, b.window)
	c.reset()
	before, err := usageOf(c.syncer.PID())
	if err != nil {
		return idleWindow{}, err
	}
	select {
	case <-time.After(b.window):
	case <-ctx.Done():
		return idleWindow{}, ctx.Err()
	}
	after, err := usageOf(c.syncer.PID())
	if err != nil {
		return idleWindow{}, err
	}
	if writes := c.api.Writes(); len(writes) > 0 {
		return idleWindow{}, fmt.Errorf("%w: %d times, first %s", errNotQuiet, len(writes), writes[0])
	}
	seen := idleWindow{used: after.minus(before)}
	for key, count := range c.brokers.Requests() {
		seen.requests += count
		if key == int16(kmsg.ListPartitionReassignments) { // once in each look
			seen.resyncs += count
		}
	}
	return seen, nil
}

func (c *counted) setResync(ctx context.Context, interval time.Duration) error {
	patch := fmt.Sprintf(`{"spec":{"sync":{"resyncInterval":%q}}}`, interval)
	cluster := &v1alpha1.KafkaCluster{}
	cluster.Name = "prod"
	if err := c.client.Patch(ctx, cluster, client.RawPatch("application/merge-patch+json", []byte(patch))); err != nil {
		return fmt.Errorf("changing the resync interval: %w", err)
	}
	return c.awaitCluster(ctx, func(seen *v1alpha1.KafkaCluster) bool { return seen.Status.ObservedGeneration >= cluster.Generation })
}

func (b *bench) reportResync(c *counted, still, busy idleWindow, floor observed) {
	what := fmt.Sprintf("idle resync of %s topics on %s", number(c.size.topics), c.size.kind.name)
	resyncs := max(busy.resyncs, 1)
	cpu := max(busy.used.cpu-still.used.cpu, 0) / time.Duration(resyncs)
	bytes := max(busy.used.bytes-still.used.bytes, 0) / int64(resyncs)
	looks := 1 + (c.size.topics+describeBatch-1)/describeBatch
	b.report.count(row{what + ": Kubernetes writes", "–", "0", "0", fmt.Sprintf("none; over %d resyncs", busy.resyncs)})
	b.report.count(row{
		what + ": Kafka requests", ratio(float64(busy.requests)/float64(resyncs), float64(looks)),
		decimal(float64(busy.requests) / float64(resyncs)), number(looks), "Metadata once, DescribeConfigs for 500 topics each",
	})
	b.report.count(row{what + ": bytes from and to the brokers", ratio(bytes, floor.Bytes), number(bytes), number(floor.Bytes), "the same, read and thrown away"})
	b.report.time(row{
		what + ": the syncer's CPU time", ratio(int64(cpu), floor.CPU), span(cpu), span(time.Duration(floor.CPU)),
		"Metadata and DescribeConfigs of all, read and thrown away",
	})
	b.report.time(row{
		fmt.Sprintf("no resync, %s topics on %s: the syncer's CPU time in %s", number(c.size.topics), c.size.kind.name, b.window),
		"–", span(still.used.cpu), "0s", "nothing",
	})
}

// footprint is the memory of both programs.
type footprint struct{ syncer, syncerPeak, webhook, webhookPeak int64 }

func (c *counted) memory() (footprint, error) {
	var found footprint
	var err error
	if found.syncer, found.syncerPeak, err = resident(c.syncer.PID()); err != nil {
		return found, err
	}
	found.webhook, found.webhookPeak, err = resident(c.webhook.PID())
	return found, err
}

func (b *bench) reportMemory(c *counted, empty, full, resynced footprint) {
	what := fmt.Sprintf("%s topics on %s: memory (RSS) of the ", number(c.size.topics), c.size.kind.name)
	const over = "the same program without topics"
	add := func(name string, ours, floor int64) {
		b.report.count(row{what + name, ratio(ours, floor), mebibytes(ours), mebibytes(floor), over})
	}
	add("syncer, once all are Ready", full.syncer, empty.syncer)
	add("syncer, after resyncs", resynced.syncer, empty.syncer)
	add("syncer, at most", resynced.syncerPeak, empty.syncerPeak)
	add("webhook, once all are Ready", full.webhook, empty.webhook)
	add("webhook, at most", resynced.webhookPeak, empty.webhookPeak)
}
