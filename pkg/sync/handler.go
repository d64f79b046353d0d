package sync

import (
	"maps"
	"slices"

	"k8s.io/client-go/tools/cache"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

// dialectName is a KafkaTopic's effective topic name.
func dialectName(object *v1alpha1.KafkaTopic) string {
	if object.Spec.TopicName != nil {
		return *object.Spec.TopicName
	}
	return object.Name
}

// concerns says whether a change is one that the loop has to look at; its own status writes are not.
func concerns(before, after *v1alpha1.KafkaTopic) bool {
	return before.UID != after.UID ||
		before.Generation != after.Generation ||
		(before.DeletionTimestamp == nil) != (after.DeletionTimestamp == nil) ||
		!maps.Equal(before.Annotations, after.Annotations) ||
		!maps.Equal(before.Labels, after.Labels) || // policies may read them
		!slices.Equal(before.Finalizers, after.Finalizers)
}

// handler feeds a loop from the informer of KafkaTopics, with those that are its cluster's.
func (s *Supervisor) handler(loop *Loop) cache.ResourceEventHandler {
	take := func(found any) {
		object, ok := found.(*v1alpha1.KafkaTopic)
		if !ok {
			return
		}
		if s.clusterOf(object) == loop.name {
			loop.seen(object)
			return
		}
		loop.gone(object)
	}
	return cache.ResourceEventHandlerFuncs{
		AddFunc:    take,
		UpdateFunc: func(_, found any) { take(found) },
		DeleteFunc: func(found any) {
			if tombstone, ok := found.(cache.DeletedFinalStateUnknown); ok {
				found = tombstone.Obj
			}
			if object, ok := found.(*v1alpha1.KafkaTopic); ok && s.clusterOf(object) == loop.name {
				loop.gone(object)
			}
		},
	}
}
