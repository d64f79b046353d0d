package render

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

const (
	// longestKey is how long the name of a topic config may be to be looked at, twice that of any that Kafka has.
	longestKey = 100
	// mostKeys is how many there may be, set and left alone.
	mostKeys = 512
	// mostCost is what matching all of them may cost, a good part of what one expression may.
	mostCost = 800_000
)

// keys are variables about which topic configs an object speaks of.
func keys() []variable {
	spoken := func(spec string) string {
		config := "(has(variables." + spec + ".config) ? dyn(variables." + spec + ".config) : dyn({}))"
		return config + ".map(k, string(k)).filter(k, k.size() <= " + strconv.Itoa(longestKey) + ") +\n" +
			"(has(variables." + spec + ".unmanagedConfig) ? dyn(variables." + spec + ".unmanagedConfig) : dyn([])).map(k, string(k)).filter(k, k.size() <= " + strconv.Itoa(longestKey) + " && !(k in " + config + "))"
	}
	return []variable{
		{"namespaceLabels", "has(namespaceObject.metadata.labels) ? dyn(namespaceObject.metadata.labels) : dyn({})"},
		{"keys", spoken("spec")},
		{"oldKeys", spoken("old")},
	}
}

// configKeys renders which topic configs may be set at all.
func (r *ruled) configKeys(spec *v1alpha1.ConfigKeysRule) {
	if cost := mostKeys * max(sortedGlobs(spec.Allow).cost(), sortedGlobs(spec.Deny).cost()); cost > mostCost {
		r.leave("configKeys: so many globs cost more than an API server lets an expression cost")
		return
	}
	denied := variable{fmt.Sprintf("denied%d", r.place+1), "variables.keys.filter(k, " + globbed("k", spec.Deny) + ")"}
	tell := func(broken, limit string, holes ...string) {
		v := topic.Violation{Problem: "the policy lets nobody set " + hole, Limit: limit, Fix: "remove the key"}
		said := r.says(topic.ConfigField(hole), v, append([]string{shownKey, shownKey}, holes...)...)
		r.add(check{field: topic.ConfigField("\x7f"), needs: []variable{denied}, many: true, // behind all keys that have a name
			list: broken + ".filter(k, " + r.old("!(k in variables.oldKeys)") + ").map(k, " + said + ")"})
	}
	if len(spec.Deny) > 0 {
		pairs := make([]string, len(spec.Deny))
		for i, glob := range spec.Deny {
			pairs[i] = quotedList([]string{expressionOf(glob), glob})
		}
		tell("variables."+denied.name, "no key like "+hole, listOf(pairs)+".filter(p, k.matches(p[0]))[0][1]")
	}
	if len(spec.Allow) > 0 {
		const most = 10
		shown := slices.Sorted(slices.Values(spec.Allow))
		if len(shown) > most {
			shown = append(shown[:most:most], "…")
		}
		tell("variables.keys.filter(k, !(k in variables."+denied.name+") && !"+globbed("k", spec.Allow)+")", "keys like "+strings.Join(shown, ", "))
	}
}

// shownKey is a key as the webhook shows it, unless it holds what no key does.
const shownKey = `(k.matches('^\\P{C}*$') ? k : strings.quote(k))`

// metadata renders what labels and annotations must be.
func (r *ruled) metadata(spec *v1alpha1.MetadataRule) {
	for i := range spec.Labels {
		r.metadataKey(&spec.Labels[i], "label", topic.LabelField(spec.Labels[i].Key))
	}
	for i := range spec.Annotations {
		r.metadataKey(&spec.Annotations[i], "annotation", topic.AnnotationField(spec.Annotations[i].Key))
	}
}

// metadataKey renders what one of them must be.
func (r *ruled) metadataKey(spec *v1alpha1.MetadataKeyRule, kind string, field topic.Field) {
	key, held := quoted(spec.Key), "variables."+kind+"s"
	old := "variables.old_" + kind + "s"
	v := topic.Violation{Problem: "the " + kind + " is missing", Limit: wanted(spec, kind)}
	first := ""
	if len(spec.OneOf) > 0 {
		first = spec.OneOf[0]
	}
	if example := cmp.Or(spec.Example, first); example != "" {
		v.Fix = fmt.Sprintf("set %s: %s", spec.Key, strconv.Quote(example))
	}
	if !spec.Optional {
		r.add(check{field: field, list: "!(" + key + " in " + held + ") && " + r.old(key+" in "+old) + " ? [" + r.says(field, v) + "] : []"})
	}
	var broken []string
	if len(spec.OneOf) > 0 {
		broken = append(broken, "!(t in "+quotedList(spec.OneOf)+")")
	}
	if spec.Pattern != "" {
		broken = append(broken, fmt.Sprintf("t.size() <= %d && !t.matches(%s)", mostMatched/len(whole(spec.Pattern)), quoted(whole(spec.Pattern))))
	}
	if len(broken) == 0 {
		return
	}
	v.Value, v.Problem = valueHole, "the "+kind+" is not what the policy wants"
	r.add(check{field: field, list: "(" + key + " in " + held + " ? [string(" + held + "[" + key + "])] : []).filter(t, (" + strings.Join(broken, " || ") + ") && " +
		r.old("!("+key+" in "+old+") || string("+old+"["+key+"]) != t") + ").map(t, " + r.says(field, v, quotedText("t")) + ")"})
}

// mostMatched is how large a text times a pattern may be, half of what an expression may cost: an annotation may be long.
const mostMatched = 20_000_000

func wanted(spec *v1alpha1.MetadataKeyRule, kind string) string {
	switch {
	case len(spec.OneOf) > 0:
		return "one of " + sortedQuoted(spec.OneOf)
	case spec.Pattern != "":
		return "the pattern " + spec.Pattern
	default:
		return "any value for the " + kind + " " + spec.Key
	}
}

// deletion renders the only deletion policies, where one is declared.
func (r *ruled) deletion(spec *v1alpha1.DeletionRule) {
	if spec.Protect != "" {
		r.leave("protect (" + string(spec.Protect) + ")")
	}
	if len(spec.OneOf) == 0 {
		return
	}
	allowed := make([]string, len(spec.OneOf))
	for i, one := range spec.OneOf {
		allowed[i] = string(one)
	}
	slices.Sort(allowed)
	field := topic.Of(topic.KindDeletion)
	said := r.says(field, topic.Violation{
		Value: valueHole, Problem: "not among what the policy allows", Limit: "one of " + strings.Join(allowed, ", "), Fix: "set deletionPolicy: " + allowed[0],
	}, "t")
	was := "has(variables.old.deletionPolicy) && string(variables.old.deletionPolicy) != t" // an absent one may have been the same by default
	r.add(check{field: field, list: "(has(variables.spec.deletionPolicy) ? [string(variables.spec.deletionPolicy)] : []).filter(t, !(t in " + quotedList(allowed) + ") && " +
		r.old(was) + ").map(t, " + said + ")"})
}
