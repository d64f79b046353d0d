package main

import (
	"context"
	"fmt"
	"slices"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

// arrangement is one way in which the API server is asked to create KafkaTopics, told apart by the namespace's label.
type arrangement struct {
	name, namespace string
	// withCluster says that the objects name their cluster, so that nothing is left to fill.
	withCluster bool
	// webhook is the process that answers reviews.
	webhook int
}

const (
	bare, ours, filled = "bare", "ours", "filled"
	arrangementLabel   = "topicgate.io/bench"
)

// arrangements are measured in turns.
func arrangements(g *gate) []arrangement {
	return []arrangement{
		{name: "no webhook", namespace: "none", withCluster: true},
		{name: "an allow-all webhook", namespace: bare, withCluster: true, webhook: g.bare.PID()},
		{name: "our webhook", namespace: ours, withCluster: true, webhook: g.ours.PID()},
		{name: "our webhooks, clusterRef to be filled", namespace: filled, webhook: g.ours.PID()},
	}
}

// admission measures creates through the real API server: with no webhook, with one that allows all, and with ours.
func (b *bench) admission(ctx context.Context) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	g, err := b.newGate(ctx)
	if err != nil {
		return err
	}
	defer g.stop()
	load, err := newLoad(g.world.plane.Config(), slices.Max(b.clients))
	if err != nil {
		return err
	}
	ways := arrangements(g)
	for _, way := range ways { // connections are made, and code paths warm, before anything counts
		if _, err := b.turn(ctx, g, load, way, len(load.clients)); err != nil {
			return fmt.Errorf("%s: %w", way.name, err)
		}
	}
	for _, clients := range b.clients {
		samples := make([]sample, len(ways))
		for round := range b.rounds {
			for turn := range ways {
				i := (turn + round) % len(ways) // whoever comes after whom changes
				made, err := b.turn(ctx, g, load, ways[i], clients)
				if err != nil {
					return fmt.Errorf("%s: %w", ways[i].name, err)
				}
				samples[i].add(made)
			}
		}
		b.reportCreates(clients, ways, samples)
	}
	return nil
}

// turn measures one slot and removes what it made.
func (b *bench) turn(ctx context.Context, g *gate, load *load, way arrangement, clients int) (sample, error) {
	before, err := cpuOf(way.webhook)
	if err != nil {
		return sample{}, err
	}
	made, err := load.slot(ctx, clients, b.slot, way.namespace, way.withCluster)
	if err != nil {
		return made, err
	}
	after, err := cpuOf(way.webhook)
	if err != nil {
		return made, err
	}
	made.reviewing = after - before
	b.say("admission: %d clients, %s: %.0f/s, p50 %s, p99 %s", clients, way.name, made.perSecond(), span(made.quantile(p50)), span(made.quantile(p99)))
	return made, g.world.client.DeleteAllOf(ctx, &v1alpha1.KafkaTopic{}, client.InNamespace(way.namespace))
}

const p50, p99 = 0.5, 0.99

// reportCreates puts each arrangement beside those before it: no webhook, and the webhook that allows all.
func (b *bench) reportCreates(clients int, ways []arrangement, samples []sample) {
	people := fmt.Sprintf("%d clients", clients)
	if clients == 1 {
		people = "1 client"
	}
	none, bare := &samples[0], &samples[1]
	for i := 1; i < len(ways); i++ {
		b.reportOver(people+", "+ways[i].name, &samples[i], none, ways[0].name)
	}
	for i := 2; i < len(ways); i++ {
		b.reportOver(people+", "+ways[i].name, &samples[i], bare, ways[1].name)
		b.report.time(row{
			fmt.Sprintf("%s, %s: the webhook's CPU time for a create", people, ways[i].name),
			ratio(samples[i].cpuPerReview(), bare.cpuPerReview()), span(samples[i].cpuPerReview()), span(bare.cpuPerReview()), ways[1].name,
		})
	}
}

func (b *bench) reportOver(what string, ours, floor *sample, over string) {
	b.report.time(row{
		what + ": creates a second (more is better)", ratio(ours.perSecond(), floor.perSecond()),
		fmt.Sprintf("%.0f", ours.perSecond()), fmt.Sprintf("%.0f", floor.perSecond()), over,
	})
	for _, share := range []struct {
		name string
		of   float64
	}{{"p50", p50}, {"p99", p99}} {
		mine, theirs := ours.quantile(share.of), floor.quantile(share.of)
		b.report.time(row{what + ": latency " + share.name, ratio(mine, theirs), span(mine), span(theirs), over})
	}
}
