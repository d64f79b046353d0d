package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// metadataKey is a compiled rule about one label or annotation.
type metadataKey struct {
	spec    v1alpha1.MetadataKeyRule
	field   topic.Field
	label   bool
	pattern *regexp.Regexp
}

// compileMetadata reads a rule about labels and annotations.
func (c *compiler) compileMetadata(path string, spec *v1alpha1.MetadataRule) func(*subject) []finding {
	var keys []metadataKey
	for i, key := range spec.Labels {
		keys = append(keys, c.metadataKey(fmt.Sprintf("%s.labels[%d]", path, i), key, topic.LabelField(key.Key), true))
	}
	for i, key := range spec.Annotations {
		keys = append(keys, c.metadataKey(fmt.Sprintf("%s.annotations[%d]", path, i), key, topic.AnnotationField(key.Key), false))
	}
	if len(keys) == 0 {
		c.problem(path, "", "asks nothing", "labels or annotations")
	}
	return func(s *subject) []finding {
		var found []finding
		for i := range keys {
			found = append(found, keys[i].findings(s)...)
		}
		return found
	}
}

func (c *compiler) metadataKey(path string, spec v1alpha1.MetadataKeyRule, field topic.Field, label bool) metadataKey {
	key := metadataKey{spec: spec, field: field, label: label}
	if spec.Pattern != "" {
		key.pattern = c.pattern(path+".pattern", spec.Pattern)
	}
	if spec.Example != "" && !key.passes(spec.Example) {
		c.problem(path+".example", spec.Example, "would not pass the rule itself", "a value that passes")
	}
	for i, value := range spec.OneOf {
		if key.pattern != nil && !key.pattern.MatchString(value) {
			c.problem(fmt.Sprintf("%s.oneOf[%d]", path, i), value, "does not match the rule's own pattern", "the pattern "+spec.Pattern)
		}
	}
	return key
}

func (k *metadataKey) passes(value string) bool {
	return (len(k.spec.OneOf) == 0 || slices.Contains(k.spec.OneOf, value)) && (k.pattern == nil || k.pattern.MatchString(value))
}

func (k *metadataKey) findings(s *subject) []finding {
	held, kind := s.declared.Annotations, "annotation"
	if k.label {
		held, kind = s.declared.Labels, "label"
	}
	value, present := held[k.spec.Key]
	if present && k.passes(value) || !present && k.spec.Optional {
		return nil
	}
	f := finding{field: k.field, reason: topic.PolicyViolation, problem: "the " + kind + " is missing", limit: k.wants(kind), over: 1}
	if present {
		f.value, f.problem = strconv.Quote(value), "the "+kind+" is not what the policy wants"
	}
	if example := k.example(); example != "" {
		f.fix = fmt.Sprintf("set %s: %s", k.spec.Key, strconv.Quote(example))
	}
	return []finding{f}
}

func (k *metadataKey) wants(kind string) string {
	switch {
	case len(k.spec.OneOf) > 0:
		return "one of " + quoted(k.spec.OneOf)
	case k.pattern != nil:
		return "the pattern " + bare(k.pattern)
	default:
		return "any value for the " + kind + " " + k.spec.Key
	}
}

// example is a value that passes; empty where nobody gave one. Of several it proposes none: who reads pii, internal and public
// and is told to write public may just do that.
func (k *metadataKey) example() string {
	if k.spec.Example == "" && len(k.spec.OneOf) == 1 {
		return k.spec.OneOf[0]
	}
	return k.spec.Example
}
