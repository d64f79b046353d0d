package render

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// topicName renders a rule about the name on the brokers. A name that is as before passes, unless it has to hold labels
// that are not.
func (r *ruled) topicName(spec *v1alpha1.TopicNameRule) {
	if spec.Template != "" {
		r.template(spec.Template)
	}
	const name = "variables.name"
	if len(spec.AnyOf) > 0 {
		var any []string
		for _, pattern := range spec.AnyOf {
			any = append(any, name+".matches("+quoted(whole(pattern))+")")
		}
		// A longer one is refused by Kafka's own rule, and costs.
		r.name(fmt.Sprintf("%s.size() <= %d && !(%s)", name, longestText, strings.Join(any, " || ")), "matches no pattern", "one of the patterns "+strings.Join(spec.AnyOf, ", "))
	}
	if len(spec.Prefixes) > 0 {
		r.name("!"+quotedList(spec.Prefixes)+".exists(p, "+name+".startsWith(p))", "has none of the prefixes", "a name that begins with one of "+sortedQuoted(spec.Prefixes))
	}
	if len(spec.Suffixes) > 0 {
		r.name("!"+quotedList(spec.Suffixes)+".exists(p, "+name+".endsWith(p))", "has none of the suffixes", "a name that ends with one of "+sortedQuoted(spec.Suffixes))
	}
	long, size := "true", "string("+name+".size())"
	if least := spec.MinLength; least != nil {
		r.name(fmt.Sprintf("%s.size() < %d", name, *least), hole+" characters, too short", fmt.Sprintf("at least %d characters", *least), size)
		long = fmt.Sprintf("%s.size() >= %d", name, *least)
	}
	if most := spec.MaxLength; most != nil {
		r.name(fmt.Sprintf("%s && %s.size() > %d", long, name, *most), hole+" characters, too long", fmt.Sprintf("at most %d characters", *most), size)
	}
	for _, glob := range spec.Reserved {
		r.name(globbed(name, []string{glob}), "reserved by the policy", "no name like "+glob)
	}
}

// name adds a check of the name.
func (r *ruled) name(broken, problem, limit string, holes ...string) {
	v := topic.Violation{Value: valueHole, Problem: problem, Limit: limit}
	r.add(check{field: topic.Of(topic.KindTopicName), list: "(" + broken + ") && " + r.old("variables.name != variables.oldName") + " ? [" +
		r.says(topic.Of(topic.KindTopicName), v, append([]string{quotedText("variables.name")}, holes...)...) + "] : []"})
}

// whole is a pattern that must match a whole text.
func whole(pattern string) string { return "^(?:" + pattern + ")$" }

func sortedQuoted(texts []string) string {
	sorted := slices.Sorted(slices.Values(texts))
	for i := range sorted {
		sorted[i] = strconv.Quote(sorted[i])
	}
	return strings.Join(sorted, ", ")
}

var templatePart = regexp.MustCompile(`\{\{[^}]*\}\}|<[^>]*>|[^{<]+`)

// filling is what a template becomes for an object: its values, the name that it wants in words, and as a pattern.
type filling struct {
	values        []string
	wanted, match []string
}

// missing is true where some value is empty.
func (f filling) missing() string {
	empty := []string{"false"}
	for _, value := range f.values {
		empty = append(empty, value+" == ''")
	}
	return "(" + strings.Join(empty, " || ") + ")"
}

// long is true where some value is longer than any name.
func (f filling) long() string {
	long := []string{"false"}
	for _, value := range f.values {
		long = append(long, fmt.Sprintf("%s.size() > %d", value, longestText))
	}
	return "(" + strings.Join(long, " || ") + ")"
}

// fill reads a template, whose parts are those of the rule's, for the labels and annotations of variables with that prefix.
func fill(template, old string) (f filling, told []string) {
	for _, part := range templatePart.FindAllString(template, -1) {
		switch inner, isVariable := strings.CutPrefix(part, "{{"); {
		case isVariable:
			kind, key, _ := strings.Cut(strings.TrimSpace(strings.TrimSuffix(inner, "}}")), ":")
			value := valueOf(kind, key, old)
			f.values, f.wanted, f.match = append(f.values, value), append(f.wanted, value), append(f.match, literally(value))
			told = append(told, kind+" "+key)
		case part == "<int>":
			f.wanted, f.match = append(f.wanted, quoted(part)), append(f.match, quoted("[0-9]+"))
		case strings.HasPrefix(part, "<"):
			f.wanted, f.match = append(f.wanted, quoted(part)), append(f.match, quoted("[a-z][a-z0-9-]*"))
		default:
			f.wanted, f.match = append(f.wanted, quoted(part)), append(f.match, quoted(regexp.QuoteMeta(part)))
		}
	}
	return f, told
}

// valueOf is the value of a template's variable; empty where there is none.
func valueOf(kind, key, old string) string {
	held := "variables." + old + kind + "s"
	switch kind {
	case "namespace":
		return "request.namespace"
	case "cluster":
		return "variables.cluster"
	case "namespaceLabel":
		held = "variables.namespaceLabels"
	}
	return "(" + quoted(key) + " in " + held + " ? string(" + held + "[" + quoted(key) + "]) : '')"
}

// literally is a pattern that matches just the text that an expression makes.
func literally(value string) string {
	return "'\\\\Q' + " + value + ".replace('\\\\E', '\\\\E\\\\\\\\E\\\\Q') + '\\\\E'"
}

// template renders a name template: what is missing to fill it, and a name that does not fit.
func (r *ruled) template(template string) {
	now, told := fill(template, "")
	before, _ := fill(template, "old_")
	field := topic.Of(topic.KindTopicName)
	known := "true"
	if slices.Contains(now.values, "variables.cluster") {
		known = "variables.cluster != ''" // the default one is not known here
	}
	wanted := func(f filling) string { return strings.Join(f.wanted, " + ") }
	first := "''"
	for i, value := range slices.Backward(now.values) {
		first = value + " == '' ? " + quoted(told[i]) + " : " + first
	}
	said := r.says(field, topic.Violation{
		Value: valueHole, Problem: "cannot be judged by its template: the " + hole + " is missing or empty", Limit: template, Fix: "set the " + hole,
	}, quotedText("variables.name"), "("+first+")", "("+first+")")
	r.add(check{field: field, list: known + " && " + now.missing() + " && " + r.old("variables.name != variables.oldName || !"+before.missing()) + " ? [" + said + "] : []"})
	said = r.says(field, topic.Violation{Value: valueHole, Problem: "does not fit the template of namespace " + hole, Limit: hole},
		quotedText("variables.name"), "request.namespace", wanted(now))
	fits := fmt.Sprintf("!%s && variables.name.size() <= %d && variables.name.matches('^' + %s + '$')", now.long(), longestText, strings.Join(now.match, " + "))
	r.add(check{field: field, list: known + " && !" + now.missing() + " && !(" + fits + ") &&\n  " +
		r.old("variables.name != variables.oldName || "+before.missing()+" || "+wanted(before)+" != "+wanted(now)) + " ? [" + said + "] : []"})
}
