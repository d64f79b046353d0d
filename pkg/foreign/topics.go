package foreign

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/topicgate/topicgate/pkg/topic"
)

// API groups of the products.
const (
	StrimziGroup   = "kafka.strimzi.io"
	KoperatorGroup = "kafka.banzaicloud.io"
)

const (
	// StrimziClusterLabel is the label of a Strimzi KafkaTopic that names its Kafka object.
	StrimziClusterLabel = "strimzi.io/cluster"
	// strimziManaged is the annotation that has the Topic Operator leave a topic alone when it says false.
	strimziManaged = "strimzi.io/managed"
	// koperatorManaged is the annotation that names who manages a topic, Koperator where it is absent.
	koperatorManaged = "managedBy"
)

// Declaration is a topic that an object of another product declares.
type Declaration struct {
	// Topic is the topic's name.
	Topic string
	// Namespace and Cluster are those of the object that describes the brokers. Strimzi's Topic Operator watches the namespace
	// of its Kafka object.
	Namespace, Cluster string
	// Ref is the object that declares it.
	Ref topic.Ref
}

// StrimziTopic reads a KafkaTopic of Strimzi; false when it declares nothing: it names no cluster, or is not managed. One
// that is being deleted still declares its topic.
func StrimziTopic(content map[string]any) (Declaration, bool) {
	object := unstructured.Unstructured{Object: content}
	made := Declaration{Topic: object.GetName(), Namespace: object.GetNamespace(), Cluster: object.GetLabels()[StrimziClusterLabel], Ref: refOf(object, StrimziGroup)}
	if name, found, _ := unstructured.NestedString(content, "spec", "topicName"); found {
		made.Topic = name
	}
	return made, made.Topic != "" && made.Cluster != "" && object.GetAnnotations()[strimziManaged] != "false"
}

// KoperatorTopic reads a KafkaTopic of Koperator; false when it declares nothing: it names no topic or cluster, or somebody
// else manages it. A cluster without a namespace is in the object's own.
func KoperatorTopic(content map[string]any) (Declaration, bool) {
	object := unstructured.Unstructured{Object: content}
	made := Declaration{
		Topic: text(content, "spec", "name"), Namespace: text(content, "spec", "clusterRef", "namespace"),
		Cluster: text(content, "spec", "clusterRef", "name"), Ref: refOf(object, KoperatorGroup),
	}
	if made.Namespace == "" {
		made.Namespace = object.GetNamespace()
	}
	manager, named := object.GetAnnotations()[koperatorManaged]
	return made, made.Topic != "" && made.Cluster != "" && (!named || strings.EqualFold(manager, "koperator"))
}

func refOf(object unstructured.Unstructured, group string) topic.Ref {
	return topic.Ref{
		Group: group, Kind: "KafkaTopic", Namespace: object.GetNamespace(), Name: object.GetName(),
		UID: string(object.GetUID()), Created: object.GetCreationTimestamp().UTC(),
	}
}

// text is a string in an object; empty where there is none.
func text(content map[string]any, path ...string) string {
	found, _, _ := unstructured.NestedString(content, path...)
	return found
}

// Stripped is the part of an object that a Declaration is read from, so that a watch need not keep the rest.
func Stripped(content map[string]any) map[string]any {
	object := unstructured.Unstructured{Object: content}
	kept := &unstructured.Unstructured{Object: map[string]any{}}
	kept.SetGroupVersionKind(object.GroupVersionKind())
	kept.SetNamespace(object.GetNamespace())
	kept.SetName(object.GetName())
	kept.SetUID(object.GetUID())
	kept.SetResourceVersion(object.GetResourceVersion())
	kept.SetCreationTimestamp(metav1.Time{Time: object.GetCreationTimestamp().Time})
	if cluster, labelled := object.GetLabels()[StrimziClusterLabel]; labelled {
		kept.SetLabels(map[string]string{StrimziClusterLabel: cluster})
	}
	annotations := map[string]string{}
	for _, key := range []string{strimziManaged, koperatorManaged} {
		if value, annotated := object.GetAnnotations()[key]; annotated {
			annotations[key] = value
		}
	}
	kept.SetAnnotations(annotations)
	spec := map[string]any{}
	for _, field := range []string{"topicName", "name", "clusterRef"} {
		if value, found, _ := unstructured.NestedFieldNoCopy(content, "spec", field); found {
			spec[field] = value
		}
	}
	kept.Object["spec"] = spec
	return kept.Object
}
