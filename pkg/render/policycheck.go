package render

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
)

// check is one thing that a rule asks: an expression that makes a list of texts, empty where all is well.
type check struct {
	field topic.Field
	// needs are the variables that it brings; equal ones of several checks are one.
	needs []variable
	list  string
	// many says that the list may hold several texts.
	many bool
	// expression is the check as a validation of its own, for one that may fail to evaluate.
	expression, message string
	// fallback is told where the message fails.
	fallback string
}

// ruled is one rule being rendered.
type ruled struct {
	*sheet
	spec *v1alpha1.PolicyRule
	// place is the rule's in the policy.
	place int
	// ratchet lets pass what was so before. Only a rule that denies has one: the others tell it each time.
	ratchet bool
	checked []check
}

// checks renders one rule.
func (s *sheet) checks(place int) []check {
	r := &ruled{sheet: s, spec: &s.object.Spec.Rules[place], place: place}
	r.ratchet = r.spec.Enforcement == v1alpha1.EnforcementDeny || r.spec.Enforcement == "" && s.object.Spec.Enforcement == v1alpha1.EnforcementDeny
	switch spec := r.spec; {
	case spec.TopicName != nil:
		r.topicName(spec.TopicName)
	case spec.Partitions != nil:
		r.partitions(spec.Partitions)
	case spec.Replication != nil:
		r.replication(spec.Replication)
	case len(spec.Config) > 0:
		for i := range spec.Config {
			r.config(&spec.Config[i])
		}
	default:
		r.others()
	}
	return r.checked
}

func (r *ruled) others() {
	switch spec := r.spec; {
	case spec.ConfigKeys != nil:
		r.configKeys(spec.ConfigKeys)
	case spec.Metadata != nil:
		r.metadata(spec.Metadata)
	case spec.Deletion != nil:
		r.deletion(spec.Deletion)
	case spec.CEL != nil:
		r.cel(spec.CEL)
	default:
		r.leave("quota")
	}
}

// leave notes what only the webhook judges.
func (r *ruled) leave(what string) {
	r.left = append(r.left, r.object.Name+"/"+r.spec.Name+": "+policy.OneLine(what))
}

// add adds a check unless an exception may cover the object.
func (r *ruled) add(c check) {
	if excepted := r.excepted(r.spec.Name); excepted != "" {
		c.list = "(" + excepted + ") ? [] : " + c.list
		if c.expression != "" {
			c.expression = excepted + " || " + c.expression
		}
	}
	r.checked = append(r.checked, c)
}

// old is a condition under which what is wrong is told: always where the rule has no ratchet, else for new objects and for
// changed ones of which this is true.
func (r *ruled) old(worse string) string {
	if !r.ratchet {
		return "true"
	}
	return "(!variables.update || " + worse + ")"
}

// hole stands in a text for what an expression makes, and valueHole where that is the value: a text that has its value in it
// already is not given it again.
const hole, valueHole = "\x00", "\x01"

// text is the webhook's text about a field.
func (r *ruled) text(field topic.Field, v topic.Violation) string {
	const most = 512
	if limit := []rune(v.Limit); len(limit) > most {
		v.Limit = string(limit[:most]) + "…"
	}
	if v.Limit != "" {
		v.Source = "TopicPolicy " + r.object.Name
	}
	v.Help, v.Rules = policy.OneLine(r.spec.Help), []string{r.object.Name + "/" + r.spec.Name}
	return dialect.Path(field) + ": " + v.Text()
}

// says is an expression that makes the webhook's text about a field, with expressions in place of the holes.
func (r *ruled) says(field topic.Field, v topic.Violation, holes ...string) string {
	pieces := strings.Split(strings.ReplaceAll(r.text(field, v), valueHole, hole), hole)
	said := []string{quoted(pieces[0])}
	for i, filled := range holes {
		said = append(said, filled)
		if piece := pieces[i+1]; piece != "" {
			said = append(said, quoted(piece))
		}
	}
	return strings.Join(said, " + ")
}

// longestText is how much of a value is shown: no legal name is longer.
const longestText = 249

// quotedText quotes a text as the webhook does.
func quotedText(text string) string {
	return fmt.Sprintf("strings.quote(%[1]s.size() > %[2]d ? %[1]s.substring(0, %[2]d) + '…' : %[1]s)", text, longestText)
}

// common are variables that checks of several kinds read.
func (s *sheet) common() []variable {
	labels := func(member string) []variable {
		return []variable{
			{member, "has(object.metadata." + member + ") ? dyn(object.metadata." + member + ") : dyn({})"},
			{"old_" + member, "variables.update && has(oldObject.metadata." + member + ") ? dyn(oldObject.metadata." + member + ") : dyn({})"},
		}
	}
	count := func(name, spec, field string) variable {
		held := "variables." + spec + "." + field
		// Beyond there is no arithmetic without overflows, and Kafka's own rules refuse it.
		return variable{name, fmt.Sprintf("has(%[1]s) ? [int(%[1]s)].filter(n, n >= -%[2]d && n <= %[2]d) : []", held, int64(1)<<mostBits)}
	}
	return slices.Concat([]variable{
		{"update", "request.operation == 'UPDATE'"},
		{"spec", "has(object.spec) ? dyn(object.spec) : dyn({})"},
		{"old", "variables.update && has(oldObject.spec) ? dyn(oldObject.spec) : dyn({})"},
		{"status", "variables.update && has(object.status) ? dyn(object.status) : dyn({})"},
		{"config", "has(variables.spec.config) ? dyn(variables.spec.config) : dyn({})"},
		{"oldConfig", "has(variables.old.config) ? dyn(variables.old.config) : dyn({})"},
		{"name", "has(variables.spec.topicName) ? string(variables.spec.topicName) : has(object.metadata.name) ? string(object.metadata.name) : ''"},
		{"oldName", "has(variables.old.topicName) ? string(variables.old.topicName) : variables.update && has(oldObject.metadata.name) ? string(oldObject.metadata.name) : ''"},
		{"cluster", effectiveCluster},
		count("partitions", "spec", "partitions"), count("oldPartitions", "old", "partitions"),
		count("replicas", "spec", "replicas"), count("oldReplicas", "old", "replicas"),
		{"powers", powers()},
	}, labels("labels"), labels("annotations"), keys())
}

var usedVariable = regexp.MustCompile(`variables\.([a-zA-Z0-9_]+)`)

// used drops variables that no validation comes to need.
func used(all []variable, by []admissionv1.Validation) []variable {
	needed := map[string]bool{}
	note := func(text string) {
		for _, match := range usedVariable.FindAllStringSubmatch(text, -1) {
			needed[match[1]] = true
		}
	}
	for _, one := range by {
		note(one.Expression)
		note(one.MessageExpression)
	}
	var kept []variable
	for _, one := range slices.Backward(all) {
		if needed[one.name] {
			note(one.expression)
			kept = append(kept, one)
		}
	}
	slices.Reverse(kept)
	return kept
}
