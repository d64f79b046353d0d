package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// KafkaCluster is one Kafka cluster: how the syncer reaches it, which namespaces may declare topics on it, and what the
// syncer and the audit last saw there. It belongs to the platform team.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,shortName=tgc,categories=topicgate
// +kubebuilder:printcolumn:name="Version",type=string,JSONPath=`.status.kafkaVersion.value`,description="Kafka's version"
// +kubebuilder:printcolumn:name="Topics",type=integer,JSONPath=`.status.topics.total`,description="Topics on the brokers"
// +kubebuilder:printcolumn:name="Orphans",type=integer,JSONPath=`.status.topics.orphan`,description="Topics that no KafkaTopic declares"
// +kubebuilder:printcolumn:name="Reachable",type=string,JSONPath=`.status.conditions[?(@.type=="Reachable")].status`,description="Whether the brokers answer"
// +kubebuilder:printcolumn:name="AutoCreateOff",type=string,JSONPath=`.status.conditions[?(@.type=="AutoCreateDisabled")].status`,description="Whether every broker has auto-creation off"
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`,description="Whether topics are being synced"
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`,description="Why it is, or is not, ready"
// +kubebuilder:printcolumn:name="Paused",type=boolean,priority=1,JSONPath=`.spec.paused`,description="Whether the syncer only observes"
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`,description="Age of this object"
type KafkaCluster struct {
	metav1.TypeMeta `json:",inline"`
	// +optional
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec says how to reach the brokers and who may do what there.
	// +required
	Spec KafkaClusterSpec `json:"spec"`
	// status is what the syncer last saw; the webhook judges by it.
	// +optional
	Status KafkaClusterStatus `json:"status,omitempty"`
}

// KafkaClusterSpec says how to reach the brokers and who may do what there.
type KafkaClusterSpec struct {
	// bootstrapServers are host:port addresses of brokers, any of which leads to all others.
	// +required
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=512
	BootstrapServers []string `json:"bootstrapServers"`
	// kafkaVersion is the brokers' release, such as "4.4", where the guess from their API versions is not wanted: the
	// protocol carries no release number.
	// +optional
	// +kubebuilder:validation:MaxLength=32
	KafkaVersion string `json:"kafkaVersion,omitempty"`
	// tls switches TLS on. An empty object trusts the system's certificate authorities.
	// +optional
	TLS *TLS `json:"tls,omitempty"`
	// sasl switches SASL on.
	// +optional
	SASL *SASL `json:"sasl,omitempty"`
	// namespaceSelector says which namespaces may declare topics here. Absent selects none, {} selects all.
	// +optional
	NamespaceSelector *metav1.LabelSelector `json:"namespaceSelector,omitempty"`
	// adoption says who may take over topics that were on the brokers before their object.
	// +optional
	Adoption *Adoption `json:"adoption,omitempty"`
	// naming is how object names and topic names relate: Strict (topicName must equal metadata.name), Explicit (the
	// default: topicName is free, the oldest object owns it) or Derived (metadata.name must be the encoding of topicName).
	// +optional
	Naming NamingMode `json:"naming,omitempty"`
	// reservedNames changes which topic names nobody may declare here, beside the brokers' own ("__…"), which always are.
	// +optional
	ReservedNames ReservedNames `json:"reservedNames,omitempty"`
	// unknownConfig says what becomes of config keys that are not among Kafka's own for its version: Warn or Deny. Absent
	// warns of those that the brokers list (a vendor's: their values cannot be checked) and denies the others. Whatever is
	// written here, keys that the brokers are known not to have are denied.
	// +optional
	UnknownConfig UnknownConfig `json:"unknownConfig,omitempty"`
	// sync tunes the syncer.
	// +optional
	Sync Sync `json:"sync,omitempty"`
	// deletion guards the deletion of topics.
	// +optional
	Deletion Deletion `json:"deletion,omitempty"`
	// audit tunes the search for topics that no object declares.
	// +optional
	Audit Audit `json:"audit,omitempty"`
	// operatedBy names what runs these brokers, where TopicGate can tell: the topics that its objects declare are
	// ManagedElsewhere to the audit, and auto-creation can be switched off through it.
	// +optional
	OperatedBy *Operator `json:"operatedBy,omitempty"`
	// autoCreation says what is done about brokers that create topics by themselves.
	// +optional
	AutoCreation AutoCreation `json:"autoCreation,omitempty"`
	// paused makes the syncer observe only: plan, status, audit and inventory go on and show what would change.
	// +optional
	Paused bool `json:"paused,omitempty"`
}

// NamingMode relates object names and topic names.
// +kubebuilder:validation:Enum=Strict;Explicit;Derived
type NamingMode string

// ReservedNames changes which topic names nobody may declare.
type ReservedNames struct {
	// add lists further names, in which * stands for any run of characters.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=256
	// +kubebuilder:validation:items:MaxLength=249
	Add []string `json:"add,omitempty"`
	// except lists names of known platforms, such as _schemas, that may be declared here all the same; * stands for any run
	// of characters.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=256
	// +kubebuilder:validation:items:MaxLength=249
	Except []string `json:"except,omitempty"`
}

// UnknownConfig says what becomes of config keys that are not Kafka's own.
// +kubebuilder:validation:Enum=Warn;Deny
type UnknownConfig string

// What becomes of config keys that are not Kafka's own.
const (
	// UnknownWarn admits them with a warning.
	UnknownWarn UnknownConfig = "Warn"
	// UnknownDeny denies them.
	UnknownDeny UnknownConfig = "Deny"
)

// TLS is how the brokers' certificates are checked and, for mutual TLS, with which certificate the syncer introduces
// itself. Secrets and ConfigMaps are read from the syncer's own namespace and from nowhere else.
type TLS struct {
	// caBundle holds PEM certificates to trust instead of the system's.
	// +optional
	// +kubebuilder:validation:MaxLength=262144
	CABundle string `json:"caBundle,omitempty"`
	// caSecretRef is a Secret key that holds PEM certificates to trust; its default key is ca.crt.
	// +optional
	CASecretRef *KeyRef `json:"caSecretRef,omitempty"`
	// caConfigMapRef is a ConfigMap key that holds PEM certificates to trust; its default key is ca.crt.
	// +optional
	CAConfigMapRef *KeyRef `json:"caConfigMapRef,omitempty"`
	// clientCertificateSecretRef is a Secret with the client certificate and key for mutual TLS.
	// +optional
	ClientCertificateSecretRef *ClientCertificateRef `json:"clientCertificateSecretRef,omitempty"`
}

// KeyRef is one key of a Secret or ConfigMap in the syncer's own namespace.
type KeyRef struct {
	// name is the object's name.
	// +required
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name"`
	// key is the key within it.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	Key string `json:"key,omitempty"`
}

// ClientCertificateRef is a Secret with a client certificate and its key.
type ClientCertificateRef struct {
	// name is the Secret's name.
	// +required
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name"`
	// certificateKey is the key of the PEM certificate chain; tls.crt when absent (a Strimzi KafkaUser has user.crt).
	// +optional
	// +kubebuilder:validation:MaxLength=253
	CertificateKey string `json:"certificateKey,omitempty"`
	// privateKeyKey is the key of the PEM private key; tls.key when absent (a Strimzi KafkaUser has user.key).
	// +optional
	// +kubebuilder:validation:MaxLength=253
	PrivateKeyKey string `json:"privateKeyKey,omitempty"`
}

// SASL is how the syncer authenticates itself to the brokers.
type SASL struct {
	// mechanism is PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.
	// +required
	Mechanism SASLMechanism `json:"mechanism"`
	// username is the principal's name.
	// +required
	// +kubebuilder:validation:MaxLength=1024
	Username string `json:"username"`
	// passwordSecretRef is the Secret key that holds the password; its default key is password.
	// +required
	PasswordSecretRef KeyRef `json:"passwordSecretRef"`
}

// SASLMechanism is a SASL mechanism.
// +kubebuilder:validation:Enum=PLAIN;SCRAM-SHA-256;SCRAM-SHA-512
type SASLMechanism string

// SASL mechanisms that the syncer speaks.
const (
	// SASLPlain sends the password as it is: for TLS connections only.
	SASLPlain SASLMechanism = "PLAIN"
	// SASLScramSHA256 is SCRAM-SHA-256 (RFC 7677).
	SASLScramSHA256 SASLMechanism = "SCRAM-SHA-256"
	// SASLScramSHA512 is SCRAM-SHA-512.
	SASLScramSHA512 SASLMechanism = "SCRAM-SHA-512"
)

// Adoption says who may take over topics that were on the brokers before their object.
type Adoption struct {
	// namespaceSelector says which namespaces may adopt. Absent selects none, {} selects all.
	// +optional
	NamespaceSelector *metav1.LabelSelector `json:"namespaceSelector,omitempty"`
}

// Sync tunes the syncer.
type Sync struct {
	// resyncInterval is the time between two full comparisons with the brokers; 2m when absent, 1s at least.
	// +optional
	ResyncInterval *metav1.Duration `json:"resyncInterval,omitempty"`
	// unlistedConfig says what happens to topic-level configs that the syncer never set and the spec does not list:
	// Ignore (the default) reports them as drift, Reset removes them (never on the first sync after an adoption).
	// +optional
	UnlistedConfig UnlistedConfig `json:"unlistedConfig,omitempty"`
}

// UnlistedConfig says what happens to configs that no spec lists.
// +kubebuilder:validation:Enum=Ignore;Reset
type UnlistedConfig string

// What happens to configs that no spec lists.
const (
	// UnlistedIgnore reports them as drift.
	UnlistedIgnore UnlistedConfig = "Ignore"
	// UnlistedReset removes them.
	UnlistedReset UnlistedConfig = "Reset"
)

// Deletion guards the deletion of topics.
type Deletion struct {
	// default is the deletionPolicy of objects that set none; Retain when absent.
	// +optional
	Default DeletionPolicy `json:"default,omitempty"`
	// protection says which topics are not deleted even when their object is: InUse (the default: it holds records, or
	// a group has members on it), Always, or None. The annotation topicgate.io/allow-delete-until lifts it for one topic.
	// +optional
	Protection DeletionProtection `json:"protection,omitempty"`
	// limit is how many topics may be deleted within a window before further deletions wait for a person.
	// +optional
	Limit *DeletionLimit `json:"limit,omitempty"`
}

// DeletionProtection says which topics are not deleted even when their object is.
// +kubebuilder:validation:Enum=None;InUse;Always
type DeletionProtection string

// Which topics are not deleted even when their object is.
const (
	// ProtectNone protects none.
	ProtectNone DeletionProtection = "None"
	// ProtectInUse protects topics that hold records or that a consumer group with members reads.
	ProtectInUse DeletionProtection = "InUse"
	// ProtectAlways protects all.
	ProtectAlways DeletionProtection = "Always"
)

// DeletionLimit is how many topics may be deleted within a window.
type DeletionLimit struct {
	// topics is the number of deletions per window; 20 when absent.
	// +optional
	Topics *int64 `json:"topics,omitempty"`
	// window is the window's length; 1h when absent.
	// +optional
	Window *metav1.Duration `json:"window,omitempty"`
}

// KafkaClusterList is a list of KafkaClusters.
// +kubebuilder:object:root=true
type KafkaClusterList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []KafkaCluster `json:"items"`
}
