package offline

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

// Export is the facts among what a cluster holds, as objects to be written: nothing that says how a Kafka cluster is
// connected to, and nothing that no verdict asks for.
func Export(from Manifests) []any {
	version := v1alpha1.GroupVersion().String()
	objects := []any{}
	for _, found := range from.Clusters {
		cluster := v1alpha1.KafkaCluster{TypeMeta: metav1.TypeMeta{APIVersion: version, Kind: "KafkaCluster"}, ObjectMeta: identity(found.Object.ObjectMeta)}
		if mark := found.Object.Annotations[v1alpha1.DefaultClusterAnnotation]; mark != "" {
			cluster.Annotations = map[string]string{v1alpha1.DefaultClusterAnnotation: mark}
		}
		cluster.Spec, cluster.Status = found.Object.Spec, found.Object.Status
		cluster.Spec.TLS, cluster.Spec.SASL = nil, nil
		objects = append(objects, cluster)
	}
	for _, found := range from.Namespaces {
		object := found.Object
		objects = append(objects, partialNamespace{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
			ObjectMeta: metav1.ObjectMeta{Name: object.Name, Labels: object.Labels, Annotations: withoutNote(object.Annotations)},
		})
	}
	for _, found := range from.Inventories {
		shard := *found.Object
		shard.TypeMeta, shard.ObjectMeta = metav1.TypeMeta{APIVersion: version, Kind: "TopicInventory"}, identity(shard.ObjectMeta)
		objects = append(objects, shard)
	}
	for _, found := range from.Topics {
		object := *found.Object
		annotations := object.Annotations
		object.TypeMeta, object.ObjectMeta = metav1.TypeMeta{APIVersion: version, Kind: "KafkaTopic"}, identity(object.ObjectMeta)
		object.Annotations, object.Status.Conditions = withoutNote(annotations), nil
		objects = append(objects, object)
	}
	return objects
}

// partialNamespace is a Namespace without what policies do not ask for.
type partialNamespace struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
}

// identity is what verdicts ask of an object's metadata.
func identity(of metav1.ObjectMeta) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Name: of.Name, Namespace: of.Namespace, UID: of.UID, Generation: of.Generation, Labels: of.Labels,
		CreationTimestamp: of.CreationTimestamp, DeletionTimestamp: of.DeletionTimestamp, Finalizers: of.Finalizers,
	}
}
