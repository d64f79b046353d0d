package admission

import (
	"context"
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// onBrokers is what the inventory holds of a name.
type onBrokers struct {
	live      *validate.Live
	colliding []string
}

// onBrokers looks the object's topic name up in the inventory of its cluster.
func (l *Lookup) onBrokers(ctx context.Context, object topic.Declared, twins map[string]*v1alpha1.KafkaCluster) (onBrokers, error) {
	var found onBrokers
	key := naming.CollisionKey(object.TopicName)
	var shards v1alpha1.TopicInventoryList
	if err := l.Cache.List(ctx, &shards, client.MatchingFields{byCollisionKey: key}); err != nil {
		return found, fmt.Errorf("looking up topic %q in the inventory: %w", object.TopicName, err)
	}
	for i := range shards.Items {
		if !current(&shards.Items[i], twins) {
			continue
		}
		for j := range shards.Items[i].Topics {
			entry := &shards.Items[i].Topics[j]
			if !hasKey(entry.Name, key) {
				continue
			}
			if entry.Name != object.TopicName {
				found.colliding = append(found.colliding, entry.Name)
				continue
			}
			live, err := l.live(ctx, object, entry)
			if err != nil {
				return found, err
			}
			found.live = live
		}
	}
	slices.Sort(found.colliding)
	found.colliding = slices.Compact(found.colliding)
	return found, nil
}

// hasKey says whether naming.CollisionKey(name) is key. It makes no copy of the name: a shard holds a thousand of them.
func hasKey(name, key string) bool {
	if len(name) != len(key) {
		return false
	}
	// From the end: names of one team or product begin alike.
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] != key[i] && (name[i] != '.' || key[i] != '_') {
			return false
		}
	}
	return true
}

// current says whether a shard speaks of the brokers as they are: of this cluster, and no leftover.
func current(shard *v1alpha1.TopicInventory, twins map[string]*v1alpha1.KafkaCluster) bool {
	cluster, ours := twins[shard.Cluster]
	return ours && shard.Shard < max(cluster.Status.InventoryShards, 1) &&
		(shard.ClusterID == "" || shard.ClusterID == cluster.Status.ClusterID)
}

func (l *Lookup) live(ctx context.Context, object topic.Declared, entry *v1alpha1.InventoryTopic) (*validate.Live, error) {
	live := &validate.Live{Observed: topic.Observed{
		Name: entry.Name, ID: entry.TopicID, Partitions: entry.Partitions, Replicas: entry.Replicas,
	}, Bytes: entry.Bytes}
	if entry.OldestRecord != nil {
		live.OldestRecord = entry.OldestRecord.Time
	}
	live.Owned = owned(object, entry)
	if other := entry.Object; other != nil && other.Group != "" {
		live.Elsewhere = topic.Ref{Group: other.Group, Namespace: other.Namespace, Name: other.Name}
		return live, nil
	}
	if live.Owned || entry.Object == nil || entry.Object.Namespace != object.Ref.Namespace {
		return live, nil
	}
	alive, err := l.alive(ctx, *entry.Object)
	live.TakeBack = !alive
	return live, err
}

// owned says that a topic is an object's own: its status carries the ID, or the inventory names it.
func owned(object topic.Declared, entry *v1alpha1.InventoryTopic) bool {
	if entry.TopicID != "" && entry.TopicID == object.Recorded.TopicID {
		return true
	}
	owner := entry.Object
	return owner != nil && owner.Group == "" && owner.UID != "" && owner.UID == object.Ref.UID
}

// alive says whether an object of a name and UID exists and is not being deleted. The cache's yes is confirmed: whoever
// deletes an object and applies its successor is faster than a watch.
func (l *Lookup) alive(ctx context.Context, ref v1alpha1.ObjectRef) (bool, error) {
	for _, reader := range []client.Reader{l.Cache, l.Direct} {
		var object v1alpha1.KafkaTopic
		err := reader.Get(ctx, client.ObjectKey{Namespace: ref.Namespace, Name: ref.Name}, &object)
		switch {
		case apierrors.IsNotFound(err):
			return false, nil
		case err != nil:
			return false, fmt.Errorf("looking up KafkaTopic %s/%s: %w", ref.Namespace, ref.Name, err)
		case object.DeletionTimestamp != nil || ref.UID != "" && string(object.UID) != ref.UID:
			return false, nil
		}
	}
	return true, nil
}
