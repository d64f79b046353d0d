package render

import (
	"cmp"
	"slices"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
)

// cel renders an expression that reads only what the API server shows it as the webhook does.
func (r *ruled) cel(spec *v1alpha1.CELRule) {
	env, err := celEnv()
	if err != nil {
		r.leave(err.Error())
		return
	}
	for _, text := range []string{spec.Expression, spec.MessageExpression} {
		if !static(env, text) {
			r.leave("its expression reads what is not in labels, annotations, partitions, replicas, topicName and deletionPolicy")
			return
		}
	}
	holds := inParentheses(spec.Expression)
	// An absent spec is an empty one to the webhook.
	passes := "(!has(object.spec) || variables.update && !has(oldObject.spec) || " + holds + ")"
	if r.ratchet {
		// What the expression says of the old object as if it had been new then.
		passes += " ||\n  variables.update && [dyn(oldObject)].exists(object, [dyn(null)].exists(oldObject, [dyn({'operation': 'CREATE'})].exists(request, !" + holds + ")))"
	}
	field, _ := celField(spec.Field)
	fixed := cmp.Or(spec.Message, "failed expression: "+policy.OneLine(spec.Expression))
	said := r.says(field, topic.Violation{Problem: hole}, celMessage(spec.MessageExpression, fixed))
	r.add(check{
		field: field, list: passes + " ? [] : [" + said + "]", expression: passes, message: said,
		fallback: policy.OneLine("breaks 1 rule: * " + r.text(field, topic.Violation{Problem: fixed})),
	})
}

// inParentheses holds an expression together; a comment at its end ends with its line.
func inParentheses(expression string) string { return "(" + expression + "\n)" }

// celMessage is what is wrong in the words of the rule's author, and what is fixed where those say nothing.
func celMessage(expression, fixed string) string {
	if expression == "" {
		return quoted(fixed)
	}
	return "[string" + inParentheses(expression) + "].map(m, m.trim() == '' || m.matches('[\\\\r\\\\n]') ? " + quoted(fixed) + " : m.trim())[0]"
}

// celField is the field that a path names.
func celField(path string) (topic.Field, bool) {
	kind, key, _ := strings.Cut(strings.TrimSuffix(path, "]"), "[")
	fields := map[string]topic.Field{
		"": topic.Of(topic.KindSpec), "spec": topic.Of(topic.KindSpec), "metadata": topic.Of(topic.KindObject), "metadata.name": topic.Of(topic.KindObjectName),
		"spec.topicName": topic.Of(topic.KindTopicName), "spec.clusterRef.name": topic.Of(topic.KindCluster), "spec.partitions": topic.Of(topic.KindPartitions),
		"spec.replicas": topic.Of(topic.KindReplicas), "spec.unmanagedConfig": topic.Of(topic.KindUnmanaged), "spec.deletionPolicy": topic.Of(topic.KindDeletion),
		"spec.config": topic.ConfigField(key), "metadata.labels": topic.LabelField(key), "metadata.annotations": topic.AnnotationField(key),
	}
	field, known := fields[kind]
	return field, known
}

// static says whether an expression reads only members that the API server and the webhook show alike. An empty one reads
// nothing.
func static(env *cel.Env, text string) bool {
	if text == "" {
		return true
	}
	checked, issues := env.Compile(text)
	if issues.Err() != nil {
		return false // topic, cluster and usage are TopicGate's own
	}
	object := []string{
		"metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations",
		"spec.partitions", "spec.replicas", "spec.topicName", "spec.deletionPolicy",
	}
	readable := map[string][]string{
		"object": object, "oldObject": object, "request": {"operation"}, "variables": {},
		"namespaceObject": {"metadata.name", "metadata.labels", "metadata.annotations"},
	}
	root := ast.NavigateAST(checked.NativeRep())
	for _, identifier := range ast.MatchDescendants(root, ast.KindMatcher(ast.IdentKind)) {
		paths, bound := readable[identifier.AsIdent()]
		if bound && !slices.Contains(paths, path(identifier)) && (identifier.AsIdent() != "oldObject" || !comparedToNull(identifier)) {
			return false
		}
	}
	return true
}

// path is the first two members that are read of a variable, and of the request the first.
func path(identifier ast.NavigableExpr) string {
	var members []string
	most := 2
	if identifier.AsIdent() == "request" {
		most = 1
	}
	for at := identifier; len(members) < most; {
		parent, some := at.Parent()
		member, is := memberOf(parent, at, some)
		if !is {
			break
		}
		members, at = append(members, member), parent
	}
	return strings.Join(members, ".")
}

// memberOf is the member that an expression reads of the one below it.
func memberOf(parent, of ast.NavigableExpr, some bool) (string, bool) {
	switch {
	case !some:
		return "", false
	case parent.Kind() == ast.SelectKind:
		return parent.AsSelect().FieldName(), true
	case parent.Kind() == ast.CallKind && parent.AsCall().FunctionName() == operators.OptSelect && parent.AsCall().Args()[0].ID() == of.ID():
		name, is := parent.AsCall().Args()[1].AsLiteral().(types.String)
		return string(name), is
	}
	return "", false
}

// comparedToNull says whether a variable is only compared to null.
func comparedToNull(identifier ast.NavigableExpr) bool {
	parent, some := identifier.Parent()
	if !some || parent.Kind() != ast.CallKind {
		return false
	}
	call := parent.AsCall()
	if name := call.FunctionName(); name != operators.Equals && name != operators.NotEquals {
		return false
	}
	return slices.ContainsFunc(call.Args(), func(arg ast.Expr) bool { return arg.Kind() == ast.LiteralKind && arg.AsLiteral() == types.NullValue })
}
