package world

import (
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/topic"
)

// names says whether a KafkaTopic is one of the cluster's.
func (in Input) names(object *v1alpha1.KafkaTopic) bool {
	named := dialect.ClusterName(object)
	if named == "" {
		named = in.DefaultCluster
	}
	return named == in.Cluster.Name
}

func (in Input) object(object *v1alpha1.KafkaTopic, label string) audit.Object {
	declared := dialect.Declared(object)
	made := audit.Object{
		Ref: declared.Ref, Topic: declared.TopicName, Deleting: declared.Deleting,
		Owner: in.owner(object, label),
	}
	conditions := object.Status.Conditions
	if ready := meta.FindStatusCondition(conditions, v1alpha1.ConditionReady); ready != nil && ready.Status != metav1.ConditionTrue {
		made.Reason, made.Message = topic.Reason(ready.Reason), ready.Message
	}
	made.Drift, _ = says(conditions, v1alpha1.ConditionDrifted, metav1.ConditionTrue)
	made.Violation, _ = says(conditions, v1alpha1.ConditionPolicyViolation, metav1.ConditionTrue)
	return made
}

// owner is what the label says, of the object or else of its namespace. An empty label says nothing.
func (in Input) owner(object *v1alpha1.KafkaTopic, label string) string {
	if owner := object.Labels[label]; owner != "" {
		return owner
	}
	return in.Namespaces[object.Namespace][label]
}
