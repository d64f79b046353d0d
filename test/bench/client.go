package main

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/bench/fixture"
)

// writers is how many writes are under way at once: as many as the syncer's.
const writers = 32

func newClient(config *rest.Config) (client.WithWatch, error) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{v1alpha1.AddToScheme, corev1.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, fmt.Errorf("building a scheme: %w", err)
		}
	}
	made, err := client.NewWithWatch(config, client.Options{Scheme: scheme})
	if err != nil {
		return nil, fmt.Errorf("making a client: %w", err)
	}
	return made, nil
}

// topicName is the name of the nth topic that is synced.
func topicName(i int) string { return fixture.Name(i) }

func topicNames(count int) []string {
	names := make([]string, count)
	for i := range names {
		names[i] = topicName(i)
	}
	return names
}

// topicConfig is the config of every topic, as Kafka takes it.
func topicConfig() map[string]string {
	return map[string]string{"retention.ms": "604800000", "cleanup.policy": "delete"}
}

// create applies that many KafkaTopics, with many writers.
func (w *world) create(ctx context.Context, namespace string, count int) error {
	return inParallel(count, func(i int) error {
		object := fixture.Topic(namespace, topicName(i))
		object.Spec.Replicas = new(int64(1)) // the brokers are one
		object.ObjectMeta = fresh(namespace, topicName(i), object.Labels)
		return w.client.Create(ctx, object)
	})
}

// writeStatuses gives each KafkaTopic the status that the syncer would, in the way the syncer does.
func (w *world) writeStatuses(ctx context.Context, namespace string, count int) error {
	return inParallel(count, func(i int) error {
		status, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&v1alpha1.KafkaTopic{Status: fixture.ReadyStatus(topicName(i))})
		if err != nil {
			return fmt.Errorf("encoding a status: %w", err)
		}
		patch := &unstructured.Unstructured{Object: map[string]any{"status": status["status"]}}
		patch.SetGroupVersionKind(v1alpha1.GroupVersion().WithKind("KafkaTopic"))
		patch.SetName(topicName(i))
		patch.SetNamespace(namespace)
		return w.client.Status().Apply(ctx, client.ApplyConfigurationFromUnstructured(patch), client.FieldOwner("topicgate-bench"), client.ForceOwnership)
	})
}

func inParallel(count int, do func(int) error) error {
	var group errgroup.Group
	group.SetLimit(writers)
	for i := range count {
		group.Go(func() error { return do(i) })
	}
	return group.Wait()
}

// fresh is the metadata of an object that no API server has seen.
func fresh(namespace, name string, labels map[string]string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: namespace, Name: name, Labels: labels}
}
