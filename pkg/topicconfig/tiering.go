package topicconfig

import (
	"fmt"
	"slices"
	"strconv"
)

const (
	remoteStorage   = "remote.storage.enable"
	copyDisable     = "remote.log.copy.disable"
	deleteOnDisable = "remote.log.delete.on.disable"
	cleanupPolicy   = "cleanup.policy"
	followRetention = -2 // a local retention that is the whole one
	retainForever   = -1
)

// tiering judges a topic that keeps segments in remote storage. A broker looks at the other rules only where the cluster
// can tier, but refuses the topic where it cannot: so they hold without knowing which it is.
func (c *checker) tiering() {
	if enabled, ok := c.text(remoteStorage); !ok || enabled != "true" {
		return
	}
	if c.broker.Tiering == TieringOff {
		c.problems = append(c.problems, KeyProblem{Key: remoteStorage, AssumesTiering: true, Problem: Problem{
			Reason: ReasonConflict, Source: SourceKafka, Limit: `"false" in a cluster without tiered storage`, Fix: "false",
			Message: "the cluster cannot keep segments in remote storage (remote.log.storage.system.enable is false)",
		}})
	}
	c.tieredPolicy()
	for _, kind := range []unit{unitMillis, unitBytes} {
		c.localRetention(kind)
		c.copyLag(kind)
		c.copyDisabled(kind)
	}
}

// tieredPolicy: what is in remote storage cannot be compacted. Kafka 4.1 alone wants it deleted, too.
func (c *checker) tieredPolicy() {
	policy, ok := c.text(cleanupPolicy)
	onlyDelete := c.table.Line() == "4.1"
	if !ok || !slices.Contains(javaList(policy), "compact") && (policy != "" || !onlyDelete) {
		return
	}
	c.conflict(
		fmt.Sprintf("%s is %q, which segments in remote storage cannot have (%s is true)", cleanupPolicy, policy, remoteStorage),
		cleanupPolicy+` "delete" where `+remoteStorage+" is true",
		mend{cleanupPolicy, "delete"}, mend{remoteStorage, "false"},
	)
}

// localRetention: what is kept on the brokers is part of what is kept.
func (c *checker) localRetention(kind unit) {
	localKey, wholeKey := "local.retention"+string(kind), "retention"+string(kind)
	local, whole, ok := c.retentions(localKey, wholeKey)
	// Below -1 retention.bytes means no limit too.
	if !ok || whole <= retainForever || local == followRetention || local != retainForever && local <= whole {
		return
	}
	c.conflict(
		fmt.Sprintf("%s %d is more than %s %d, which counts remote storage too (%s is true)", localKey, local, wholeKey, whole, remoteStorage),
		fmt.Sprintf("%s at most %s, or %d to follow it", localKey, wholeKey, followRetention),
		mend{localKey, strconv.FormatInt(whole, 10)}, mend{wholeKey, strconv.FormatInt(local, 10)}, mend{remoteStorage, "false"},
	)
}

// copyLag: a segment must be copied before the brokers drop it.
func (c *checker) copyLag(kind unit) {
	lagKey, localKey, wholeKey := "remote.copy.lag"+string(kind), "local.retention"+string(kind), "retention"+string(kind)
	lag, known := c.whole(lagKey)
	local, whole, ok := c.retentions(localKey, wholeKey)
	effective, effectiveKey := local, localKey
	if local == followRetention {
		effective, effectiveKey = whole, wholeKey
	}
	if !known || !ok || effective < 0 || lag <= max(effective, 0) {
		return
	}
	c.conflict(
		fmt.Sprintf("%s %d is more than %s %d: segments would go before they are copied to remote storage", lagKey, lag, effectiveKey, effective),
		fmt.Sprintf("%s at most the local retention, or -1 to follow it", lagKey),
		mend{lagKey, "-1"}, mend{localKey, ""}, mend{effectiveKey, ""}, mend{remoteStorage, "false"}, // more local retention could exceed the whole
	)
}

// copyDisabled: once nothing is copied any more, all that is kept is local.
func (c *checker) copyDisabled(kind unit) {
	localKey, wholeKey := "local.retention"+string(kind), "retention"+string(kind)
	disabled, known := c.text(copyDisable)
	local, whole, ok := c.retentions(localKey, wholeKey)
	if !known || disabled != "true" || !ok || local == followRetention || local == whole {
		return
	}
	c.conflict(
		fmt.Sprintf("%s %d differs from %s %d, though nothing is copied to remote storage any more (%s is true)", localKey, local, wholeKey, whole, copyDisable),
		fmt.Sprintf("%s equal to %s, or %d to follow it", localKey, wholeKey, followRetention),
		mend{localKey, strconv.Itoa(followRetention)}, mend{wholeKey, strconv.FormatInt(local, 10)}, mend{copyDisable, "false"},
	)
}

func (c *checker) retentions(localKey, wholeKey string) (local, whole int64, ok bool) {
	local, okLocal := c.whole(localKey)
	whole, okWhole := c.whole(wholeKey)
	return local, whole, okLocal && okWhole
}

// CheckTurnOff judges a change from one config of a topic to another: remote storage can be turned off, or its key be
// removed, only together with what is in it (before 3.9 there was no way to say so, and it simply can). Nil means that the
// change does not do so.
func CheckTurnOff(table Table, from, to map[string]string) *KeyProblem {
	was, now := checker{table: table, config: from}, checker{table: table, config: to}
	if before, ok := was.text(remoteStorage); !ok || before != "true" {
		return nil
	}
	after, ok := now.text(remoteStorage)
	deletes, known := now.text(deleteOnDisable)
	if !ok || after == "true" || !known || deletes == "true" {
		return nil
	}
	return &KeyProblem{Key: remoteStorage, Problem: Problem{
		Reason: ReasonConflict, Source: SourceKafka, Fix: "true",
		Limit:   fmt.Sprintf("%q, with %s to only read what is there; or %s, which deletes it", "true", copyDisable, deleteOnDisable),
		Message: "the topic has segments in remote storage, and turning it off would leave them behind",
	}}
}
