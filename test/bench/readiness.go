package main

import (
	"context"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

// readiness tells how many KafkaTopics of a namespace are Ready, by a watch: lists by the second would load the API server.
type readiness struct {
	world     *world
	namespace string
	watcher   watch.Interface
	ready     map[string]bool
}

func (w *world) watchReadiness(ctx context.Context, namespace string) (*readiness, error) {
	r := &readiness{world: w, namespace: namespace, ready: map[string]bool{}}
	return r, r.begin(ctx)
}

// begin takes in what is there, and watches what comes. An API server ends a watch that it cannot serve fast enough.
func (r *readiness) begin(ctx context.Context) error {
	var list v1alpha1.KafkaTopicList
	if err := r.world.client.List(ctx, &list, client.InNamespace(r.namespace)); err != nil {
		return fmt.Errorf("listing topics: %w", err)
	}
	for i := range list.Items {
		r.take(&list.Items[i])
	}
	from := &client.ListOptions{Namespace: r.namespace, Raw: &metav1.ListOptions{ResourceVersion: list.ResourceVersion}}
	watcher, err := r.world.client.Watch(ctx, &v1alpha1.KafkaTopicList{}, from)
	if err != nil {
		return fmt.Errorf("watching topics: %w", err)
	}
	r.watcher = watcher
	return nil
}

// await returns when that many are Ready.
func (r *readiness) await(ctx context.Context, count int) error {
	defer func() { r.watcher.Stop() }()
	timeout := time.After(patience)
	for len(r.ready) < count {
		select {
		case event, more := <-r.watcher.ResultChan():
			topic, ok := event.Object.(*v1alpha1.KafkaTopic)
			if ok {
				r.take(topic)
				continue
			}
			if !more || event.Type == watch.Error {
				r.watcher.Stop()
				if err := r.begin(ctx); err != nil {
					return err
				}
			}
		case <-timeout:
			return fmt.Errorf("%d of %d topics: %w", len(r.ready), count, errNotReady)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (r *readiness) take(topic *v1alpha1.KafkaTopic) {
	if meta.IsStatusConditionTrue(topic.Status.Conditions, v1alpha1.ConditionReady) {
		r.ready[topic.Name] = true
	}
}
