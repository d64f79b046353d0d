package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TopicPolicyException lets named topics break named rules, for a reason and until a day. It is cluster-scoped, so that no
// tenant can grant one to himself.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,path=topicpolicyexceptions,shortName=tpolex,categories=topicgate
// +kubebuilder:printcolumn:name="Expires",type=string,JSONPath=`.spec.expiresAt`,description="When the exception ends"
// +kubebuilder:printcolumn:name="Active",type=string,JSONPath=`.status.conditions[?(@.type=="Active")].status`,description="Whether the exception counts"
// +kubebuilder:printcolumn:name="Why",type=string,JSONPath=`.status.conditions[?(@.type=="Active")].reason`,description="Why it counts, or not"
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.spec.reason`,description="Why it was granted"
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`,description="Age of this object"
type TopicPolicyException struct {
	metav1.TypeMeta `json:",inline"`
	// +optional
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the exception as the platform team grants it.
	// +required
	Spec TopicPolicyExceptionSpec `json:"spec"`
	// status is what the syncer found out about the exception.
	// +optional
	Status TopicPolicyExceptionStatus `json:"status,omitempty"`
}

// TopicPolicyExceptionSpec is the exception as the platform team grants it.
type TopicPolicyExceptionSpec struct {
	// policies are the policies, and of each the rules, that may be broken.
	// +required
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	Policies []ExceptedPolicy `json:"policies"`
	// match says by which topics; every member that is present must match.
	// +required
	Match ExceptionMatch `json:"match"`
	// limits bound what may be had instead; what they do not speak of is waived altogether.
	// +optional
	Limits *ExceptionLimits `json:"limits,omitempty"`
	// reason says why, such as the number of a change request; it is shown with every use.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	Reason string `json:"reason"`
	// expiresAt is when the exception ends.
	// +required
	ExpiresAt metav1.Time `json:"expiresAt"`
}

// ExceptedPolicy names rules of a policy.
type ExceptedPolicy struct {
	// name is the TopicPolicy's.
	// +required
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name"`
	// rules are names of its rules; absent means all.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=1000
	// +kubebuilder:validation:items:MaxLength=63
	Rules []string `json:"rules,omitempty"`
}

// ExceptionMatch says which topics an exception is for. In a glob, * stands for any characters.
type ExceptionMatch struct {
	// clusters are globs of names of KafkaClusters.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=256
	Clusters []string `json:"clusters,omitempty"`
	// namespaces are globs of names of namespaces.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=256
	Namespaces []string `json:"namespaces,omitempty"`
	// topicNames are globs of names on the brokers.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=1000
	// +kubebuilder:validation:items:MaxLength=256
	TopicNames []string `json:"topicNames,omitempty"`
}

// ExceptionLimits bound what an exception allows.
type ExceptionLimits struct {
	// partitions stands in for the broken rule's partitions.
	// +optional
	Partitions *PartitionsRule `json:"partitions,omitempty"`
	// replication stands in for the broken rule's replication.
	// +optional
	Replication *ReplicationRule `json:"replication,omitempty"`
	// config stands in for the broken rule's config, key by key.
	// +optional
	// +listType=map
	// +listMapKey=key
	// +kubebuilder:validation:MaxItems=256
	Config []ConfigRule `json:"config,omitempty"`
	// quota stands in for the broken rule's quota.
	// +optional
	Quota *QuotaRule `json:"quota,omitempty"`
}

// TopicPolicyExceptionStatus is what the syncer found out about an exception.
type TopicPolicyExceptionStatus struct {
	// observedGeneration is the metadata.generation that this status speaks of.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// conditions: Active, with the reason InUse, Unused, Expired or Invalid.
	// +optional
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// TopicPolicyExceptionList is a list of TopicPolicyExceptions.
// +kubebuilder:object:root=true
type TopicPolicyExceptionList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []TopicPolicyException `json:"items"`
}
