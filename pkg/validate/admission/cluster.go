package admission

import (
	"context"
	"slices"

	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/validate/kafkacluster"
)

// ValidateCluster judges the creation and the change of a KafkaCluster.
func ValidateCluster(lookup *Lookup) Judge {
	return func(ctx context.Context, request *admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
		objects, refusal := decode[v1alpha1.KafkaCluster](request, "KafkaCluster", admissionv1.Create, admissionv1.Update)
		if refusal != nil {
			return refusal
		}
		cluster, old := objects.new, objects.old
		if request.SubResource != "" || old != nil && (cluster.DeletionTimestamp != nil || equality.Semantic.DeepEqual(old.Spec, cluster.Spec)) {
			return allowed()
		}
		clusters, err := lookup.clusters(ctx)
		if err != nil {
			return undecided(err)
		}
		verdict := kafkacluster.Check(cluster, old, otherDefault(cluster.Name, clusters))
		response := allowed()
		if len(verdict.Violations) > 0 {
			response = invalid(request, cluster.Name, clusterFaults(verdict.Violations))
		}
		response.Warnings = warnings(clusterFaults(verdict.Warnings))
		return response
	}
}

// otherDefault is another cluster that is marked default; the first by name.
func otherDefault(name string, clusters []v1alpha1.KafkaCluster) string {
	var others []string
	for i := range clusters {
		if clusters[i].Name != name && clusters[i].Annotations[v1alpha1.DefaultClusterAnnotation] == "true" {
			others = append(others, clusters[i].Name)
		}
	}
	if len(others) == 0 {
		return ""
	}
	return slices.Min(others)
}

func clusterFaults(violations []kafkacluster.Violation) []fault {
	list := make([]fault, len(violations))
	for i, violation := range violations {
		list[i] = fault{path: violation.Path, reason: violation.Reason, text: violation.Text()}
	}
	return list
}
