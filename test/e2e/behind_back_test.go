package e2e

import (
	"context"
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/wait"
)

// admin is somebody who does not go through Kubernetes.
func (w *world) admin() *kadm.Client {
	w.t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(w.kafka.Internal()...))
	require.NoError(w.t, err)
	w.t.Cleanup(client.Close)
	return kadm.NewClient(client)
}

func (w *world) createBehindBack(name string, partitions int32, config map[string]string) {
	w.t.Helper()
	values := map[string]*string{}
	for key, value := range config {
		values[key] = &value
	}
	_, err := w.admin().CreateTopic(w.t.Context(), partitions, -1, values, name)
	require.NoError(w.t, err)
	w.broker(name, func(kafkatest.TopicFacts) bool { return true })
}

func (w *world) alterBehindBack(name string, config map[string]string) {
	w.t.Helper()
	var changes []kadm.AlterConfig
	for key, value := range config {
		changes = append(changes, kadm.AlterConfig{Op: kadm.SetConfig, Name: key, Value: &value})
	}
	answers, err := w.admin().AlterTopicConfigs(w.t.Context(), changes, name)
	require.NoError(w.t, err)
	require.NoError(w.t, answers[0].Err)
}

func (w *world) deleteBehindBack(name string) {
	w.t.Helper()
	_, err := w.admin().DeleteTopic(w.t.Context(), name)
	require.NoError(w.t, err)
}

// absent waits until a topic is no longer on the brokers.
func (w *world) absent(name string) {
	w.t.Helper()
	wait.For(w.t, Patience, func(ctx context.Context) error {
		topics, err := kafkatest.ReadTopics(ctx, w.kafka.Internal())
		if err != nil {
			return err
		}
		if _, there := topics[name]; there {
			return fmt.Errorf("topic %s is still on the brokers", name)
		}
		return nil
	})
}

// gone waits until a KafkaTopic is no longer in the API server.
func (w *world) gone(name string) {
	w.t.Helper()
	wait.For(w.t, Patience, func(context.Context) error {
		if object := w.topic(name); object != nil {
			return fmt.Errorf("KafkaTopic %s is still there: %+v %+v", name, object.ObjectMeta, object.Status)
		}
		return nil
	})
}

// class waits until the inventory has a topic in one of the classes.
func (w *world) class(name string, classes ...string) (entry v1alpha1.InventoryTopic) {
	w.t.Helper()
	wait.For(w.t, Patience, func(ctx context.Context) error {
		var inventory v1alpha1.TopicInventoryList
		if err := w.Client.List(ctx, &inventory, &client.ListOptions{}); err != nil {
			return err
		}
		for _, shard := range inventory.Items {
			for _, found := range shard.Topics {
				if found.Name == name && slices.Contains(classes, string(found.Class)) {
					entry = found
					return nil
				}
				if found.Name == name {
					return fmt.Errorf("topic %s is %s", name, found.Class)
				}
			}
		}
		return fmt.Errorf("topic %s is in no inventory", name)
	})
	return entry
}

func clientKey(name string) client.ObjectKey { return client.ObjectKey{Name: name} }
