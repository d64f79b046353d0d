package admission

import (
	"context"
	"encoding/json"

	admissionv1 "k8s.io/api/admission/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
)

// DefaultTopic fills the clusterRef of a KafkaTopic that has none: of a new object with the one default cluster, of a
// changed one with what it had. It changes nothing else, and nothing at all when it cannot tell: the validating webhook
// then says what is missing.
func DefaultTopic(lookup *Lookup) Judge {
	return func(ctx context.Context, request *admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
		objects, refusal := decode[v1alpha1.KafkaTopic](request, dialect.Kind, admissionv1.Create, admissionv1.Update)
		if refusal != nil {
			return refusal
		}
		response := allowed()
		if request.SubResource != "" || objects.new.Spec.ClusterRef != nil || untouched(objects) {
			return response
		}
		name := ""
		if objects.old != nil {
			// Never today's default: a replace after the default has changed would move the topic to another cluster.
			name = dialect.ClusterName(objects.old)
		} else if clusters, err := lookup.clusters(ctx); err == nil {
			name = dialect.DefaultCluster(clusters)
		}
		if name == "" {
			return response
		}
		patch, err := clusterPatch(request.Object.Raw, name)
		if err != nil {
			return misdirected("the review's object cannot be read: %v", err)
		}
		patchType := admissionv1.PatchTypeJSONPatch
		response.Patch, response.PatchType = patch, &patchType
		return response
	}
}

// clusterPatch is the smallest JSON patch that sets the clusterRef: into the spec, or with a spec around it.
func clusterPatch(object []byte, name string) ([]byte, error) {
	type patch struct {
		Op    string `json:"op"`
		Path  string `json:"path"`
		Value any    `json:"value"`
	}
	var given struct {
		Spec map[string]json.RawMessage `json:"spec"`
	}
	if err := json.Unmarshal(object, &given); err != nil {
		return nil, err
	}
	reference := v1alpha1.ClusterRef{Name: name}
	if given.Spec == nil {
		return json.Marshal([]patch{{"add", "/spec", v1alpha1.KafkaTopicSpec{ClusterRef: &reference}}})
	}
	return json.Marshal([]patch{{"add", "/spec/clusterRef", reference}})
}
