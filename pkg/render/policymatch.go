package render

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

const (
	// effectiveName and effectiveCluster are for match conditions, which know no variables. The cluster is empty where neither
	// the spec nor the status names one.
	effectiveName    = "object.?spec.?topicName.orValue(object.metadata.name)"
	effectiveCluster = "object.?spec.?clusterRef.?name.orValue(object.?status.?cluster.?name.orValue(''))"
	// note is kubectl's, and no annotation of anybody's.
	note = "kubectl.kubernetes.io/last-applied-configuration"
)

// conditions say which requests the policy is about. A namespace's labels are the binding's to select by.
func (s *sheet) conditions() []admissionv1.MatchCondition {
	match := s.object.Spec.Match
	conditions := []admissionv1.MatchCondition{
		{Name: "spec-labels-or-annotations-changed", Expression: "request.operation != 'UPDATE' || object.?spec != oldObject.?spec ||\n" +
			"object.metadata.?labels.orValue({}) != oldObject.metadata.?labels.orValue({}) ||\n" +
			differs("object", "oldObject") + " ||\n" + differs("oldObject", "object")},
		{Name: "not-being-deleted", Expression: "!has((object == null ? oldObject : object).metadata.deletionTimestamp)"},
	}
	add := func(name, expression string) {
		conditions = append(conditions, admissionv1.MatchCondition{Name: name, Expression: expression})
	}
	if match.Clusters != nil {
		add("clusters", effectiveCluster+" != '' && "+globbed(effectiveCluster, match.Clusters))
	}
	if match.TopicNames != nil {
		add("topic-names", globbed(effectiveName, match.TopicNames))
	}
	if match.TopicSelector != nil {
		add("topic-labels", selected(*match.TopicSelector))
	}
	if match.Exclude != nil {
		add("not-excluded", "!("+globbed("request.namespace", match.Exclude.Namespaces)+") && !("+globbed(effectiveName, match.Exclude.TopicNames)+")")
	}
	return conditions
}

// differs is true where one object has an annotation that the other has not, or has otherwise.
func differs(one, other string) string {
	held := other + ".metadata.?annotations.orValue({})"
	return "!" + one + ".metadata.?annotations.orValue({}).all(k, k == " + quoted(note) + " || k in " + held + " && " +
		held + "[k] == " + one + ".metadata.annotations[k])"
}

// globs are sorted by what it costs to match them.
type globs struct {
	exact, prefixes, suffixes []string
	// pattern matches all others; empty for none.
	pattern string
}

func sortedGlobs(all []string) (g globs) {
	var others []string
	for _, glob := range all {
		first, last, starred := strings.Cut(glob, "*")
		switch {
		case !starred:
			g.exact = append(g.exact, glob)
		case last == "":
			g.prefixes = append(g.prefixes, first)
		case first == "" && !strings.Contains(last, "*"):
			g.suffixes = append(g.suffixes, last)
		default:
			others = append(others, strings.ReplaceAll(regexp.QuoteMeta(glob), `\*`, ".*"))
		}
	}
	if len(others) > 0 {
		g.pattern = "(?s)^(?:" + strings.Join(others, "|") + ")$"
	}
	return g
}

// cost is about what matching a text of a hundred characters costs.
func (g globs) cost() int {
	return len(g.exact) + 9*(len(g.prefixes)+len(g.suffixes)) + 10*len(g.pattern)/4
}

// globbed is true where one of the globs matches the whole text; false for no globs.
func globbed(text string, all []string) string {
	g, either := sortedGlobs(all), []string{}
	if len(g.exact) > 0 {
		either = append(either, text+" in "+quotedList(g.exact))
	}
	if len(g.prefixes) > 0 {
		either = append(either, quotedList(g.prefixes)+".exists(g, "+text+".startsWith(g))")
	}
	if len(g.suffixes) > 0 {
		either = append(either, quotedList(g.suffixes)+".exists(g, "+text+".endsWith(g))")
	}
	if g.pattern != "" {
		either = append(either, text+".matches("+quoted(g.pattern)+")")
	}
	if len(either) == 0 {
		return "false"
	}
	return "(" + strings.Join(either, " || ") + ")"
}

// selected is true where the object's labels match. The API server's own object selector would ask the old ones too.
func selected(selector metav1.LabelSelector) string {
	const labels = "object.metadata.?labels.orValue({})"
	all := []string{"true"}
	for _, key := range slices.Sorted(maps.Keys(selector.MatchLabels)) {
		all = append(all, fmt.Sprintf("%s in %s && object.metadata.labels[%s] == %s", quoted(key), labels, quoted(key), quoted(selector.MatchLabels[key])))
	}
	for _, one := range selector.MatchExpressions {
		has := quoted(one.Key) + " in " + labels
		in := "object.metadata.labels[" + quoted(one.Key) + "] in " + quotedList(one.Values)
		switch one.Operator {
		case metav1.LabelSelectorOpIn:
			all = append(all, has+" && "+in)
		case metav1.LabelSelectorOpNotIn:
			all = append(all, "!("+has+" && "+in+")")
		case metav1.LabelSelectorOpExists:
			all = append(all, has)
		case metav1.LabelSelectorOpDoesNotExist:
			all = append(all, "!("+has+")")
		}
	}
	return strings.Join(all, " && ")
}

// exceptionVariables say which exceptions may cover the object; a cluster that is not known may be any.
func (s *sheet) exceptionVariables() []variable {
	variables := make([]variable, len(s.exceptions))
	for i, exception := range s.exceptions {
		match, all := exception.Spec.Match, []string{"true"}
		if match.Clusters != nil {
			all = append(all, "(variables.cluster == '' || "+globbed("variables.cluster", match.Clusters)+")")
		}
		if match.Namespaces != nil {
			all = append(all, globbed("request.namespace", match.Namespaces))
		}
		if match.TopicNames != nil {
			all = append(all, globbed("variables.name", match.TopicNames))
		}
		variables[i] = variable{fmt.Sprintf("exception%d", i+1), strings.Join(all, " && ")}
	}
	return variables
}

// excepted is true where an exception may cover the object, for that rule; empty where none can.
func (s *sheet) excepted(rule string) string {
	var any []string
	for i, exception := range s.exceptions {
		if slices.ContainsFunc(exception.Spec.Policies, func(p v1alpha1.ExceptedPolicy) bool {
			return p.Name == s.object.Name && (len(p.Rules) == 0 || slices.Contains(p.Rules, rule))
		}) {
			any = append(any, fmt.Sprintf("variables.exception%d", i+1))
		}
	}
	return strings.Join(any, " || ")
}
