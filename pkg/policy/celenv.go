package policy

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/cel-go/cel"
	"k8s.io/apimachinery/pkg/util/version"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/apiserver/pkg/cel/library"
)

var (
	errCELType = errors.New("of the wrong type")
	errBudget  = errors.New("the policies' expressions together cost too much for one topic")
)

// celVersion is the Kubernetes version whose CEL libraries expressions may use: one that every supported API server has, so
// that an expression can move to a ValidatingAdmissionPolicy and back.
func celVersion() *version.Version { return version.MajorMinor(1, 33) }

// mostExpression bounds an expression: parsing and checking one of 10 KiB takes milliseconds.
const mostExpression = 10 << 10

// celEnv is the environment of Kubernetes' own policies, with our variables. Those of topic, cluster and usage are typed
// one by one, so that a misspelt one is an error when the policy is applied.
func celEnv() (*cel.Env, error) {
	set, err := environment.MustBaseEnvSet(celVersion()).Extend(environment.VersionedOptions{
		IntroducedVersion: version.MajorMinor(1, 0),
		EnvOptions: []cel.EnvOption{
			cel.Variable("object", cel.DynType), cel.Variable("oldObject", cel.DynType),
			cel.Variable("namespaceObject", cel.DynType), cel.Variable("request.operation", cel.StringType),
			cel.Variable("topic.name", cel.StringType), cel.Variable("topic.partitions", cel.IntType),
			cel.Variable("topic.replicas", cel.IntType), cel.Variable("topic.config", cel.MapType(cel.StringType, cel.StringType)),
			cel.Variable("topic.sources", cel.MapType(cel.StringType, cel.StringType)),
			cel.Variable("cluster.name", cel.StringType), cel.Variable("cluster.version", cel.StringType),
			cel.Variable("cluster.brokers", cel.IntType), cel.Variable("cluster.racks", cel.IntType),
			cel.Variable("usage.topics", cel.IntType), cel.Variable("usage.partitions", cel.IntType), cel.Variable("usage.replicas", cel.IntType),
		},
		ProgramOptions: []cel.ProgramOption{cel.CostTracking(&library.CostEstimator{})},
	})
	if err != nil {
		return nil, fmt.Errorf("building the CEL environment: %w", err)
	}
	return set.Env(environment.StoredExpressions)
}

// expression is a compiled CEL expression.
type expression struct {
	program cel.Program
	// needs are the variables that it reads.
	needs map[string]bool
}

// compileCEL compiles an expression that must be of a type.
func compileCEL(env *cel.Env, text string, want *cel.Type) (*expression, error) {
	if len(text) > mostExpression {
		return nil, fmt.Errorf("longer than %d bytes: %w", mostExpression, errCELType)
	}
	ast, issues := env.Compile(text)
	if err := issues.Err(); err != nil {
		return nil, fmt.Errorf("compiling: %w%s", err, knownMembers(err.Error()))
	}
	if got := ast.OutputType(); !got.IsExactType(want) && !got.IsExactType(cel.DynType) && !got.IsExactType(cel.AnyType) {
		return nil, fmt.Errorf("%w: want %s, got %s", errCELType, want, got)
	}
	program, err := env.Program(ast)
	if err != nil {
		return nil, fmt.Errorf("compiling: %w", err)
	}
	compiled := &expression{program: program, needs: map[string]bool{}}
	for _, reference := range ast.NativeRep().ReferenceMap() {
		if reference.Name != "" {
			compiled.needs[reference.Name] = true
		}
	}
	return compiled, nil
}

// knownMembers says what there is, where CEL knows no member of a variable: it then knows nothing of the variable itself.
func knownMembers(problem string) string {
	for variable, members := range map[string]string{
		"topic": "name, partitions, replicas, config and sources", "cluster": "name, version, brokers and racks",
		"usage": "topics, partitions and replicas", "request": "operation",
	} {
		if strings.Contains(problem, "undeclared reference to '"+variable+"'") {
			return "; " + variable + " has " + members
		}
	}
	return ""
}

func (e *expression) readsUsage() bool {
	return e.needs["usage.topics"] || e.needs["usage.partitions"] || e.needs["usage.replicas"]
}

// eval runs an expression, at most at the cost that one may have, and that all have together for one topic.
func (e *expression) eval(s *subject, variables map[string]any) (any, error) {
	if *s.cost >= celconfig.RuntimeCELCostBudget {
		return nil, errBudget
	}
	value, details, err := e.program.Eval(variables)
	if details != nil && details.ActualCost() != nil {
		*s.cost += *details.ActualCost()
	}
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	return value.Value(), nil
}
