// Package dialect translates between TopicGate's own KafkaTopic and the neutral record of pkg/topic: object to Declared,
// Field to the object's path. Other kinds of topic objects get a translation of their own beside it.
package dialect

import (
	"fmt"
	"slices"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// Kind is the kind that this dialect speaks.
const Kind = "KafkaTopic"

// Declared is what a KafkaTopic declares. An object that names no cluster takes the one that its status is pinned to.
func Declared(object *v1alpha1.KafkaTopic) topic.Declared {
	declared := topic.Declared{
		Ref:              Ref(object),
		Labels:           object.Labels,
		Annotations:      object.Annotations,
		Generation:       object.Generation,
		Cluster:          ClusterName(object),
		TopicName:        object.Name,
		Partitions:       object.Spec.Partitions,
		Replicas:         object.Spec.Replicas,
		Config:           config(object),
		Unmanaged:        object.Spec.UnmanagedConfig,
		Deletion:         topic.DeletionPolicy(object.Spec.DeletionPolicy),
		Deleting:         object.DeletionTimestamp != nil,
		Finalized:        slices.Contains(object.Finalizers, v1alpha1.TopicFinalizer),
		Paused:           object.Annotations[v1alpha1.PausedAnnotation] == "true",
		Adopt:            object.Annotations[v1alpha1.AdoptAnnotation] == "true" && object.Status.TopicID == "",
		AllowDeleteUntil: allowance(object),
		Recorded:         recorded(object),
	}
	if object.Spec.TopicName != nil {
		declared.TopicName, declared.ExplicitName = *object.Spec.TopicName, true
	}
	return declared
}

// Ref names a KafkaTopic.
func Ref(object *v1alpha1.KafkaTopic) topic.Ref {
	return topic.Ref{
		Group: v1alpha1.Group, Kind: Kind,
		Namespace: object.Namespace, Name: object.Name,
		UID: string(object.UID), Created: object.CreationTimestamp.Time,
	}
}

// ClusterName is the cluster that a KafkaTopic names or, where it names none, is pinned to.
func ClusterName(object *v1alpha1.KafkaTopic) string {
	switch {
	case object.Spec.ClusterRef != nil:
		return object.Spec.ClusterRef.Name
	case object.Status.Cluster != nil:
		return object.Status.Cluster.Name
	default:
		return ""
	}
}

func config(object *v1alpha1.KafkaTopic) map[string]topic.Value {
	values := make(map[string]topic.Value, len(object.Spec.Config))
	for key, raw := range object.Spec.Config {
		text, err := topicconfig.FromScalar(token(raw))
		if err != nil {
			values[key] = topic.Value{Problem: err.Error()}
			continue
		}
		values[key] = topic.Value{Text: text}
	}
	return values
}

// token is a config value as JSON; null is decoded into nothing at all.
func token(value apiextensionsv1.JSON) []byte {
	if len(value.Raw) == 0 {
		return []byte("null")
	}
	return value.Raw
}

// allowance is until when deletion protection is lifted; what does not parse lifts nothing.
func allowance(object *v1alpha1.KafkaTopic) time.Time {
	until, err := time.Parse(time.RFC3339, object.Annotations[v1alpha1.AllowDeleteUntilAnnotation])
	if err != nil {
		return time.Time{}
	}
	return until
}

func recorded(object *v1alpha1.KafkaTopic) topic.Recorded {
	status := object.Status
	record := topic.Recorded{
		TopicName: status.TopicName, TopicID: status.TopicID,
		Partitions: status.Partitions, Replicas: status.Replicas,
		ManagedConfig: status.ManagedConfig, DefaultedConfig: status.DefaultedConfig,
	}
	if status.Cluster != nil {
		record.Cluster, record.ClusterID = status.Cluster.Name, status.Cluster.ID
	}
	return record
}

// Path is where a KafkaTopic holds a field, as kubectl prints it.
func Path(field topic.Field) string {
	switch field.Kind() {
	case topic.KindConfig:
		return keyed("spec.config", field.Key())
	case topic.KindLabel:
		return keyed("metadata.labels", field.Key())
	case topic.KindAnnotation:
		return keyed("metadata.annotations", field.Key())
	case topic.KindObject, topic.KindObjectName, topic.KindTopicName, topic.KindCluster, topic.KindPartitions, topic.KindReplicas,
		topic.KindUnmanaged, topic.KindDeletion, topic.KindSpec:
	}
	return plainPath(field.Kind())
}

// plainPath is the path of a field that needs no key.
func plainPath(kind topic.FieldKind) string {
	for _, known := range []struct {
		kind topic.FieldKind
		path string
	}{
		{topic.KindObject, "metadata"},
		{topic.KindObjectName, "metadata.name"},
		{topic.KindTopicName, "spec.topicName"},
		{topic.KindCluster, "spec.clusterRef.name"},
		{topic.KindPartitions, "spec.partitions"},
		{topic.KindReplicas, "spec.replicas"},
		{topic.KindUnmanaged, "spec.unmanagedConfig"},
		{topic.KindDeletion, "spec.deletionPolicy"},
	} {
		if known.kind == kind {
			return known.path
		}
	}
	return "spec"
}

// keyed is the path of one entry of a map, or of the whole map where no key is given.
func keyed(path, key string) string {
	if key == "" {
		return path
	}
	return fmt.Sprintf("%s[%s]", path, key)
}
