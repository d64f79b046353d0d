package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// compileConfigKeys reads a rule about which topic configs may be set.
func (c *compiler) compileConfigKeys(path string, spec *v1alpha1.ConfigKeysRule) func(*subject) []finding {
	if len(spec.Allow)+len(spec.Deny) == 0 {
		c.problem(path, "", "asks nothing", "allow or deny")
	}
	for i, glob := range spec.Allow {
		if anyGlob(spec.Deny, glob) {
			c.problem(fmt.Sprintf("%s.allow[%d]", path, i), glob, "denied by the same rule", "keys that deny does not match")
		}
	}
	return func(s *subject) []finding {
		keys := slices.Collect(maps.Keys(s.declared.Config))
		keys = append(keys, s.declared.Unmanaged...) // hands off would otherwise be a way around
		slices.Sort(keys)
		var found []finding
		for _, key := range slices.Compact(keys) {
			if limit := keyLimit(spec, key); limit != "" {
				found = append(found, finding{
					field: topic.ConfigField(key), reason: topic.PolicyViolation, over: 1,
					problem: "the policy lets nobody set " + key, limit: limit, fix: "remove the key",
				})
			}
		}
		return found
	}
}

// keyLimit is what a key breaks; empty for nothing.
func keyLimit(spec *v1alpha1.ConfigKeysRule, key string) string {
	for _, denied := range spec.Deny {
		if glob(denied, key) {
			return "no key like " + denied
		}
	}
	if len(spec.Allow) > 0 && !anyGlob(spec.Allow, key) {
		const most = 10
		shown := slices.Sorted(slices.Values(spec.Allow))
		if len(shown) > most {
			shown = append(shown[:most:most], "…")
		}
		return "keys like " + strings.Join(shown, ", ")
	}
	return ""
}
