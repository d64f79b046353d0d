package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Group is the API group of every kind in this package.
const Group = "topicgate.io"

// GroupVersion is the group and version of every kind in this package.
func GroupVersion() schema.GroupVersion {
	return schema.GroupVersion{Group: Group, Version: "v1alpha1"}
}

// AddToScheme registers every kind of this package.
func AddToScheme(scheme *runtime.Scheme) error {
	gv := GroupVersion()
	scheme.AddKnownTypes(gv,
		&KafkaTopic{}, &KafkaTopicList{},
		&KafkaCluster{}, &KafkaClusterList{},
		&TopicInventory{}, &TopicInventoryList{},
		&TopicPolicy{}, &TopicPolicyList{},
		&TopicPolicyException{}, &TopicPolicyExceptionList{},
	)
	metav1.AddToGroupVersion(scheme, gv)
	return nil
}
