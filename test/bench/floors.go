package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/wait"
)

// floors are what the parts of a sync cost when nothing of ours takes part.
type floors struct {
	// topics is CreateTopics of all, batched; creates and statuses are bare writes of the objects and their statuses.
	topics, creates, statuses time.Duration
}

func (f floors) sum() time.Duration { return f.topics + f.creates + f.statuses }

// measureFloors leaves nothing behind but a warm broker and a warm API server, which is what ours is measured on next.
func measureFloors(ctx context.Context, w *world, bootstrap []string, count int) (floors, error) {
	var found floors
	var err error
	if found.topics, err = bareTopics(ctx, bootstrap, count); err != nil {
		return found, err
	}
	const namespace = "floor"
	if err := w.addNamespace(ctx, namespace, "floor"); err != nil {
		return found, err
	}
	if err := w.warmUp(ctx, namespace); err != nil {
		return found, err
	}
	if found.creates, err = timed(func() error { return w.create(ctx, namespace, count) }); err != nil {
		return found, fmt.Errorf("creating objects: %w", err)
	}
	if found.statuses, err = timed(func() error { return w.writeStatuses(ctx, namespace, count) }); err != nil {
		return found, fmt.Errorf("writing statuses: %w", err)
	}
	return found, w.client.DeleteAllOf(ctx, &v1alpha1.KafkaTopic{}, client.InNamespace(namespace))
}

// warmUp has the API server do everything a few times, so that no figure holds what it does only once.
func (w *world) warmUp(ctx context.Context, namespace string) error {
	const few = 200
	if err := w.create(ctx, namespace, few); err != nil {
		return err
	}
	if err := w.writeStatuses(ctx, namespace, few); err != nil {
		return err
	}
	return w.client.DeleteAllOf(ctx, &v1alpha1.KafkaTopic{}, client.InNamespace(namespace))
}

// bareTopics makes all topics twice and takes the faster time: the first finds a cold broker, and ours comes after.
func bareTopics(ctx context.Context, bootstrap []string, count int) (time.Duration, error) {
	admin, err := kgo.NewClient(kgo.SeedBrokers(bootstrap...))
	if err != nil {
		return 0, fmt.Errorf("making a Kafka client: %w", err)
	}
	defer admin.Close()
	best := time.Duration(0)
	for range 2 {
		took, err := timed(func() error { return createBare(ctx, admin, topicNames(count)) })
		if err != nil {
			return 0, err
		}
		if best == 0 || took < best {
			best = took
		}
		if err := deleteBare(ctx, admin, topicNames(count)); err != nil {
			return 0, err
		}
		if err := awaitEmpty(ctx, bootstrap); err != nil {
			return 0, err
		}
	}
	return best, nil
}

var errNotEmpty = errors.New("topics are still there")

func awaitEmpty(ctx context.Context, bootstrap []string) error {
	return wait.Until(ctx, patience, func(ctx context.Context) error {
		topics, err := kafkatest.ReadTopics(ctx, bootstrap)
		if err == nil && len(topics) > 0 {
			return fmt.Errorf("%w: %d", errNotEmpty, len(topics))
		}
		return err
	})
}

func timed(do func() error) (time.Duration, error) {
	started := time.Now()
	err := do()
	return time.Since(started), err
}
