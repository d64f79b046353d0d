package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TopicPolicy says what topics of a shared cluster must look like. Of all policies that match a topic every rule must
// hold; a policy can never weaken another one.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,path=topicpolicies,shortName=tpol,categories=topicgate
// +kubebuilder:printcolumn:name="Enforcement",type=string,JSONPath=`.spec.enforcement`,description="What a violation leads to"
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`,description="Whether the policy compiles"
// +kubebuilder:printcolumn:name="Satisfiable",type=string,JSONPath=`.status.conditions[?(@.type=="Satisfiable")].status`,description="Whether any topic can satisfy it, beside the other policies and on the brokers that there are"
// +kubebuilder:printcolumn:name="Topics",type=integer,JSONPath=`.status.counts.topics`,description="KafkaTopics that it matches"
// +kubebuilder:printcolumn:name="Deny",type=integer,JSONPath=`.status.counts.deny`,description="KafkaTopics that break a rule of it that denies"
// +kubebuilder:printcolumn:name="Warn",type=integer,JSONPath=`.status.counts.warn`,priority=1,description="KafkaTopics that break a rule of it that warns"
// +kubebuilder:printcolumn:name="Excepted",type=integer,JSONPath=`.status.counts.excepted`,priority=1,description="KafkaTopics that an exception of it covers"
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`,description="Age of this object"
type TopicPolicy struct {
	metav1.TypeMeta `json:",inline"`
	// +optional
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the policy as the platform team wants it.
	// +required
	Spec TopicPolicySpec `json:"spec"`
	// status is what the syncer found out about the policy.
	// +optional
	Status TopicPolicyStatus `json:"status,omitempty"`
}

// TopicPolicySpec is the policy as the platform team wants it.
type TopicPolicySpec struct {
	// enforcement says what a violation leads to: Deny refuses the object, Warn tells whoever applies it, Audit only counts
	// and records it. A rule can say otherwise for itself.
	// +required
	Enforcement Enforcement `json:"enforcement"`
	// failurePolicy says what becomes of a topic that a rule cannot judge, because CEL fails or facts about the brokers are
	// missing or old: Fail (what an absent line means) refuses it as the enforcement says, Ignore warns.
	// +optional
	FailurePolicy PolicyFailure `json:"failurePolicy,omitempty"`
	// priority decides between the defaults of several policies: the highest wins, then the first by name. It never weakens
	// a rule.
	// +optional
	Priority int32 `json:"priority,omitempty"`
	// match says which topics the policy is about; every member that is present must match. Absent, it is about all.
	// +optional
	Match PolicyMatch `json:"match,omitempty"`
	// rules each hold exactly one of the typed members.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=1000
	Rules []PolicyRule `json:"rules,omitempty"`
	// defaults fill what a KafkaTopic leaves out; they never change what its owner wrote.
	// +optional
	Defaults *PolicyDefaults `json:"defaults,omitempty"`
}

// Enforcement says what a violation leads to.
// +kubebuilder:validation:Enum=Deny;Warn;Audit
type Enforcement string

// What a violation leads to.
const (
	EnforcementDeny  Enforcement = "Deny"
	EnforcementWarn  Enforcement = "Warn"
	EnforcementAudit Enforcement = "Audit"
)

// PolicyFailure says what becomes of a topic that a rule cannot judge.
// +kubebuilder:validation:Enum=Fail;Ignore
type PolicyFailure string

// What becomes of a topic that a rule cannot judge.
const (
	PolicyFail   PolicyFailure = "Fail"
	PolicyIgnore PolicyFailure = "Ignore"
)

// PolicyMatch says which topics a policy is about. In a glob, * stands for any characters.
type PolicyMatch struct {
	// clusters are globs of names of KafkaClusters, such as prod-*.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=256
	Clusters []string `json:"clusters,omitempty"`
	// namespaceSelector selects namespaces by their labels.
	// +optional
	NamespaceSelector *metav1.LabelSelector `json:"namespaceSelector,omitempty"`
	// topicSelector selects KafkaTopics by their labels.
	// +optional
	TopicSelector *metav1.LabelSelector `json:"topicSelector,omitempty"`
	// topicNames are globs of names on the brokers.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=256
	TopicNames []string `json:"topicNames,omitempty"`
	// exclude takes topics out that match otherwise.
	// +optional
	Exclude *PolicyExclude `json:"exclude,omitempty"`
}

// PolicyExclude takes topics out that match otherwise; whatever any member matches is out.
type PolicyExclude struct {
	// namespaces are globs of names of namespaces.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=256
	Namespaces []string `json:"namespaces,omitempty"`
	// topicNames are globs of names on the brokers.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=256
	TopicNames []string `json:"topicNames,omitempty"`
}

// PolicyDefaults fill what a KafkaTopic leaves out.
type PolicyDefaults struct {
	// apply says when: AtSync (what an absent line means) when the syncer creates the topic, shown in its status and not in
	// its spec; AtAdmission when the KafkaTopic is applied, written into its spec.
	// +optional
	Apply DefaultsTime `json:"apply,omitempty"`
	// partitions is the count for topics that say none.
	// +optional
	Partitions *int64 `json:"partitions,omitempty"`
	// replicas is the count for topics that say none.
	// +optional
	Replicas *int64 `json:"replicas,omitempty"`
	// config holds topic configs, key to value, each for topics that do not set that key.
	// +optional
	// +kubebuilder:validation:MaxProperties=256
	Config map[string]Amount `json:"config,omitempty"`
}

// DefaultsTime says when a policy's defaults are filled in.
// +kubebuilder:validation:Enum=AtAdmission;AtSync
type DefaultsTime string

// When a policy's defaults are filled in.
const (
	DefaultsAtAdmission DefaultsTime = "AtAdmission"
	DefaultsAtSync      DefaultsTime = "AtSync"
)

// TopicPolicyStatus is what the syncer found out about a policy.
type TopicPolicyStatus struct {
	// observedGeneration is the metadata.generation that this status speaks of.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// conditions: Ready (the policy compiles), Satisfiable (some topic can satisfy it, beside the other policies and on the
	// brokers that there are) and DefaultsConflict (another policy's default wins), the last only while it is True.
	// +optional
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
	// counts are totals over the KafkaTopics of all KafkaClusters.
	// +optional
	Counts *PolicyCounts `json:"counts,omitempty"`
}

// PolicyCounts are totals of KafkaTopics.
type PolicyCounts struct {
	// topics is how many the policy matches.
	// +optional
	Topics int64 `json:"topics,omitempty"`
	// deny is how many break a rule that denies; they were there before the rule.
	// +optional
	Deny int64 `json:"deny,omitempty"`
	// warn is how many break a rule that warns.
	// +optional
	Warn int64 `json:"warn,omitempty"`
	// audit is how many break a rule that only audits.
	// +optional
	Audit int64 `json:"audit,omitempty"`
	// excepted is how many break a rule by leave of a TopicPolicyException.
	// +optional
	Excepted int64 `json:"excepted,omitempty"`
}

// TopicPolicyList is a list of TopicPolicies.
// +kubebuilder:object:root=true
type TopicPolicyList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []TopicPolicy `json:"items"`
}
