package admission

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// claims are the other objects that declare the topic, or one whose name collides with it, on the same brokers: the owner
// first. Of the objects with the very name, only those that come before this one count.
func (l *Lookup) claims(ctx context.Context, op validate.Op, object topic.Declared, twins map[string]*v1alpha1.KafkaCluster, live *validate.Live) ([]validate.Claim, error) {
	var list v1alpha1.KafkaTopicList
	key := naming.CollisionKey(object.TopicName)
	if err := l.Cache.List(ctx, &list, client.MatchingFields{byCollisionKey: key}); err != nil {
		return nil, fmt.Errorf("looking up claims of topic %q: %w", object.TopicName, err)
	}
	var others []topic.Declared
	for i := range list.Items {
		other := dialect.Declared(&list.Items[i])
		if _, same := twins[other.Cluster]; !same || !precedes(op, other, object, live) {
			continue
		}
		alive, err := l.alive(ctx, v1alpha1.ObjectRef{Namespace: other.Ref.Namespace, Name: other.Ref.Name, UID: other.Ref.UID})
		if err != nil {
			return nil, err
		}
		if alive {
			others = append(others, other)
		}
	}
	slices.SortFunc(others, func(a, b topic.Declared) int {
		return cmp.Or(-compareBool(holds(a, live), holds(b, live)), a.Ref.Created.Compare(b.Ref.Created), cmp.Compare(a.Ref.UID, b.Ref.UID))
	})
	claims := make([]validate.Claim, len(others))
	for i, other := range others {
		claims[i] = validate.Claim{Ref: other.Ref, TopicName: other.TopicName}
	}
	return claims, nil
}

// precedes says whether other's claim counts against the object: whatever exists precedes a new object; of two that exist,
// the one that holds the live topic precedes, else the older.
func precedes(op validate.Op, other, object topic.Declared, live *validate.Live) bool {
	switch {
	case other.Ref.Namespace == object.Ref.Namespace && other.Ref.Name == object.Ref.Name:
		return false
	case op == validate.Create || other.TopicName != object.TopicName:
		return true
	}
	if first, second := holds(other, live), holds(object, live); first != second {
		return first
	}
	return other.Ref.Older(object.Ref)
}

// holds says whether an object's status carries the live topic's ID or, where no topic is known, any.
func holds(object topic.Declared, live *validate.Live) bool {
	id := object.Recorded.TopicID
	return id != "" && (live == nil || live.ID == "" || live.ID == id)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}
