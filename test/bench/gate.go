package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/bench/fixture"
	"github.com/topicgate/topicgate/test/kube/process"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

// gate is a world in which three things may answer a create: nothing, a bare webhook, and ours, by the namespace's label.
type gate struct {
	world      *world
	ours, bare *process.Process
	// apiServer and etcd are process numbers.
	apiServer, etcd int
}

func (g *gate) stop() {
	for _, p := range []*process.Process{g.ours, g.bare} {
		if p != nil {
			p.Kill()
		}
	}
	g.world.plane.Stop()
}

// gatePorts are where the two webhooks listen.
type gatePorts struct{ ours, bare int }

// newGate starts the world with both webhooks and a cluster's worth of topics.
func (b *bench) newGate(ctx context.Context) (*gate, error) {
	var ports gatePorts
	var err error
	if ports.ours, err = freePort(ctx); err != nil {
		return nil, err
	}
	if ports.bare, err = freePort(ctx); err != nil {
		return nil, err
	}
	certDir, err := os.MkdirTemp(b.dir, "tls-")
	if err != nil {
		return nil, fmt.Errorf("making a directory: %w", err)
	}
	authority, err := selfSigned(certDir, manifests.WebhookServerName, bareServerName)
	if err != nil {
		return nil, err
	}
	g := &gate{}
	g.world, err = b.newWorld(ctx, func(objects []*unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
		return gateObjects(objects, ports, authority)
	})
	if err != nil {
		return nil, err
	}
	if err := b.startGate(ctx, g, ports, certDir); err != nil {
		g.stop()
		return nil, err
	}
	return g, nil
}

// startGate starts the webhooks, each once its configuration is seen to hold, and fills the world.
func (b *bench) startGate(ctx context.Context, g *gate, ports gatePorts, certDir string) error {
	for _, namespace := range []string{none, bare, ours, filled} {
		if err := g.world.addNamespace(ctx, namespace, namespace); err != nil {
			return err
		}
	}
	if err := g.await(ctx, false, bare, ours); err != nil {
		return err
	}
	var err error
	g.bare, err = process.Start(ctx, process.Command{
		Path: b.programs.bare, Args: []string{"-port", strconv.Itoa(ports.bare), "-cert-dir", certDir},
		LogFile: filepath.Join(g.world.dir, "bare.log"),
	})
	if err != nil {
		return err
	}
	if err := b.fill(ctx, g.world); err != nil {
		return err
	}
	if g.ours, err = b.startWebhook(ctx, g.world, certDir, ports.ours); err != nil {
		return err
	}
	if g.apiServer, err = childNamed("kube-apiserver"); err != nil {
		return err
	}
	if g.etcd, err = childNamed("etcd"); err != nil {
		return err
	}
	return g.await(ctx, true, bare, ours, filled)
}

var errGate = errors.New("the webhook configuration is not in force")

// await waits until creates in the namespaces are possible or, while the webhooks that they need do not run, are not.
func (g *gate) await(ctx context.Context, possible bool, namespaces ...string) error {
	for _, namespace := range namespaces {
		err := wait.Until(ctx, patience, func(ctx context.Context) error {
			topic := fixture.Topic(namespace, "probe")
			topic.ObjectMeta = fresh(namespace, "probe", nil)
			err := g.world.client.Create(ctx, topic, client.DryRunAll)
			if (err == nil) == possible {
				return nil
			}
			return fmt.Errorf("%w: creating in namespace %s: %w", errGate, namespace, err)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// fill gives the webhook's cache what it holds in everyday life: a cluster that the syncer has looked at, its inventory,
// and a first size of topics. Ours is not up yet, so nothing of it is judged.
func (b *bench) fill(ctx context.Context, w *world) error {
	const namespace = "team"
	if err := w.addNamespace(ctx, namespace, none); err != nil {
		return err
	}
	if err := w.create(ctx, namespace, b.topics[0]); err != nil {
		return err
	}
	for _, shard := range fixture.Inventory(b.topics[0]) {
		shard.SetResourceVersion("")
		if err := w.client.Create(ctx, shard); err != nil {
			return fmt.Errorf("creating the inventory: %w", err)
		}
	}
	cluster := fixture.KafkaCluster()
	status := cluster.Status
	cluster.ResourceVersion = ""
	if err := w.client.Create(ctx, cluster); err != nil {
		return fmt.Errorf("creating the KafkaCluster: %w", err)
	}
	cluster.Status = status
	if err := w.client.Status().Update(ctx, cluster); err != nil {
		return fmt.Errorf("writing the KafkaCluster's status: %w", err)
	}
	return nil
}

const (
	bareService    = "bench-bare"
	bareServerName = bareService + "." + manifests.WebhookNamespace + ".svc"
)

// gateObjects are the shipped objects, with our webhooks where the namespace's label says so, and a copy of the validating
// one that differs in nothing but where it leads to.
func gateObjects(objects []*unstructured.Unstructured, ports gatePorts, authority []byte) ([]*unstructured.Unstructured, error) {
	var kept, configurations []*unstructured.Unstructured
	for _, object := range objects {
		switch object.GetKind() {
		case "Issuer", "Certificate": // nobody issues here
		case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration":
			configurations = append(configurations, object)
		default:
			kept = append(kept, object)
		}
	}
	service := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Service"}}
	service.SetNamespace(manifests.WebhookNamespace)
	service.SetName(bareService)
	if err := manifests.ServeFromLocalhost([]*unstructured.Unstructured{service}, ports.bare); err != nil {
		return nil, err
	}
	if err := manifests.ServeFromLocalhost(append(kept, configurations...), ports.ours); err != nil {
		return nil, err
	}
	kept = append(kept, service)
	for _, configuration := range configurations {
		restricted, err := restrict(configuration, authority, ports, ours)
		if err != nil {
			return nil, err
		}
		kept = append(kept, restricted)
		if configuration.GetKind() == "ValidatingWebhookConfiguration" {
			if restricted, err = restrict(configuration, authority, ports, bare); err != nil {
				return nil, err
			}
			kept = append(kept, restricted)
		}
	}
	return kept, nil
}

// restrict copies a configuration: its entries about the creation of KafkaTopics, for the namespaces of one arrangement.
func restrict(configuration *unstructured.Unstructured, authority []byte, ports gatePorts, way string) (*unstructured.Unstructured, error) {
	made := configuration.DeepCopy()
	entries, _, err := unstructured.NestedSlice(made.Object, "webhooks")
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", made.GetName(), err)
	}
	values := []any{ours, filled}
	if way == bare {
		values = []any{bare}
		made.SetName(bareService)
	}
	var kept []any
	for _, entry := range entries {
		webhook, ok := entry.(map[string]any)
		if !ok || webhook["name"] != "kafkatopics."+v1alpha1.Group {
			continue
		}
		err := errors.Join(
			unstructured.SetNestedField(webhook, base64.StdEncoding.EncodeToString(authority), "clientConfig", "caBundle"),
			unstructured.SetNestedSlice(webhook, []any{map[string]any{"key": arrangementLabel, "operator": "In", "values": values}}, "namespaceSelector", "matchExpressions"))
		if way == bare {
			err = errors.Join(err,
				unstructured.SetNestedField(webhook, bareService, "clientConfig", "service", "name"),
				unstructured.SetNestedField(webhook, int64(ports.bare), "clientConfig", "service", "port"))
		}
		if err != nil {
			return nil, fmt.Errorf("changing %s: %w", made.GetName(), err)
		}
		kept = append(kept, webhook)
	}
	return made, unstructured.SetNestedSlice(made.Object, kept, "webhooks")
}
