package policy

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/google/cel-go/cel"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// Policy is a compiled TopicPolicy.
type Policy struct {
	// Name is the TopicPolicy's.
	Name string

	priority int32
	ignore   bool
	match    matcher
	// selectors are what match was made of, to compare policies by.
	selectors struct{ namespaces, topics *metav1.LabelSelector }
	rules     []rule
	fill      fill
}

// compiler collects what is wrong with an object while it is read.
type compiler struct {
	problems, warnings []Problem
	newest             topicconfig.Table
	env                *cel.Env
	// static are the limits of the rule being read that hold for every topic.
	static map[topic.Field][]limit
}

// Compile reads a policy. It always returns one: a rule with problems cannot be judged, which the failurePolicy settles for
// each topic. Problems refuse the policy where it is applied; warnings are told.
func Compile(object *v1alpha1.TopicPolicy) (policy *Policy, problems, warnings []Problem) {
	c := &compiler{newest: topicconfig.For("")}
	p := &Policy{Name: object.Name, priority: object.Spec.Priority, ignore: object.Spec.FailurePolicy == v1alpha1.PolicyIgnore}
	p.match = c.compileMatch("spec.match", object.Spec.Match)
	p.selectors.namespaces, p.selectors.topics = object.Spec.Match.NamespaceSelector, object.Spec.Match.TopicSelector
	broken := c.summary(0)
	p.rules = make([]rule, len(object.Spec.Rules))
	seen := map[string]bool{}
	for i := range object.Spec.Rules {
		path := fmt.Sprintf("spec.rules[%d]", i)
		before := len(c.problems)
		p.rules[i] = c.compileRule(path, object, &object.Spec.Rules[i])
		if name := object.Spec.Rules[i].Name; seen[name] || name == "" {
			c.problem(path+".name", name, "not a name of its own", "a name that no other rule of the policy has")
		}
		seen[object.Spec.Rules[i].Name] = true
		p.rules[i].broken = c.summary(before)
		if broken != "" {
			p.rules[i].broken = broken
		}
	}
	p.fill = c.compileDefaults("spec.defaults", object.Spec.Defaults)
	if len(object.Spec.Rules) == 0 && object.Spec.Defaults == nil {
		c.problem("spec", "", "has neither rules nor defaults", "at least one rule, or defaults")
	}
	return p, c.problems, c.warnings
}

// summary is what went wrong since there were so many problems; empty for nothing.
func (c *compiler) summary(since int) string {
	if len(c.problems) == since {
		return ""
	}
	first := c.problems[since]
	return "it does not compile: " + first.Path + ": " + first.Problem
}

// compileRule reads one rule, which must have exactly one typed member.
func (c *compiler) compileRule(path string, object *v1alpha1.TopicPolicy, spec *v1alpha1.PolicyRule) rule {
	r := rule{
		policy: object.Name, name: spec.Name, help: oneLine(spec.Help), spec: spec,
		enforcement: spec.Enforcement, ignore: object.Spec.FailurePolicy == v1alpha1.PolicyIgnore,
	}
	if r.enforcement == "" {
		r.enforcement = object.Spec.Enforcement
	}
	kinds := kindsOf(spec)
	if len(kinds) != 1 {
		c.problem(path, strings.Join(kinds, ", "), fmt.Sprintf("has %d typed members", len(kinds)),
			"exactly one of topicName, partitions, replication, config, configKeys, metadata, deletion, quota, cel")
		return r
	}
	r.kind = ruleKind(kinds[0])
	c.static = map[topic.Field][]limit{}
	c.compileKind(path+"."+kinds[0], &r)
	r.static = c.static
	return r
}

// kindsOf are the typed members that a rule has.
func kindsOf(spec *v1alpha1.PolicyRule) []string {
	var kinds []string
	for _, member := range []struct {
		kind    ruleKind
		present bool
	}{
		{kindName, spec.TopicName != nil},
		{kindPartitions, spec.Partitions != nil},
		{kindReplication, spec.Replication != nil},
		{kindConfig, len(spec.Config) > 0},
		{kindConfigKeys, spec.ConfigKeys != nil},
		{kindMetadata, spec.Metadata != nil},
		{kindDeletion, spec.Deletion != nil},
		{kindQuota, spec.Quota != nil},
		{kindCEL, spec.CEL != nil},
	} {
		if member.present {
			kinds = append(kinds, string(member.kind))
		}
	}
	return kinds
}

func (c *compiler) compileKind(path string, r *rule) {
	spec := r.spec
	switch r.kind {
	case kindName:
		r.names = c.compileName(path, spec.TopicName)
		r.judge = r.names.judge
	case kindPartitions:
		r.numbers = c.compilePartitions(path, spec.Partitions)
	case kindReplication:
		r.numbers = c.compileReplication(path, spec.Replication)
	case kindConfig:
		r.numbers, r.judge = c.compileConfig(path, spec.Config)
	case kindConfigKeys:
		r.judge = c.compileConfigKeys(path, spec.ConfigKeys)
	case kindMetadata:
		r.judge = c.compileMetadata(path, spec.Metadata)
	case kindDeletion:
		r.judge = c.compileDeletion(path, spec.Deletion)
	case kindQuota:
		r.judge, r.usage = c.compileQuota(path, spec.Quota), true
	case kindCEL:
		r.judge, r.usage = c.compileExpression(path, spec.CEL)
	}
}

func (c *compiler) problem(path, value, problem, limit string) {
	c.problems = append(c.problems, Problem{Path: path, Violation: topic.Violation{
		Reason: topic.PolicyInvalid, Value: shownValue(value), Problem: problem, Limit: limit,
	}})
}

func (c *compiler) warn(path, value, problem, fix string) {
	c.warnings = append(c.warnings, Problem{Path: path, Violation: topic.Violation{
		Reason: topic.PolicyInvalid, Value: shownValue(value), Problem: problem, Fix: fix,
	}})
}

func shownValue(value string) string {
	if value == "" {
		return ""
	}
	return strconv.Quote(oneLine(value))
}

func (c *compiler) positive(path string, n *int64) {
	if n != nil && *n < 1 {
		c.problem(path, strconv.FormatInt(*n, 10), "not above zero", "1 or more")
	}
}

func (c *compiler) notNegative(path string, n *int64) {
	if n != nil && *n < 0 {
		c.problem(path, strconv.FormatInt(*n, 10), "below zero", "0 or more")
	}
}

func (c *compiler) amount(path string, text v1alpha1.Amount, u unit) int64 {
	n, err := amount(text, u)
	if err != nil {
		c.problem(path, string(text), "not an amount", err.Error()+unitExamples(u))
	}
	return n
}

func unitExamples(u unit) string {
	switch u {
	case milliseconds:
		return ", such as 7d, 12h, 30m, 10s or 604800000"
	case bytes:
		return ", such as 1Gi, 512Mi or 1073741824"
	case plain:
	}
	return ""
}

func (c *compiler) pattern(path, text string) *regexp.Regexp {
	compiled, err := pattern(text)
	if err != nil {
		c.problem(path, text, "no usable regular expression (RE2): "+celText(err), "")
	}
	return compiled
}

// satisfiable refuses limits on a field that no number keeps, and notes those that are sound.
func (c *compiler) satisfiable(path string, field topic.Field, limits []limit) {
	if c.static != nil && len(limits) > 0 {
		c.static[field] = limits
	}
	if len(limits) < 2 || len(c.problems) > 0 && strings.HasPrefix(c.problems[len(c.problems)-1].Path, path) {
		return
	}
	if _, found := fit(limits, 1, 1-2, Unlimited); !found { // from -1 on, which some configs take for unlimited
		texts := make([]string, len(limits))
		for i, l := range limits {
			texts[i] = l.words()
		}
		c.problem(path, "", "contradicts itself, so that nothing passes: "+strings.Join(texts, "; "), "limits that some number keeps")
	}
}

// environment is the one for the object's expressions, made when the first one comes.
func (c *compiler) environment() (*cel.Env, error) {
	if c.env != nil {
		return c.env, nil
	}
	env, err := celEnv()
	c.env = env
	return env, err
}
