package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Audit tunes the search for topics that no object declares.
type Audit struct {
	// interval is the time between two scans; 5m when absent, 1s at least.
	// +optional
	Interval *metav1.Duration `json:"interval,omitempty"`
	// gracePeriod is how long after its first sighting a topic without an object is only a Candidate; 10m when absent.
	// +optional
	GracePeriod *metav1.Duration `json:"gracePeriod,omitempty"`
	// ownerLabel is the label that says whose a topic is, first of the KafkaTopic, then of its namespace; topicgate.io/owner when
	// absent. Topics that have it nowhere are reported as NoOwner.
	// +optional
	// +kubebuilder:validation:MaxLength=317
	OwnerLabel string `json:"ownerLabel,omitempty"`
	// ignore lists topics that are counted as Ignored and never reported as orphans.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=1024
	Ignore []IgnoreRule `json:"ignore,omitempty"`
}

// IgnoreRule names topics that the audit leaves alone, and why.
type IgnoreRule struct {
	// pattern is a topic name in which * stands for any run of characters.
	// +required
	// +kubebuilder:validation:MaxLength=249
	Pattern string `json:"pattern"`
	// reason says why these topics have no object; auditors read it.
	// +required
	// +kubebuilder:validation:MaxLength=1024
	Reason string `json:"reason"`
	// expiresAt ends the rule; from then on its topics are reported again.
	// +optional
	ExpiresAt *metav1.Time `json:"expiresAt,omitempty"`
}
