package admission

import (
	"encoding/json"

	corev1 "k8s.io/api/core/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// addDroppedNulls puts config keys back that the user's file sets to null. `kubectl apply` drops them before it sends the
// object, and only its note of what was applied still tells; a note that this request did not write tells of another one.
func addDroppedNulls(declared *topic.Declared, objects pair[*v1alpha1.KafkaTopic]) {
	note := objects.new.Annotations[corev1.LastAppliedConfigAnnotation]
	if note == "" || objects.old != nil && objects.old.Annotations[corev1.LastAppliedConfigAnnotation] == note {
		return
	}
	var applied struct {
		Spec struct {
			Config map[string]*json.RawMessage `json:"config"`
		} `json:"spec"`
	}
	if json.Unmarshal([]byte(note), &applied) != nil {
		return // a user's own text; nothing of ours is in it
	}
	for key, value := range applied.Spec.Config {
		if _, sent := declared.Config[key]; value == nil && !sent {
			declared.Config[key] = topic.Value{Problem: topicconfig.ErrNull.Error()}
		}
	}
}
