package main

import (
	"context"
	"fmt"
	"time"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

// ready measures how long it takes from the first apply until the last topic is Ready.
func (b *bench) ready(ctx context.Context) error {
	for _, size := range b.worldSizes() {
		if err := b.readyIn(ctx, size); err != nil {
			return fmt.Errorf("%s topics on %s: %w", number(size.topics), size.kind.name, err)
		}
	}
	return nil
}

func (b *bench) readyIn(ctx context.Context, size worldSize) error {
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
	floor, err := measureFloors(ctx, w, brokers.Bootstrap(), size.topics)
	if err != nil {
		return err
	}
	b.say("ready: %s topics on %s: CreateTopics %s, creates %s, statuses %s",
		number(size.topics), size.kind.name, span(floor.topics), span(floor.creates), span(floor.statuses))
	took, applied, err := b.untilReady(ctx, w, brokers.Bootstrap(), size.topics)
	if err != nil {
		return err
	}
	b.say("ready: %s topics on %s: applied %s, all Ready %s", number(size.topics), size.kind.name, span(applied), span(took))
	b.reportReady(size, took, applied, floor)
	return nil
}

// untilReady measures the time from the first apply to the last topic's readiness, and what of it the applies took.
func (b *bench) untilReady(ctx context.Context, w *world, bootstrap []string, count int) (took, applied time.Duration, err error) {
	identity, err := w.syncerIdentity()
	if err != nil {
		return 0, 0, err
	}
	kubeconfig, err := w.kubeconfig("syncer", identity)
	if err != nil {
		return 0, 0, err
	}
	syncer, err := b.startSyncer(ctx, w, kubeconfig)
	if err != nil {
		return 0, 0, err
	}
	defer syncer.Kill()
	const namespace = "team"
	if err := w.addNamespace(ctx, namespace, "ours"); err != nil {
		return 0, 0, err
	}
	if err := w.addCluster(ctx, bootstrap); err != nil {
		return 0, 0, err
	}
	if err := w.awaitCluster(ctx, func(c *v1alpha1.KafkaCluster) bool { return c.Status.InventoryShards > 0 }); err != nil {
		return 0, 0, err
	}
	ready, err := w.watchReadiness(ctx, namespace)
	if err != nil {
		return 0, 0, err
	}
	started := time.Now()
	done := make(chan error, 1)
	go func() {
		err := w.create(ctx, namespace, count)
		applied = time.Since(started)
		done <- err
	}()
	if err := ready.await(ctx, count); err != nil {
		return 0, 0, err
	}
	took = time.Since(started)
	err = <-done
	return took, applied, err
}

func (b *bench) reportReady(size worldSize, took, applied time.Duration, floor floors) {
	what := fmt.Sprintf("%s topics on %s, from the first apply to the last Ready", number(size.topics), size.kind.name)
	over := func(floor time.Duration, name string) {
		b.report.time(row{what, ratio(took, floor), span(took), span(floor), name})
	}
	over(floor.sum(), "the three below, one after another")
	over(floor.topics, "CreateTopics of the same topics, 1,000 a request")
	over(floor.creates, "creating the same objects, 32 writers")
	over(floor.statuses, "applying the same statuses, 32 writers")
	b.report.time(row{
		what + ": of which the applies", ratio(applied, floor.creates), span(applied), span(floor.creates), "creating the same objects, no syncer running",
	})
}
