package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/test/bench/fixture"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

var errNotPoliced = errors.New("a topic without partitions is let in")

// enforcePolicy applies the ValidatingAdmissionPolicy that is to be measured, if any, to its own namespace alone, and
// returns once it is in force.
func (b *bench) enforcePolicy(ctx context.Context, g *gate) error {
	if b.policy == "" {
		return nil
	}
	text, err := os.ReadFile(b.policy)
	if err != nil {
		return fmt.Errorf("reading the policy: %w", err)
	}
	objects, err := manifests.Decode(text)
	if err != nil {
		return err
	}
	for _, object := range objects {
		if object.GetKind() != "ValidatingAdmissionPolicyBinding" {
			continue
		}
		labels := map[string]any{arrangementLabel: policed}
		if err := unstructured.SetNestedMap(object.Object, labels, "spec", "matchResources", "namespaceSelector", "matchLabels"); err != nil {
			return fmt.Errorf("changing %s: %w", object.GetName(), err)
		}
	}
	if err := g.world.addNamespace(ctx, policed, policed); err != nil {
		return err
	}
	if err := manifests.Apply(ctx, g.world.plane.Config(), objects); err != nil {
		return err
	}
	return wait.Until(ctx, patience, func(ctx context.Context) error {
		topic := fixture.Topic(policed, "probe")
		topic.ObjectMeta = fresh(policed, "probe", nil)
		topic.Spec.Partitions = new(int64(0))
		if err := g.world.client.Create(ctx, topic, client.DryRunAll); err == nil {
			return errNotPoliced
		}
		return nil
	})
}
