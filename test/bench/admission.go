package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

// arrangement is one way in which the API server is asked to create KafkaTopics, told apart by the namespace's label.
type arrangement struct {
	name, namespace string
	// withCluster says that the objects name their cluster, so that nothing is left to fill.
	withCluster bool
	// webhook is the process that answers reviews; 0 where none does.
	webhook int
	// reviews are how many of ours a create takes.
	reviews int
}

const (
	none, bare, ours, filled, policed = "none", "bare", "ours", "filled", "policed"
	arrangementLabel                  = "topicgate.io/bench"
)

// arrangements are measured in turns. The first two are the floors of what follows.
func (b *bench) arrangements(g *gate) []arrangement {
	ways := []arrangement{
		{name: "no webhook", namespace: none, withCluster: true},
		{name: "an allow-all webhook", namespace: bare, withCluster: true, webhook: g.bare.PID()},
		{name: "our webhook", namespace: ours, withCluster: true, webhook: g.ours.PID(), reviews: 1},
		{name: "our webhooks, clusterRef to be filled", namespace: filled, webhook: g.ours.PID(), reviews: 2},
	}
	if b.policy != "" {
		ways = append(ways, arrangement{name: "a ValidatingAdmissionPolicy", namespace: policed, withCluster: true})
	}
	return ways
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
	if err := b.enforcePolicy(ctx, g); err != nil {
		return err
	}
	load, err := newLoad(g.world.plane.Config(), slices.Max(b.clients))
	if err != nil {
		return err
	}
	memory := &webhookMemory{gate: g}
	if err := memory.look(); err != nil {
		return err
	}
	ways := b.arrangements(g)
	// Connections are made, and code paths warm, before anything counts.
	if _, err := b.rotate(ctx, g, load, ways, len(load.clients), 1); err != nil {
		return err
	}
	for _, clients := range b.clients {
		samples, err := b.rotate(ctx, g, load, ways, clients, b.rounds)
		if err != nil {
			return err
		}
		for i, way := range ways {
			memory.reviews += way.reviews * samples[i].creates
		}
		if err := memory.look(); err != nil {
			return err
		}
		b.reportCreates(clients, ways, samples)
	}
	b.reportWebhookMemory(memory.looks)
	return nil
}

// rotate gives every arrangement its turn in every round; whoever comes after whom changes.
func (b *bench) rotate(ctx context.Context, g *gate, load *load, ways []arrangement, clients, rounds int) ([]sample, error) {
	samples := make([]sample, len(ways))
	for round := range rounds {
		for turn := range ways {
			i := (turn + round) % len(ways)
			made, err := b.turn(ctx, g, load, ways[i], clients)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", ways[i].name, err)
			}
			samples[i].add(made)
		}
	}
	return samples, nil
}

// turn measures one slot and removes what it made.
func (b *bench) turn(ctx context.Context, g *gate, load *load, way arrangement, clients int) (sample, error) {
	before, err := g.cpu(way)
	if err != nil {
		return sample{}, err
	}
	made, err := load.slot(ctx, clients, b.slot, way.namespace, way.withCluster)
	if err != nil {
		return made, err
	}
	after, err := g.cpu(way)
	if err != nil {
		return made, err
	}
	made.cpu = after.minus(before)
	b.say("admission: %d clients, %s: %.0f/s, p50 %s, p99 %s", clients, way.name, made.perSecond(), span(made.quantile(p50)), span(made.quantile(p99)))
	return made, g.world.client.DeleteAllOf(ctx, &v1alpha1.KafkaTopic{}, client.InNamespace(way.namespace))
}

// cpu is what the processes used so far that take part in an arrangement's creates.
func (g *gate) cpu(way arrangement) (partsCPU, error) {
	var used partsCPU
	for pid, into := range map[int]*time.Duration{way.webhook: &used.webhook, g.apiServer: &used.apiServer, g.etcd: &used.etcd} {
		cpu, err := cpuOf(pid)
		if err != nil {
			return used, err
		}
		*into = cpu
	}
	return used, nil
}
