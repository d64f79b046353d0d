package topic

// Reason is one word from the closed list below. It is spelled the same in refusals' causes, conditions, events, metric
// labels, log lines and the headings of the runbook.
type Reason string

// What is wrong with a declared topic. The webhook refuses with these words, the syncer stalls with them.
const (
	// TopicNameIllegal: not 1 to 249 of [a-zA-Z0-9._-], or "." or "..".
	TopicNameIllegal Reason = "TopicNameIllegal"
	// TopicNameReserved: the name belongs to Kafka or to a known platform.
	TopicNameReserved Reason = "TopicNameReserved"
	// TopicNameMismatch: object and topic name do not relate as the cluster's naming mode wants.
	TopicNameMismatch Reason = "TopicNameMismatch"
	// TopicNameCollision: equal to another topic's name once every '.' is read as '_'.
	TopicNameCollision Reason = "TopicNameCollision"
	// DuplicateClaim: another object owns the topic.
	DuplicateClaim Reason = "DuplicateClaim"
	// ManagedElsewhere: another product's object declares the topic.
	ManagedElsewhere Reason = "ManagedElsewhere"
	// ImmutableChanged: the effective topic name or the cluster differs from before.
	ImmutableChanged Reason = "ImmutableChanged"
	// ClusterMissing: the object names no cluster, and no single default fills it.
	ClusterMissing Reason = "ClusterMissing"
	// ClusterNotFound: no such cluster.
	ClusterNotFound Reason = "ClusterNotFound"
	// NamespaceNotAdmitted: the cluster does not admit the object's namespace.
	NamespaceNotAdmitted Reason = "NamespaceNotAdmitted"
	// AdoptionNotPermitted: the topic was there before, and the object's namespace may not take it.
	AdoptionNotPermitted Reason = "AdoptionNotPermitted"
	// AdoptionDiffers: taking the topic over would change it, and nobody permitted that.
	AdoptionDiffers Reason = "AdoptionDiffers"
	// PartitionsInvalid: below 1, or more than Kafka can hold.
	PartitionsInvalid Reason = "PartitionsInvalid"
	// PartitionsDecreased: fewer than before or than on the brokers.
	PartitionsDecreased Reason = "PartitionsDecreased"
	// ReplicasInvalid: below 1, or more than Kafka can hold.
	ReplicasInvalid Reason = "ReplicasInvalid"
	// ReplicasExceedBrokers: more than there are brokers.
	ReplicasExceedBrokers Reason = "ReplicasExceedBrokers"
	// ReplicasChanged: other than on the brokers.
	ReplicasChanged Reason = "ReplicasChanged"
	// ConfigKeyUnknown: the brokers know no such topic config.
	ConfigKeyUnknown Reason = "ConfigKeyUnknown"
	// ConfigValueInvalid: Kafka cannot read the value, or it is out of range.
	ConfigValueInvalid Reason = "ConfigValueInvalid"
	// ConfigValueHarmful: brokers accept the value and then break on it.
	ConfigValueHarmful Reason = "ConfigValueHarmful"
	// ConfigConflict: two settings contradict each other.
	ConfigConflict Reason = "ConfigConflict"
	// MinInsyncExceedsReplicas: no write with acks=all could ever succeed.
	MinInsyncExceedsReplicas Reason = "MinInsyncExceedsReplicas"
	// SingleReplica: the first broker that goes down takes the records with it. Only ever a warning, as those below.
	SingleReplica Reason = "SingleReplica"
	// MinInsyncEqualsReplicas: writes with acks=all stop whenever one broker is down.
	MinInsyncEqualsReplicas Reason = "MinInsyncEqualsReplicas"
	// UncleanElection: acknowledged records can be lost.
	UncleanElection Reason = "UncleanElection"
	// GrowthMovesKeys: more partitions part the old records of a key from the new ones.
	GrowthMovesKeys Reason = "GrowthMovesKeys"
	// RetentionCut: records that exist now are deleted.
	RetentionCut Reason = "RetentionCut"
	// CleanupPolicyChanged: records are compacted that were not before, or deleted that were not before.
	CleanupPolicyChanged Reason = "CleanupPolicyChanged"
	// SegmentOutlivesRetention: records are kept longer than asked.
	SegmentOutlivesRetention Reason = "SegmentOutlivesRetention"
	// WritesTooSmall: nothing, or less than was meant, can be written.
	WritesTooSmall Reason = "WritesTooSmall"
	// DeletionProtected: the topic is in use, or always protected.
	DeletionProtected Reason = "DeletionProtected"
	// PolicyViolation: a rule of a TopicPolicy is broken.
	PolicyViolation Reason = "PolicyViolation"
	// QuotaExceeded: the namespace would have more than a TopicPolicy grants it.
	QuotaExceeded Reason = "QuotaExceeded"
	// PolicyUndecided: a rule of a TopicPolicy could not be judged.
	PolicyUndecided Reason = "PolicyUndecided"
	// PolicyExcepted: a rule is broken by leave of a TopicPolicyException. Only ever a warning.
	PolicyExcepted Reason = "PolicyExcepted"
	// NoPolicyMatches: no TopicPolicy speaks of the topic, and the webhook was told to mind.
	NoPolicyMatches Reason = "NoPolicyMatches"
	// PolicyInvalid: a TopicPolicy or TopicPolicyException itself does not make sense.
	PolicyInvalid Reason = "PolicyInvalid"
	// FactsMissing: the brokers were not seen lately, so something was not checked. Only ever a warning.
	FactsMissing Reason = "FactsMissing"
)

// What becomes of an object that is sound.
const (
	// Synced: the topic is as declared.
	Synced Reason = "Synced"
	// Pending: the next round will act.
	Pending Reason = "Pending"
	// Paused: a change is due, and the cluster or the topic is paused.
	Paused Reason = "Paused"
	// WaitingForLeaders: some partition has no leader yet.
	WaitingForLeaders Reason = "WaitingForLeaders"
	// ReassignmentInProgress: partitions are added once replicas have stopped moving.
	ReassignmentInProgress Reason = "ReassignmentInProgress"
	// Throttled: Kafka's mutation quota is used up; the rest follows.
	Throttled Reason = "Throttled"
	// KafkaUnreachable: no broker answers.
	KafkaUnreachable Reason = "KafkaUnreachable"
	// KafkaRefused: Kafka refused what was asked, in its own words.
	KafkaRefused Reason = "KafkaRefused"
	// KafkaUnauthorized: the syncer's principal lacks a right.
	KafkaUnauthorized Reason = "KafkaUnauthorized"
	// Deleting: the topic is being deleted.
	Deleting Reason = "Deleting"
	// DeletionHeld: too many deletions within the window.
	DeletionHeld Reason = "DeletionHeld"
	// UnlistedConfig: the topic carries configs that neither the spec nor the syncer set.
	UnlistedConfig Reason = "UnlistedConfig"
	// Recreated: the topic came back with another ID, so its records are gone.
	Recreated Reason = "Recreated"
	// TopicMissing: the topic was deleted behind Kubernetes' back, and is made again.
	TopicMissing Reason = "TopicMissing"
	// Released: the object is gone or being deleted, and its topic is kept.
	Released Reason = "Released"
)

// What becomes of a policy or an exception.
const (
	// PolicyCompiled: the policy makes sense.
	PolicyCompiled Reason = "PolicyCompiled"
	// Satisfiable: nothing speaks against a policy.
	Satisfiable Reason = "Satisfiable"
	// Unsatisfiable: no topic can satisfy a policy, because of another one or of the brokers.
	Unsatisfiable Reason = "Unsatisfiable"
	// DefaultsConflict: another policy's default wins.
	DefaultsConflict Reason = "DefaultsConflict"
	// ExceptionInUse: some topic rests on the exception.
	ExceptionInUse Reason = "ExceptionInUse"
	// ExceptionUnused: no topic rests on the exception.
	ExceptionUnused Reason = "ExceptionUnused"
	// ExceptionExpired: the exception counts no more.
	ExceptionExpired Reason = "ExceptionExpired"
)

// What becomes of a cluster.
const (
	// Connected: the brokers answer.
	Connected Reason = "Connected"
	// CredentialsInvalid: a Secret or ConfigMap is absent, or holds what cannot be used.
	CredentialsInvalid Reason = "CredentialsInvalid"
	// SpecInvalid: the KafkaCluster's own spec cannot be used.
	SpecInvalid Reason = "SpecInvalid"
	// ClusterChanged: the brokers are another cluster, or many topics vanished at once.
	ClusterChanged Reason = "ClusterChanged"
	// DuplicateCluster: an older KafkaCluster speaks for the same brokers.
	DuplicateCluster Reason = "DuplicateCluster"
	// DisabledEverywhere: auto-creation is off on every broker.
	DisabledEverywhere Reason = "DisabledEverywhere"
	// EnabledOnBrokers: auto-creation is on, on the brokers that the message names.
	EnabledOnBrokers Reason = "EnabledOnBrokers"
	// AutoCreateSwitchedOff: the syncer had auto-creation switched off.
	AutoCreateSwitchedOff Reason = "AutoCreateSwitchedOff"
	// OnlySyncerCreates: no ACL lets anybody else create topics.
	OnlySyncerCreates Reason = "OnlySyncerCreates"
	// OthersMayCreate: somebody but the syncer may create topics on the brokers.
	OthersMayCreate Reason = "OthersMayCreate"
	// CreationUnknown: who may create topics could not be found out.
	CreationUnknown Reason = "CreationUnknown"
	// NotReadable: a setting could not be read from every broker.
	NotReadable Reason = "NotReadable"
	// Enforced: the API server refuses what the webhook refuses.
	Enforced Reason = "Enforced"
	// NotEnforced: the API server takes anything; only the syncer judges.
	NotEnforced Reason = "NotEnforced"
	// WebhookUnreachable: the API server cannot ask the webhook, so it refuses every creation and change.
	WebhookUnreachable Reason = "WebhookUnreachable"
	// ProbeFailed: whether the webhook is asked could not be found out.
	ProbeFailed Reason = "ProbeFailed"
	// ScanComplete: the audit saw every topic.
	ScanComplete Reason = "ScanComplete"
	// ScanIncomplete: some topics could not be described, so none is called an orphan.
	ScanIncomplete Reason = "ScanIncomplete"
	// OrphanFound: a topic that no object declares.
	OrphanFound Reason = "OrphanFound"
	// BaselineTaken: the first complete scan was recorded.
	BaselineTaken Reason = "BaselineTaken"
)
