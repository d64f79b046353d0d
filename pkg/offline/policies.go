package offline

import (
	"github.com/topicgate/topicgate/pkg/offline/manifest"
	"github.com/topicgate/topicgate/pkg/policy"
)

// Compile makes a set of the policies and exceptions among manifests. Problems are what the webhook would refuse them for,
// warnings what it would tell.
func Compile(manifests Manifests) (set *policy.Set, problems, warnings []manifest.Problem) {
	var policies []*policy.Policy
	var exceptions []*policy.Exception
	for _, found := range manifests.Policies {
		compiled, wrong, unwise := policy.Compile(found.Object)
		policies = append(policies, compiled)
		what := "TopicPolicy " + found.Object.Name
		problems = append(problems, placed(found.Document, what, wrong)...)
		warnings = append(warnings, placed(found.Document, what, unwise)...)
	}
	for _, found := range manifests.Exceptions {
		compiled, wrong := policy.CompileException(found.Object)
		exceptions = append(exceptions, compiled)
		problems = append(problems, placed(found.Document, "TopicPolicyException "+found.Object.Name, wrong)...)
	}
	return policy.NewSet(policies, exceptions), problems, warnings
}

func placed(document manifest.Document, what string, problems []policy.Problem) []manifest.Problem {
	list := make([]manifest.Problem, len(problems))
	for i, problem := range problems {
		list[i] = manifest.Problem{Position: document.At(problem.Path), Text: what + ": " + problem.Path + ": " + problem.Text()}
	}
	return list
}
