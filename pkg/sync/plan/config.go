package plan

import (
	"slices"

	"github.com/topicgate/topicgate/pkg/topic"
)

// configChange compares by meaning, and only against topic-level overrides: defaults are never drift.
func (c *computation) configChange(object Object, live topic.Observed) topic.ConfigChange {
	change := topic.ConfigChange{Name: live.Name, Set: map[string]string{}}
	if !live.ConfigKnown {
		return change
	}
	table := c.Cluster.Configs
	for key, want := range object.Texts() {
		if have, set := live.Config[key]; !object.HandsOff(key) && (!set || !table.Same(key, have, want)) {
			change.Set[key] = want
		}
	}
	change.Reset = dropped(object, live)
	if c.Guards.ResetUnlisted && c.recorded(object, live) {
		change.Reset = append(change.Reset, c.unlisted(object, live)...)
	}
	slices.Sort(change.Reset)
	return change
}

// dropped are keys that the syncer set and the spec no longer lists.
func dropped(object Object, live topic.Observed) []string {
	var keys []string
	for _, key := range object.Recorded.ManagedConfig {
		_, wanted := object.Config[key]
		_, set := live.Config[key]
		if set && !wanted && !object.HandsOff(key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// managed are the keys that the syncer answers for once the topic is as declared.
func managed(object Object) []string {
	var keys []string
	for key := range object.Config {
		if !object.HandsOff(key) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// unlisted are overrides that neither the spec nor the syncer set. Replication throttles belong to whoever moves replicas.
func (c *computation) unlisted(object Object, live topic.Observed) []string {
	var keys []string
	defaulted := c.defaulted(object, live)
	for key := range live.Config {
		_, listed := object.Config[key]
		if !listed && !object.HandsOff(key) && !slices.Contains(object.Recorded.ManagedConfig, key) && !isThrottle(key) &&
			!slices.Contains(defaulted, key) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

func isThrottle(key string) bool {
	return key == "leader.replication.throttled.replicas" || key == "follower.replication.throttled.replicas"
}
