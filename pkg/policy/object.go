package policy

import (
	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// objectOf is a declared topic as CEL sees it: the fields of a KafkaTopic, its config values as Kafka's texts, whether they
// were written as numbers, bools or strings. What is absent is absent.
func objectOf(declared topic.Declared) map[string]any {
	metadata := map[string]any{"name": declared.Ref.Name, "namespace": declared.Ref.Namespace}
	setTexts(metadata, "labels", declared.Labels)
	setTexts(metadata, "annotations", declared.Annotations)
	spec := map[string]any{}
	if declared.Cluster != "" {
		spec["clusterRef"] = map[string]any{"name": declared.Cluster}
	}
	if declared.ExplicitName {
		spec["topicName"] = declared.TopicName
	}
	if declared.Partitions != nil {
		spec["partitions"] = *declared.Partitions
	}
	if declared.Replicas != nil {
		spec["replicas"] = *declared.Replicas
	}
	if declared.Deletion != "" {
		spec["deletionPolicy"] = string(declared.Deletion)
	}
	setTexts(spec, "config", declared.Texts())
	if len(declared.Unmanaged) > 0 {
		spec["unmanagedConfig"] = declared.Unmanaged
	}
	return map[string]any{
		"apiVersion": v1alpha1.GroupVersion().String(), "kind": "KafkaTopic", "metadata": metadata, "spec": spec,
	}
}

func setTexts(object map[string]any, key string, texts map[string]string) {
	if len(texts) > 0 {
		object[key] = texts
	}
}

// object is a namespace as CEL sees it.
func (n Namespace) object() map[string]any {
	metadata := map[string]any{"name": n.Name}
	setTexts(metadata, "labels", n.Labels)
	setTexts(metadata, "annotations", n.Annotations)
	return map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
}
