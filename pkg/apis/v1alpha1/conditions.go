package v1alpha1

// Conditions follow kstatus: Ready is always there; Reconciling and Stalled are there only while they are True, so that
// `kubectl wait` and GitOps tools read them right. The reasons are the words of pkg/topic/reason.go.
const (
	// ConditionReady of a KafkaTopic.
	//   True (Synced): the topic's ID is known, every partition has a leader, partitions and config are as in the spec of observedGeneration.
	//   False: a change is due, refused or held; the reason says which.
	// A Kafka outage leaves it as it is: only objects with a change due say KafkaUnreachable.
	//
	// ConditionReady of a KafkaCluster.
	//   True (Synced): topics are being synced, or (Paused) observed.
	//   False: nothing is written to Kafka; the reason says why (KafkaUnreachable, CredentialsInvalid, SpecInvalid, ClusterChanged, DuplicateCluster).
	ConditionReady = "Ready"
	// ConditionReconciling is True while the syncer goes on by itself: a change is due, or the brokers are not reached.
	ConditionReconciling = "Reconciling"
	// ConditionStalled is True while nothing happens until somebody changes something.
	ConditionStalled = "Stalled"
	// ConditionDrifted of a KafkaTopic is True (UnlistedConfig) while the topic carries configs that neither the spec nor the syncer set.
	ConditionDrifted = "Drifted"
	// ConditionPolicyViolation of a KafkaTopic is True (PolicyViolation) while it breaks rules of TopicPolicies and is let: they
	// only warn or audit, it was so before them, or an exception covers it. The message names them.
	ConditionPolicyViolation = "PolicyViolation"
	// ConditionSatisfiable of a TopicPolicy.
	//   True (Satisfiable): nothing speaks against it.  False (Unsatisfiable): another policy, or the brokers, leave no topic that
	//   satisfies it; the message names both.
	ConditionSatisfiable = "Satisfiable"
	// ConditionDefaultsConflict of a TopicPolicy is True (DefaultsConflict) while another policy's default wins over one of its own.
	ConditionDefaultsConflict = "DefaultsConflict"
	// ConditionActive of a TopicPolicyException.
	//   True (ExceptionInUse, ExceptionUnused): it counts, and some topic rests on it, or none does.
	//   False (ExceptionExpired, PolicyInvalid): it counts no more, or never did.
	ConditionActive = "Active"
	// ConditionReachable of a KafkaCluster.
	//   True (Connected): the last contact succeeded.  False (KafkaUnreachable, CredentialsInvalid): it failed, since lastTransitionTime.
	ConditionReachable = "Reachable"
	// ConditionAutoCreateDisabled of a KafkaCluster.
	//   True (DisabledEverywhere): every broker says auto.create.topics.enable=false.  False (EnabledOnBrokers): the message
	//   names the brokers that say true and how to mend them.  Unknown (NotReadable): not every broker could be asked, and none says true.
	ConditionAutoCreateDisabled = "AutoCreateDisabled"
	// ConditionAdmissionEnforced of a KafkaCluster, from a dry run every minute.
	//   True (Enforced): the API server refuses what the webhook refuses.  False (NotEnforced): it takes anything, since
	//   lastTransitionTime; (WebhookUnreachable): it cannot ask, so it refuses every creation and change.
	//   Unknown (ProbeFailed): it could not be found out.
	ConditionAdmissionEnforced = "AdmissionEnforced"
	// ConditionCreationRestricted of a KafkaCluster: nobody but the syncer and super users may create topics.
	ConditionCreationRestricted = "CreationRestricted"
	// ConditionAuditComplete of a KafkaCluster.
	//   True (ScanComplete): the last audit saw every topic.  False (ScanIncomplete): some could not be described, so no new orphan is named.
	ConditionAuditComplete = "AuditComplete"
	// ConditionDeletionsHeld of a KafkaCluster is True (DeletionHeld) while deletions wait for a person; the message has their count and names.
	ConditionDeletionsHeld = "DeletionsHeld"
)
