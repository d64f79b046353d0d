package policy

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// configRule is a compiled rule about one topic config.
type configRule struct {
	key      string
	field    topic.Field
	required bool
	limits   []limit
	// floats bound the few configs that are fractions.
	floats         []floatLimit
	oneOf          []string
	pattern        *regexp.Regexp
	allowUnlimited bool
}

type floatLimit struct {
	low  bool
	n    float64
	text string
}

// compileConfig reads rules about the values of topic configs.
func (c *compiler) compileConfig(path string, specs []v1alpha1.ConfigRule) (func(*subject, []number) []number, func(*subject) []finding) {
	rules := make([]configRule, len(specs))
	for i := range specs {
		rules[i] = c.configRule(fmt.Sprintf("%s[%d]", path, i), &specs[i])
	}
	numbers := func(s *subject, list []number) []number {
		for i := range rules {
			if n, any := rules[i].number(s); any {
				list = append(list, n)
			}
		}
		return list
	}
	judge := func(s *subject) []finding {
		var found []finding
		for i := range rules {
			found = append(found, rules[i].findings(s)...)
		}
		return found
	}
	return numbers, judge
}

func (c *compiler) configRule(path string, spec *v1alpha1.ConfigRule) configRule {
	r := configRule{key: spec.Key, field: topic.ConfigField(spec.Key), required: spec.Required, oneOf: spec.OneOf}
	r.allowUnlimited = spec.Max == nil
	if spec.AllowUnlimited != nil {
		r.allowUnlimited = *spec.AllowUnlimited
	}
	definition, known := c.newest.Lookup(spec.Key)
	if !known {
		c.warn(path+".key", spec.Key, "Kafka "+c.newest.Line()+" has no such topic config", suggestKey(c.newest, spec.Key))
	}
	if definition.Type == topicconfig.TypeDouble {
		r.floats = c.floatLimits(path, spec)
	} else {
		r.limits = c.wholeLimits(path, spec)
	}
	if spec.Pattern != "" {
		r.pattern = c.pattern(path+".pattern", spec.Pattern)
	}
	c.oneOfReadable(path, spec, definition)
	if asks := len(r.limits) + len(r.floats) + len(r.oneOf) + len(spec.Pattern); asks == 0 && !spec.Required {
		c.problem(path, "", "asks nothing", "required, min, max, allowUnlimited: false, oneOf or pattern")
	}
	return r
}

func suggestKey(table topicconfig.Table, key string) string {
	if meant, ok := table.Suggest(key); ok {
		return "write " + meant
	}
	return ""
}

func (c *compiler) wholeLimits(path string, spec *v1alpha1.ConfigRule) []limit {
	var limits []limit
	u := unitOf(spec.Key)
	if spec.Min != nil {
		limits = append(limits, worded(least(c.amount(path+".min", *spec.Min, u), u), "less than the policy allows"))
	}
	if spec.Max != nil {
		limits = append(limits, most(c.amount(path+".max", *spec.Max, u), u))
	}
	if spec.AllowUnlimited != nil && !*spec.AllowUnlimited && spec.Max == nil {
		limits = append(limits, limit{kind: atMost, n: Unlimited - 1, text: "a limit (not -1)"})
	}
	c.satisfiable(path, topic.ConfigField(spec.Key), limits)
	return limits
}

func worded(l limit, problem string) limit {
	l.problem = problem
	return l
}

func (c *compiler) floatLimits(path string, spec *v1alpha1.ConfigRule) []floatLimit {
	var limits []floatLimit
	for _, bound := range []struct {
		name string
		text *v1alpha1.Amount
		low  bool
		says string
	}{{"min", spec.Min, true, "at least "}, {"max", spec.Max, false, "at most "}} {
		if bound.text == nil {
			continue
		}
		n, err := strconv.ParseFloat(string(*bound.text), 64)
		if err != nil {
			c.problem(path+"."+bound.name, string(*bound.text), "no number", "a decimal number")
		}
		limits = append(limits, floatLimit{low: bound.low, n: n, text: bound.says + string(*bound.text)})
	}
	if len(limits) == 2 && limits[0].n > limits[1].n {
		c.problem(path+".min", string(*spec.Min), "more than max, so that nothing passes", "at most "+string(*spec.Max))
	}
	return limits
}

// oneOfReadable wants values that Kafka itself would take.
func (c *compiler) oneOfReadable(path string, spec *v1alpha1.ConfigRule, definition topicconfig.Def) {
	for i, value := range spec.OneOf {
		if _, problem := definition.Parse(value); problem != nil {
			c.problem(fmt.Sprintf("%s.oneOf[%d]", path, i), value, problem.Message, problem.Limit)
		}
	}
}

// unlimited says that -1 of a config means that there is no limit.
func unlimited(key string) bool {
	switch key {
	case "retention.ms", "retention.bytes", "local.retention.ms", "local.retention.bytes":
		return true
	default:
		return false
	}
}

// number is the config as a whole number, where the rule bounds it and it is one.
func (r *configRule) number(s *subject) (number, bool) {
	if len(r.limits) == 0 {
		return number{}, false
	}
	n := number{field: r.field, reason: topic.PolicyViolation}
	_, source, known := s.config(r.key)
	if !known {
		n.undecided = unknownDefault(s, r.key)
		return n, n.undecided != ""
	}
	value, readable := s.whole(r.key)
	if !readable {
		return n, false
	}
	n.value, n.source, n.limits = value, source, r.limits
	if value == -1 && unlimited(r.key) {
		if r.allowUnlimited {
			return n, false
		}
		n.value, n.unlimited = Unlimited, true
	}
	return n, true
}

// unknownDefault says why the effective value of a config is not known; empty where the object's own text is at fault, or
// where the brokers have no such config.
func unknownDefault(s *subject, key string) string {
	if _, set := s.declared.Config[key]; set || s.Facts.Cluster.ConfigDefaults != nil {
		return ""
	}
	return key + " is left to the brokers, whose own default is not known"
}

func (r *configRule) findings(s *subject) []finding {
	_, set := s.declared.Config[r.key]
	_, filled := s.defaults.Config[r.key]
	if r.required && !set && !filled {
		return []finding{{field: r.field, reason: topic.PolicyViolation, problem: "must be set", limit: "a value of its own", over: 1}}
	}
	written, source, known := s.config(r.key)
	if !known {
		if why := unknownDefault(s, r.key); why != "" && (len(r.oneOf)+len(r.floats) > 0 || r.pattern != nil) {
			return undecided(r.field, why)
		}
		return nil
	}
	text, readable := s.canonical(r.key)
	if !readable {
		return nil
	}
	return r.textFindings(s, text, func() string {
		if source != sourceObject {
			return strconv.Quote(written) + " (" + source + ")"
		}
		return strconv.Quote(written)
	})
}

func (r *configRule) textFindings(s *subject, text string, value func() string) []finding {
	broken := func(problem, limit string) finding {
		return finding{field: r.field, reason: topic.PolicyViolation, value: value(), plain: text, problem: problem, limit: limit, over: 1}
	}
	var found []finding
	if len(r.oneOf) > 0 && !r.isOneOf(s.Facts.Cluster.Configs, text) {
		found = append(found, broken("not among what the policy allows", "one of "+quoted(r.oneOf)))
	}
	if r.pattern != nil && !r.pattern.MatchString(text) {
		found = append(found, broken("does not match", "the pattern "+bare(r.pattern)))
	}
	for _, bound := range r.floats {
		if bound.broken(text) {
			found = append(found, broken("beyond what the policy allows", bound.text))
		}
	}
	return found
}

func (l floatLimit) broken(text string) bool {
	n, err := strconv.ParseFloat(text, 64)
	return err == nil && (l.low && n < l.n || !l.low && n > l.n)
}

func (r *configRule) isOneOf(table topicconfig.Table, text string) bool {
	return slices.Contains(r.oneOf, text) || slices.ContainsFunc(r.oneOf, func(allowed string) bool { return table.Same(r.key, allowed, text) })
}

func quoted(texts []string) string {
	sorted := slices.Sorted(slices.Values(texts))
	for i := range sorted {
		sorted[i] = strconv.Quote(sorted[i])
	}
	return strings.Join(sorted, ", ")
}

// bare is a pattern as its author wrote it.
func bare(compiled *regexp.Regexp) string {
	return cmp.Or(strings.TrimSuffix(strings.TrimPrefix(compiled.String(), "^(?:"), ")$"), `""`)
}
