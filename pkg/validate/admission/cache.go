package admission

import (
	"context"
	"fmt"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/naming"
)

// byCollisionKey is the index of KafkaTopics, and of inventory shards, by what Kafka's metrics make of a topic's name.
const byCollisionKey = "collisionKey"

// Scheme knows every kind that the webhook reads.
func Scheme() (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{v1alpha1.AddToScheme, corev1.AddToScheme, coordinationv1.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, fmt.Errorf("building the scheme: %w", err)
		}
	}
	return scheme, nil
}

// CacheOptions are for the manager's cache: it holds what verdicts need and nothing else, copies nothing on reading, and
// watches one lease of one namespace.
func CacheOptions(lease client.ObjectKey) cache.Options {
	shared := true
	options := cache.Options{
		DefaultTransform:             strip,
		DefaultUnsafeDisableDeepCopy: &shared,
		// A kind that Prepare forgot is an error at once instead of a watch in the middle of a review.
		ReaderFailOnMissingInformer: true,
	}
	if lease.Name != "" {
		options.ByObject = map[client.Object]cache.ByObject{
			&coordinationv1.Lease{}: {Namespaces: map[string]cache.Config{
				lease.Namespace: {FieldSelector: fields.OneTermEqualSelector("metadata.name", lease.Name)},
			}},
		}
	}
	return options
}

// Prepare sets the cache up for a Lookup, before it is started: its indexes, and the watches that readiness waits for.
func Prepare(ctx context.Context, shared cache.Cache, lease client.ObjectKey) error {
	if err := shared.IndexField(ctx, &v1alpha1.KafkaTopic{}, byCollisionKey, topicKey); err != nil {
		return fmt.Errorf("indexing KafkaTopics: %w", err)
	}
	if err := shared.IndexField(ctx, &v1alpha1.TopicInventory{}, byCollisionKey, inventoryKeys); err != nil {
		return fmt.Errorf("indexing TopicInventories: %w", err)
	}
	kinds := []client.Object{&v1alpha1.KafkaTopic{}, &v1alpha1.TopicInventory{}, &v1alpha1.KafkaCluster{}, &corev1.Namespace{}}
	if lease.Name != "" {
		kinds = append(kinds, &coordinationv1.Lease{})
	}
	for _, kind := range kinds {
		if _, err := shared.GetInformer(ctx, kind, cache.BlockUntilSynced(false)); err != nil {
			return fmt.Errorf("watching %T: %w", kind, err)
		}
	}
	return nil
}

// topicKey indexes a KafkaTopic.
func topicKey(object client.Object) []string {
	topic, ok := object.(*v1alpha1.KafkaTopic)
	if !ok {
		return nil
	}
	return []string{naming.CollisionKey(dialect.Declared(topic).TopicName)}
}

// inventoryKeys index a shard by every topic in it.
func inventoryKeys(object client.Object) []string {
	shard, ok := object.(*v1alpha1.TopicInventory)
	if !ok {
		return nil
	}
	keys := make([]string, len(shard.Topics))
	for i := range shard.Topics {
		keys[i] = naming.CollisionKey(shard.Topics[i].Name)
	}
	return keys
}

// strip drops what no verdict needs, which is most of an object: verdicts ask other topics for their name, their cluster,
// what their status pins and what they count against quotas.
func strip(object any) (any, error) {
	if accessor, err := meta.Accessor(object); err == nil {
		accessor.SetManagedFields(nil)
		delete(accessor.GetAnnotations(), corev1.LastAppliedConfigAnnotation)
	}
	if topic, ok := object.(*v1alpha1.KafkaTopic); ok {
		topic.Spec, topic.Status.Conditions = stripped(topic.Spec), nil
	}
	return object, nil
}

// countedConfig is the topic config that quotas count.
const countedConfig = "retention.bytes"

// stripped is a spec as the cache keeps it: of the configs only what quotas count.
func stripped(spec v1alpha1.KafkaTopicSpec) v1alpha1.KafkaTopicSpec {
	bytes, set := spec.Config[countedConfig]
	spec.Config, spec.UnmanagedConfig = nil, nil
	if set {
		spec.Config = map[string]apiextensionsv1.JSON{countedConfig: bytes}
	}
	return spec
}
