package adopt

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/topic"
)

// Placement says which namespace a topic's KafkaTopic goes to.
type Placement struct {
	// Namespace is that of all, where From is empty.
	Namespace string
	// From is how it is told from the topic; see [CheckFrom].
	From string
	// Labels are the labels of namespaces, by name; empty where nobody may read them.
	Labels map[string]map[string]string
	// OwnerLabel is the label that says whose a namespace is.
	OwnerLabel string
}

// What From may begin with, or be.
const (
	fromOwner  = "owner"
	fromLabel  = "label:"
	fromPrefix = "prefix"
)

var (
	errFrom     = errors.New("want owner, label:KEY, prefix, prefix:SEPARATOR or a template such as team-{prefix}")
	placeholder = regexp.MustCompile(`\{[^{}]*\}`)
	dns1123     = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)
)

// CheckFrom says what is wrong with a Placement's From; nil where nothing is. It is one of
//
//	owner       the namespace of the object that owned the topic, or the one whose owner label is the candidate owner's name
//	label:KEY   the namespace whose label KEY is the longest beginning of the topic's name, up to . _ or - or its end
//	prefix:SEP  the topic's name up to the first SEP (. when absent)
//	a template  a text with {prefix} or {owner} in it
func CheckFrom(from string) error {
	switch {
	case from == fromOwner, from == fromPrefix, len(from) > len(fromPrefix)+1 && strings.HasPrefix(from, fromPrefix+":"):
		return nil
	case len(from) > len(fromLabel) && strings.HasPrefix(from, fromLabel):
		return nil
	}
	holders := placeholder.FindAllString(from, -1)
	for _, holder := range holders {
		if holder != "{prefix}" && holder != "{owner}" {
			return fmt.Errorf("%w; there is no %s", errFrom, holder)
		}
	}
	if len(holders) == 0 {
		return errFrom
	}
	return nil
}

// of is the namespace of a topic, or why there is none.
func (p Placement) of(one audit.Topic) (namespace, why string) {
	switch key, byLabel := strings.CutPrefix(p.From, fromLabel); {
	case p.From == "":
		return p.Namespace, ""
	case byLabel:
		namespace, why = p.labelled(key, one.Name)
	case p.From == fromOwner:
		namespace, why = p.owners(one)
	case p.From == fromPrefix || strings.HasPrefix(p.From, fromPrefix+":"):
		namespace, why = prefix(one.Name, p.From)
	default:
		namespace, why = filled(p.From, one)
	}
	if why == "" && !dns1123.MatchString(namespace) {
		return "", fmt.Sprintf("%q is no name of a namespace", namespace)
	}
	return namespace, why
}

func prefix(name, from string) (beginning, why string) {
	_, separator, _ := strings.Cut(from, ":")
	if separator == "" {
		separator = "."
	}
	beginning, _, parted := strings.Cut(name, separator)
	if !parted {
		return "", fmt.Sprintf("its name holds no %q to tell the namespace by", separator)
	}
	return beginning, ""
}

func filled(template string, one audit.Topic) (namespace, why string) {
	namespace = template
	if strings.Contains(namespace, "{prefix}") {
		var beginning string
		if beginning, why = prefix(one.Name, ""); why != "" {
			return "", why
		}
		namespace = strings.ReplaceAll(namespace, "{prefix}", beginning)
	}
	if strings.Contains(namespace, "{owner}") {
		owner := ownerOf(one)
		if owner == "" {
			return "", "nothing hints at an owner to tell the namespace by"
		}
		namespace = strings.ReplaceAll(namespace, "{owner}", owner)
	}
	return namespace, ""
}

// ownerOf is the candidate owner without what says that it is a user or a group.
func ownerOf(one audit.Topic) string {
	return strings.TrimPrefix(strings.TrimPrefix(one.CandidateOwner.Name, "User:"), "group ")
}

func (p Placement) owners(one audit.Topic) (namespace, why string) {
	if one.Owner != (topic.Ref{}) {
		return one.Owner.Namespace, ""
	}
	owner := ownerOf(one)
	if owner == "" {
		return "", "nothing hints at an owner to tell the namespace by"
	}
	var found []string
	for _, name := range slices.Sorted(maps.Keys(p.Labels)) {
		if p.Labels[name][p.OwnerLabel] == owner {
			found = append(found, name)
		}
	}
	if _, named := p.Labels[owner]; len(found) == 0 && named {
		found = append(found, owner)
	}
	switch len(found) {
	case 1:
		return found[0], ""
	case 0:
		return "", fmt.Sprintf("no namespace carries %s=%s or is called so", p.OwnerLabel, owner)
	default:
		return "", fmt.Sprintf("several namespaces carry %s=%s: %s", p.OwnerLabel, owner, strings.Join(found, ", "))
	}
}

// labelled finds the namespace whose label is the longest beginning of a topic's name.
func (p Placement) labelled(key, name string) (namespace, why string) {
	longest := ""
	for _, candidate := range slices.Sorted(maps.Keys(p.Labels)) {
		value := p.Labels[candidate][key]
		rest, begins := strings.CutPrefix(name, value)
		switch {
		case value == "" || !begins || rest != "" && !strings.ContainsAny(rest[:1], "._-") && !strings.ContainsAny(value[len(value)-1:], "._-"):
		case len(value) > len(longest):
			namespace, why, longest = candidate, "", value
		case len(value) == len(longest):
			why = fmt.Sprintf("namespaces %s and %s both carry %s=%s", namespace, candidate, key, value)
		}
	}
	if longest == "" {
		return "", fmt.Sprintf("no namespace carries a label %s that its name begins with", key)
	}
	return namespace, why
}
