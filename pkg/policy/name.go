package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// nameRule is a compiled rule about the name on the brokers.
type nameRule struct {
	spec     *v1alpha1.TopicNameRule
	template *template
	anyOf    []*regexp.Regexp
}

// compileName reads a rule about the name on the brokers.
func (c *compiler) compileName(path string, spec *v1alpha1.TopicNameRule) *nameRule {
	r := &nameRule{spec: spec}
	if spec.Template != "" {
		parsed, err := parseTemplate(spec.Template)
		if err != nil {
			c.problem(path+".template", spec.Template, err.Error(), "such as {{namespace}}.<entity>.v<int>")
		}
		r.template = parsed
	}
	for i, text := range spec.AnyOf {
		if compiled := c.pattern(fmt.Sprintf("%s.anyOf[%d]", path, i), text); compiled != nil {
			r.anyOf = append(r.anyOf, compiled)
		}
	}
	c.nameLengths(path, spec)
	asks := len(spec.Template) + len(spec.AnyOf) + len(spec.Prefixes) + len(spec.Suffixes) + len(spec.Reserved)
	if asks == 0 && spec.MinLength == nil && spec.MaxLength == nil {
		c.problem(path, "", "asks nothing", "template, anyOf, prefixes, suffixes, minLength, maxLength or reserved")
	}
	return r
}

func (c *compiler) nameLengths(path string, spec *v1alpha1.TopicNameRule) {
	c.notNegative(path+".minLength", spec.MinLength)
	c.positive(path+".maxLength", spec.MaxLength)
	if spec.MinLength != nil && spec.MaxLength != nil && *spec.MinLength > *spec.MaxLength {
		c.problem(path+".minLength", strconv.FormatInt(*spec.MinLength, 10), "more than maxLength, so that nothing passes", "at most maxLength")
	}
}

// judge finds what is wrong with a name.
func (r *nameRule) judge(s *subject) []finding {
	name := s.declared.TopicName
	found := r.templateFindings(s, name)
	for _, check := range []func(string) (problem, limit string){r.shape, r.prefix, r.suffix, r.length} {
		if problem, limit := check(name); problem != "" {
			found = append(found, nameFinding(name, problem, limit))
		}
	}
	for _, reserved := range r.spec.Reserved {
		if glob(reserved, name) {
			found = append(found, nameFinding(name, "reserved by the policy", "no name like "+reserved))
		}
	}
	return found
}

func (r *nameRule) shape(name string) (problem, limit string) {
	if len(r.anyOf) == 0 || slices.ContainsFunc(r.anyOf, func(p *regexp.Regexp) bool { return p.MatchString(name) }) {
		return "", ""
	}
	return "matches no pattern", "one of the patterns " + strings.Join(r.spec.AnyOf, ", ")
}

func (r *nameRule) prefix(name string) (problem, limit string) {
	has := func(prefix string) bool { return strings.HasPrefix(name, prefix) }
	if len(r.spec.Prefixes) == 0 || slices.ContainsFunc(r.spec.Prefixes, has) {
		return "", ""
	}
	return "has none of the prefixes", "a name that begins with one of " + quoted(r.spec.Prefixes)
}

func (r *nameRule) suffix(name string) (problem, limit string) {
	has := func(suffix string) bool { return strings.HasSuffix(name, suffix) }
	if len(r.spec.Suffixes) == 0 || slices.ContainsFunc(r.spec.Suffixes, has) {
		return "", ""
	}
	return "has none of the suffixes", "a name that ends with one of " + quoted(r.spec.Suffixes)
}

func (r *nameRule) length(name string) (problem, limit string) {
	length := int64(utf8.RuneCountInString(name))
	switch least, most := r.spec.MinLength, r.spec.MaxLength; {
	case least != nil && length < *least:
		return fmt.Sprintf("%d characters, too short", length), fmt.Sprintf("at least %d characters", *least)
	case most != nil && length > *most:
		return fmt.Sprintf("%d characters, too long", length), fmt.Sprintf("at most %d characters", *most)
	default:
		return "", ""
	}
}

func nameFinding(name, problem, limit string) finding {
	return finding{
		field: topic.Of(topic.KindTopicName), reason: topic.PolicyViolation, value: strconv.Quote(name),
		problem: problem, limit: limit, over: 1,
	}
}

func (r *nameRule) templateFindings(s *subject, name string) []finding {
	if r.template == nil {
		return nil
	}
	parts, missing, unknown := r.template.filled(s.variable)
	field := topic.Of(topic.KindTopicName)
	switch {
	case unknown:
		return undecided(field, "the labels of namespace "+s.Facts.Namespace.Name+" are not known")
	case parts == nil:
		f := nameFinding(name, "cannot be judged by its template: the "+missing.text+" "+missing.key+" is missing or empty", r.template.source)
		f.fix = "set the " + missing.text + " " + missing.key
		return []finding{f}
	case fits(parts, name):
		return nil
	}
	return []finding{nameFinding(name, "does not fit the template of namespace "+s.Facts.Namespace.Name, wanted(parts))}
}

// variable is the value of a template's variable for the topic.
func (s *subject) variable(p part) (text string, known, present bool) {
	known = true
	switch p.text {
	case "namespace":
		text = s.declared.Ref.Namespace
	case "cluster":
		text = s.Facts.Cluster.Name
	case "label":
		text = s.declared.Labels[p.key]
	case "annotation":
		text = s.declared.Annotations[p.key]
	case "namespaceLabel":
		text, known = s.Facts.Namespace.Labels[p.key], s.Facts.Namespace.Known
	}
	return text, known, text != ""
}

// proposals are names near to the one that was written that would keep the rule by itself.
func (r *nameRule) proposals(s *subject, name string) []string {
	var found []string
	if r.template != nil {
		if parts, _, _ := r.template.filled(s.variable); parts != nil {
			found = append(found, guess(parts, name))
		}
	}
	for _, prefix := range r.spec.Prefixes {
		found = append(found, prefix+name)
	}
	for _, suffix := range r.spec.Suffixes {
		found = append(found, name+suffix)
	}
	if most := r.spec.MaxLength; most != nil && *most > 0 && int64(len(name)) > *most {
		found = append(found, strings.TrimRight(name[:*most], "._-"))
	}
	return found
}
