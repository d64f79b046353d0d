package v1alpha1

// ConfigRule is about the effective value of one topic config: the KafkaTopic's, or a policy's default, or the brokers'.
type ConfigRule struct {
	// key is the topic config, such as retention.ms.
	// +required
	// +kubebuilder:validation:MaxLength=256
	Key string `json:"key"`
	// required wants the KafkaTopic, or a policy's default, to set the key.
	// +optional
	Required bool `json:"required,omitempty"`
	// min is the least: a number, or one with a unit (7d, 12h, 30m, 10s, 500ms for times; 1Ki, 1Mi, 1Gi, 1Ti for sizes).
	// +optional
	Min *Amount `json:"min,omitempty"`
	// max is the most, written like min.
	// +optional
	Max *Amount `json:"max,omitempty"`
	// allowUnlimited says whether -1, for keys that it means unlimited of, passes; absent, it passes only where no max is set.
	// +optional
	AllowUnlimited *bool `json:"allowUnlimited,omitempty"`
	// oneOf are the only values. Lists such as compact,delete compare without regard to order.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=1024
	OneOf []string `json:"oneOf,omitempty"`
	// pattern is a regular expression (RE2) that must match the whole value.
	// +optional
	// +kubebuilder:validation:MaxLength=1024
	Pattern string `json:"pattern,omitempty"`
}

// ConfigKeysRule is about which topic configs a KafkaTopic may set.
type ConfigKeysRule struct {
	// allow are globs of the only keys that may be set; absent allows all.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=256
	// +kubebuilder:validation:items:MaxLength=256
	Allow []string `json:"allow,omitempty"`
	// deny are globs of keys that must not be set.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=256
	// +kubebuilder:validation:items:MaxLength=256
	Deny []string `json:"deny,omitempty"`
}
