package topic

import "slices"

// Consequence is what a reason means for whoever waits.
type Consequence string

// What a reason means for whoever waits.
const (
	// Settled: nothing is left to do.
	Settled Consequence = "Settled"
	// Retry: the syncer goes on by itself.
	Retry Consequence = "Retry"
	// Stall: nothing happens until somebody changes something.
	Stall Consequence = "Stall"
	// Notice: something to know; it holds nothing up.
	Notice Consequence = "Notice"
)

// Meaning is what a reason means and what to do about it.
type Meaning struct {
	Reason      Reason
	Consequence Consequence
}

// Reasons lists every reason; the runbook has a heading for each.
func Reasons() []Meaning { return slices.Concat(faults(), fates(), policyFates(), clusterFates()) }

func faults() []Meaning {
	return []Meaning{
		{TopicNameIllegal, Stall},
		{TopicNameReserved, Stall},
		{TopicNameMismatch, Stall},
		{TopicNameCollision, Stall},
		{DuplicateClaim, Stall},
		{ManagedElsewhere, Stall},
		{ImmutableChanged, Stall},
		{ClusterMissing, Stall},
		{ClusterNotFound, Stall},
		{NamespaceNotAdmitted, Stall},
		{AdoptionNotPermitted, Stall},
		{AdoptionDiffers, Stall},
		{PartitionsInvalid, Stall},
		{PartitionsDecreased, Stall},
		{ReplicasInvalid, Stall},
		{ReplicasExceedBrokers, Stall},
		{ReplicasChanged, Stall},
		{ConfigKeyUnknown, Stall},
		{ConfigValueInvalid, Stall},
		{ConfigValueHarmful, Stall},
		{ConfigConflict, Stall},
		{MinInsyncExceedsReplicas, Stall},
		{SingleReplica, Notice},
		{MinInsyncEqualsReplicas, Notice},
		{UncleanElection, Notice},
		{GrowthMovesKeys, Notice},
		{RetentionCut, Notice},
		{CleanupPolicyChanged, Notice},
		{SegmentOutlivesRetention, Notice},
		{WritesTooSmall, Notice},
		{DeletionProtected, Stall},
		{PolicyViolation, Stall},
		{QuotaExceeded, Stall},
		{PolicyUndecided, Stall},
		{PolicyExcepted, Notice},
		{NoPolicyMatches, Notice},
		{PolicyInvalid, Stall},
		{FactsMissing, Notice},
	}
}

func fates() []Meaning {
	return []Meaning{
		{Synced, Settled},
		{Pending, Retry},
		{Paused, Retry},
		{WaitingForLeaders, Retry},
		{ReassignmentInProgress, Retry},
		{Throttled, Retry},
		{KafkaUnreachable, Retry},
		{KafkaRefused, Stall},
		{KafkaUnauthorized, Stall},
		{Deleting, Retry},
		{DeletionHeld, Stall},
		{UnlistedConfig, Notice},
		{Recreated, Notice},
		{TopicMissing, Notice},
		{Released, Notice},
	}
}

func policyFates() []Meaning {
	return []Meaning{
		{PolicyCompiled, Settled},
		{Satisfiable, Settled},
		{Unsatisfiable, Notice},
		{DefaultsConflict, Notice},
		{ExceptionInUse, Settled},
		{ExceptionUnused, Notice},
		{ExceptionExpired, Notice},
	}
}

func clusterFates() []Meaning {
	return []Meaning{
		{Connected, Settled},
		{CredentialsInvalid, Stall},
		{SpecInvalid, Stall},
		{ClusterChanged, Stall},
		{DuplicateCluster, Stall},
		{DisabledEverywhere, Settled},
		{EnabledOnBrokers, Notice},
		{AutoCreateSwitchedOff, Notice},
		{OnlySyncerCreates, Settled},
		{OthersMayCreate, Notice},
		{CreationUnknown, Notice},
		{NotReadable, Notice},
		{Enforced, Settled},
		{NotEnforced, Notice},
		{WebhookUnreachable, Notice},
		{ProbeFailed, Notice},
		{ScanComplete, Settled},
		{ScanIncomplete, Notice},
		{OrphanFound, Notice},
		{BaselineTaken, Notice},
	}
}

// ConsequenceOf is what a reason means for whoever waits; an unknown reason stalls.
func ConsequenceOf(reason Reason) Consequence {
	for _, meaning := range Reasons() {
		if meaning.Reason == reason {
			return meaning.Consequence
		}
	}
	return Stall
}
