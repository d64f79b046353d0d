package world

import (
	"context"
	"errors"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/naming"
)

var errNotHeld = errors.New("objects of this kind are not held")

// objects are what the look-up reads. They are handed out as they are, and never changed.
type objects struct {
	topics     map[client.ObjectKey]*v1alpha1.KafkaTopic
	byName     map[string][]client.ObjectKey // by what Kafka's metrics make of the topic's name
	namespaces map[string]*corev1.Namespace
	clusters   []v1alpha1.KafkaCluster
	shards     []v1alpha1.TopicInventory
	shardsOf   map[string][]int // by what Kafka's metrics make of the names in them
}

var _ client.Reader = (*objects)(nil)

// Get finds one object, as a client would.
func (o *objects) Get(_ context.Context, key client.ObjectKey, into client.Object, _ ...client.GetOption) error {
	found := false
	switch into := into.(type) {
	case *v1alpha1.KafkaTopic:
		var topic *v1alpha1.KafkaTopic
		if topic, found = o.topics[key]; found {
			*into = *topic
		}
	case *corev1.Namespace:
		var namespace *corev1.Namespace
		if namespace, found = o.namespaces[key.Name]; found {
			*into = *namespace
		}
	case *v1alpha1.KafkaCluster:
		i := slices.IndexFunc(o.clusters, func(c v1alpha1.KafkaCluster) bool { return c.Name == key.Name })
		if found = i >= 0; found {
			*into = o.clusters[i]
		}
	default:
		return fmt.Errorf("reading %T: %w", into, errNotHeld)
	}
	if !found {
		return apierrors.NewNotFound(schema.GroupResource{Group: v1alpha1.Group}, key.String())
	}
	return nil
}

// List finds the objects of a kind; the one index that there is, is the one by topic names.
func (o *objects) List(_ context.Context, into client.ObjectList, opts ...client.ListOption) error {
	key, indexed := indexKey(opts)
	switch into := into.(type) {
	case *v1alpha1.KafkaTopicList:
		for _, name := range o.byName[key] {
			into.Items = append(into.Items, *o.topics[name])
		}
	case *v1alpha1.TopicInventoryList:
		for _, i := range o.shardsOf[key] {
			into.Items = append(into.Items, o.shards[i])
		}
	case *v1alpha1.KafkaClusterList:
		into.Items, indexed = o.clusters, true
	default:
		return fmt.Errorf("listing %T: %w", into, errNotHeld)
	}
	if !indexed {
		return fmt.Errorf("listing %T without a topic's name: %w", into, errNotHeld)
	}
	return nil
}

func indexKey(opts []client.ListOption) (string, bool) {
	options := client.ListOptions{}
	options.ApplyOptions(opts)
	if options.FieldSelector == nil {
		return "", false
	}
	requirements := options.FieldSelector.Requirements()
	if len(requirements) != 1 {
		return "", false
	}
	return requirements[0].Value, true
}

func (o *objects) put(topic *v1alpha1.KafkaTopic) {
	o.remove(topic.Namespace, topic.Name)
	key := client.ObjectKeyFromObject(topic)
	o.topics[key] = topic
	name := naming.CollisionKey(dialect.Declared(topic).TopicName)
	o.byName[name] = append(o.byName[name], key)
}

func (o *objects) remove(namespace, name string) {
	key := client.ObjectKey{Namespace: namespace, Name: name}
	topic, known := o.topics[key]
	if !known {
		return
	}
	delete(o.topics, key)
	index := naming.CollisionKey(dialect.Declared(topic).TopicName)
	o.byName[index] = slices.DeleteFunc(o.byName[index], func(k client.ObjectKey) bool { return k == key })
}

func (o *objects) addShard(shard *v1alpha1.TopicInventory) {
	o.shards = append(o.shards, *shard)
	for i := range shard.Topics {
		key := naming.CollisionKey(shard.Topics[i].Name)
		if held := o.shardsOf[key]; len(held) == 0 || held[len(held)-1] != len(o.shards)-1 {
			o.shardsOf[key] = append(held, len(o.shards)-1)
		}
	}
}
