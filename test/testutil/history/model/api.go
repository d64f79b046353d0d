package model

import (
	"fmt"
	"maps"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// namespace is what the cluster's selectors and the namespace controller know.
type namespace struct{ admits, adopts, terminating bool }

// api is an API server with its namespace and garbage controllers.
type api struct {
	objects    map[string]*v1alpha1.KafkaTopic
	namespaces map[string]*namespace
	// crdTerminating says that the definition of KafkaTopics is being deleted.
	crdTerminating bool
	paused         bool
	// shards and clusterID are the KafkaCluster's status, inventory the TopicInventory's.
	shards    int64
	inventory []v1alpha1.InventoryTopic
	version   int
}

func newAPI() *api {
	a := &api{objects: map[string]*v1alpha1.KafkaTopic{}, namespaces: map[string]*namespace{}}
	a.namespaces["plain"] = &namespace{admits: true}
	a.namespaces["other"] = &namespace{admits: true}
	a.namespaces["trusted"] = &namespace{admits: true, adopts: true}
	return a
}

func (a *api) next() string {
	a.version++
	return fmt.Sprint(a.version)
}

// create applies a new object; one that exists, or a namespace that does not take any, makes it nothing.
func (a *api) create(name string, spec v1alpha1.KafkaTopicSpec, now time.Time) {
	space, object := split(name)
	in, ok := a.namespaces[space]
	if _, exists := a.objects[name]; exists || !ok || in.terminating || a.crdTerminating {
		return
	}
	made := &v1alpha1.KafkaTopic{Spec: spec}
	made.Namespace, made.Name, made.Generation = space, object, 1
	made.CreationTimestamp = metav1.NewTime(now.Truncate(time.Second))
	made.ResourceVersion = a.next()
	// UIDs are random: their order is not that of creation.
	made.UID = types.UID(fmt.Sprintf("%08x", uint32(a.version)*2654435761))
	a.objects[name] = made
}

// edit changes a stored object: a copy, so that who holds the former version keeps it.
func (a *api) edit(name string, change func(*v1alpha1.KafkaTopic)) {
	stored, ok := a.objects[name]
	if !ok {
		return
	}
	edited := stored.DeepCopy()
	change(edited)
	edited.ResourceVersion = a.next()
	a.objects[name] = edited
	a.collect(name)
}

// remove asks for the deletion of an object.
func (a *api) remove(name string, now time.Time) {
	a.edit(name, func(object *v1alpha1.KafkaTopic) {
		if object.DeletionTimestamp == nil {
			at := metav1.NewTime(now.Truncate(time.Second))
			object.DeletionTimestamp = &at
		}
	})
}

// collect removes an object that is being deleted once nothing holds it.
func (a *api) collect(name string) {
	if object := a.objects[name]; object.DeletionTimestamp != nil && len(object.Finalizers) == 0 {
		delete(a.objects, name)
	}
}

// control is what the namespace controller and the CRD's finalizer do, one object at a time.
func (a *api) control(now time.Time) {
	for _, name := range slices.Sorted(maps.Keys(a.objects)) {
		space, _ := split(name)
		if (a.crdTerminating || a.namespaces[space].terminating) && a.objects[name].DeletionTimestamp == nil {
			a.remove(name, now)
			break
		}
	}
	if len(a.objects) == 0 {
		a.crdTerminating = false
	}
	for space, in := range a.namespaces {
		if in.terminating && !a.holds(space) {
			delete(a.namespaces, space)
		}
	}
}

func (a *api) holds(space string) bool {
	for name := range a.objects {
		if in, _ := split(name); in == space {
			return true
		}
	}
	return false
}

// writeStatus is a server-side apply with a UID: an object made anew meanwhile is refused.
func (a *api) writeStatus(ref topic.Ref, status v1alpha1.KafkaTopicStatus) (*v1alpha1.KafkaTopic, bool) {
	stored, ok := a.objects[ref.String()]
	if !ok || string(stored.UID) != ref.UID {
		return nil, false
	}
	a.edit(ref.String(), func(object *v1alpha1.KafkaTopic) { object.Status = *status.DeepCopy() })
	return a.objects[ref.String()], true
}

// writeFinalizers is a patch with a resource version: a list changed meanwhile is refused. nil when the object is gone.
func (a *api) writeFinalizers(cached *v1alpha1.KafkaTopic, finalizers []string) (*v1alpha1.KafkaTopic, bool) {
	name := cached.Namespace + "/" + cached.Name
	stored, ok := a.objects[name]
	if !ok || stored.ResourceVersion != cached.ResourceVersion {
		return nil, false
	}
	a.edit(name, func(object *v1alpha1.KafkaTopic) { object.Finalizers = finalizers })
	return a.objects[name], true
}
