package model

import (
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/testutil/history"
)

// happen carries out what people, controllers and outside hands do.
func (w *World) happen(step history.Step) {
	if !w.onObject(step) && !w.onParents(step) {
		w.onBrokers(step)
	}
}

func (w *World) onObject(step history.Step) bool {
	if change := objectChange(w, step); change != nil {
		w.api.edit(step.Object, change)
		return true
	}
	switch step.Kind { //nolint:exhaustive // the other kinds are not about one object
	case history.CreateObject:
		w.api.create(step.Object, specOf(step), w.now)
	case history.DeleteObject:
		if object, ok := w.api.objects[step.Object]; ok {
			if _, again := w.oracle.asked[string(object.UID)]; !again {
				w.oracle.asked[string(object.UID)] = w.now
			}
		}
		w.api.remove(step.Object, w.now)
	default:
		return false
	}
	return true
}

// objectChange is the edit that a step makes; nil when it makes none.
func objectChange(w *World, step history.Step) func(*v1alpha1.KafkaTopic) {
	switch step.Kind { //nolint:exhaustive // the other kinds edit no object
	case history.EditPartitions:
		return func(o *v1alpha1.KafkaTopic) { o.Spec.Partitions = &step.Partitions; o.Generation++ }
	case history.Rename:
		return func(o *v1alpha1.KafkaTopic) { o.Spec.TopicName = &step.Topic; o.Generation++ }
	case history.SetPolicy:
		return func(o *v1alpha1.KafkaTopic) {
			o.Spec.DeletionPolicy = v1alpha1.DeletionPolicy(step.Policy)
			o.Generation++
		}
	case history.Finalize:
		return func(o *v1alpha1.KafkaTopic) {
			if o.DeletionTimestamp == nil { // the API server takes no new finalizer on an object that is being deleted
				o.Finalizers = []string{v1alpha1.TopicFinalizer}
			}
		}
	case history.AllowDelete:
		return annotate(v1alpha1.AllowDeleteUntilAnnotation, w.now.Add(time.Hour).Format(time.RFC3339))
	case history.PermitAdoption:
		return annotate(v1alpha1.AdoptAnnotation, "true")
	case history.PauseObject:
		return flip(v1alpha1.PausedAnnotation)
	}
	return nil
}

func annotate(key, value string) func(*v1alpha1.KafkaTopic) {
	return func(o *v1alpha1.KafkaTopic) {
		if o.Annotations == nil {
			o.Annotations = map[string]string{}
		}
		o.Annotations[key] = value
	}
}

func flip(key string) func(*v1alpha1.KafkaTopic) {
	return func(o *v1alpha1.KafkaTopic) {
		if _, on := o.Annotations[key]; on {
			delete(o.Annotations, key)
			return
		}
		annotate(key, "true")(o)
	}
}

func specOf(step history.Step) v1alpha1.KafkaTopicSpec {
	spec := v1alpha1.KafkaTopicSpec{
		ClusterRef: &v1alpha1.ClusterRef{Name: clusterName}, TopicName: &step.Topic,
		DeletionPolicy: v1alpha1.DeletionPolicy(step.Policy),
		Config:         map[string]apiextensionsv1.JSON{},
	}
	if step.Partitions > 0 {
		spec.Partitions = &step.Partitions
	}
	if step.N%2 == 0 {
		spec.Config["retention.ms"] = apiextensionsv1.JSON{Raw: []byte("60000")}
	}
	return spec
}

func (w *World) onParents(step history.Step) bool {
	if space := w.api.namespaces[step.Namespace]; space != nil {
		switch step.Kind { //nolint:exhaustive // the other kinds are not about a namespace
		case history.DeleteNamespace:
			space.terminating = true
		case history.Admit:
			space.admits = !space.admits
		case history.MayAdopt:
			space.adopts = !space.adopts
		}
	} else if step.Kind == history.CreateNamespace {
		w.api.namespaces[step.Namespace] = &namespace{admits: true, adopts: step.Namespace == "trusted"}
	}
	switch step.Kind { //nolint:exhaustive // the other kinds are not about all objects
	case history.DeleteCRD:
		w.api.crdTerminating = true
	case history.PauseCluster:
		w.api.paused = !w.api.paused
	case history.DeleteNamespace, history.CreateNamespace, history.Admit, history.MayAdopt:
	default:
		return false
	}
	return true
}

func (w *World) onBrokers(step history.Step) {
	switch step.Kind { //nolint:exhaustive // the other kinds are handled before, or below
	case history.MakeTopic:
		w.brokers.make(step.Topic, step.Partitions, nil, w.now)
	case history.Hide:
		w.brokers.hidden[step.Topic] = !w.brokers.hidden[step.Topic]
	case history.Restart:
		w.restart()
	case history.CrashLater:
		w.syncer.left = 1 + step.N
	default:
		w.onTopic(step)
	}
}

// onTopic changes a topic that is there.
func (w *World) onTopic(step history.Step) {
	found, exists := w.brokers.topics[step.Topic]
	if !exists {
		return
	}
	switch step.Kind { //nolint:exhaustive // the other kinds are handled before
	case history.DropTopic:
		w.brokers.change(step.Topic, nil, w.now)
	case history.RemakeTopic:
		w.brokers.change(step.Topic, nil, w.now)
		w.brokers.make(step.Topic, step.Partitions, nil, w.now)
	case history.AlterTopic, history.Produce, history.Drain:
		w.brokers.change(step.Topic, altered(found, step), w.now)
	}
}

func altered(found held, step history.Step) *held {
	switch step.Kind { //nolint:exhaustive // the callers send only these
	case history.Produce:
		found.records = 100
	case history.Drain:
		found.records = 0
	default:
		found.config = map[string]string{"retention.ms": "1000"}
	}
	return &found
}
