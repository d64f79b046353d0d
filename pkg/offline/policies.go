package offline

import (
	"github.com/topicgate/topicgate/pkg/offline/manifest"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/validate"
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

// ForPolicies is what a set of policies is asked by, for what is not a verdict: effective values and amounts.
func ForPolicies(in validate.Input) policy.Input {
	asked := policy.Input{New: in.New, Old: in.Old, Facts: policy.Facts{
		Now: in.Facts.Now, Namespace: in.Facts.Namespace, Usage: in.Facts.Usage,
	}}
	if cluster := in.Facts.Cluster; cluster != nil {
		asked.Facts.Cluster = policy.Cluster{
			Name: cluster.Name, Version: cluster.Version, Configs: cluster.Configs,
			Brokers: cluster.LiveBrokers, Racks: cluster.Racks,
			DefaultPartitions: cluster.DefaultPartitions, DefaultReplicas: cluster.DefaultReplicas,
			ConfigDefaults: cluster.ConfigDefaults, DefaultDeletion: cluster.DefaultDeletion, Stale: cluster.Stale,
		}
	}
	if in.Facts.Live != nil {
		asked.Facts.Live = &in.Facts.Live.Observed
	}
	return asked
}
