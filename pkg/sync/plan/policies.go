package plan

import (
	"fmt"
	"slices"

	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// defaults are what policies fill in where the object leaves it out, for a topic that is to be made.
func (c *computation) defaults(object Object) policy.Defaults {
	if c.Policies.Empty() {
		return policy.Defaults{}
	}
	return c.Policies.Defaults(c.input(object).ForPolicies())
}

// defaulted are the config keys that a policy's default gave the live topic: those that the status names and, where no
// status was written yet, those that hold what the default is now.
func (c *computation) defaulted(object Object, live topic.Observed) []string {
	var keys []string
	for _, key := range object.Recorded.DefaultedConfig {
		if _, kept := live.Config[key]; kept {
			keys = append(keys, key)
		}
	}
	if object.Recorded.TopicID == "" && c.lastOwner(live) == object.Ref.UID {
		for key, filled := range c.newDefaults(object) {
			if kept, set := live.Config[key]; set && c.Cluster.Configs.Same(key, kept, filled.Value) {
				keys = append(keys, key)
			}
		}
	}
	keys = slices.DeleteFunc(keys, func(key string) bool { _, declared := object.Config[key]; return declared || object.HandsOff(key) })
	slices.Sort(keys)
	return slices.Compact(keys)
}

// newDefaults are the config defaults that the object's topic would be made with.
func (c *computation) newDefaults(object Object) map[string]policy.Default {
	if c.Policies.Empty() {
		return nil
	}
	in := c.input(object).ForPolicies()
	in.New.Recorded, in.Facts.Live = topic.Recorded{}, nil
	return c.Policies.Defaults(in).Config
}

// breaks are the rules that an object breaks and is let, each with why. They name no numbers that change by themselves.
func breaks(verdict validate.Verdict) []string {
	var texts []string
	for _, hit := range verdict.Policies.Hits {
		texts = append(texts, fmt.Sprintf("%s breaks %s/%s (%s)", FieldName(hit.Field), hit.Policy, hit.Rule, hit.Outcome))
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// tally counts an object for the policies that match it.
func (c *computation) tally(verdict validate.Verdict) {
	result := verdict.Policies
	if len(result.Matched) == 0 {
		return
	}
	for name, counts := range result.Counts() {
		if c.plan.Policies == nil {
			c.plan.Policies = map[string]policy.Counts{}
		}
		c.plan.Policies[name] = c.plan.Policies[name].Add(counts)
	}
	for _, used := range result.Excepted {
		if c.plan.Excepted == nil {
			c.plan.Excepted = map[string]bool{}
		}
		c.plan.Excepted[used.Exception] = true
	}
}
