package policy

import (
	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

// Policy is a compiled TopicPolicy.
type Policy struct {
	Name       string
	Generation int64
}

// Exception is a compiled TopicPolicyException.
type Exception struct{ Name string }

// Compile reads a policy. With problems that are not warnings there is no policy.
func Compile(object *v1alpha1.TopicPolicy) (*Policy, []Problem) {
	return &Policy{Name: object.Name}, nil
}

// CompileException reads an exception. With problems there is no exception.
func CompileException(object *v1alpha1.TopicPolicyException) (*Exception, []Problem) {
	return &Exception{Name: object.Name}, nil
}

// Evaluate judges a topic by every rule of every policy that matches it.
func (s *Set) Evaluate(in Input) Result { return Result{} }

// Default is a value that a policy fills in where the object leaves it out.
type Default struct {
	Value       string
	Policy      string
	AtAdmission bool
}

// Defaults are what policies fill in.
type Defaults struct {
	Partitions, Replicas *Default
	Config               map[string]Default
}

// Defaults are what the matching policies fill in for an object that leaves it out.
func (s *Set) Defaults(in Input) Defaults { return Defaults{} }

// Setting is a value that a topic will have, and whose it is.
type Setting struct {
	Value string
	// Source says whose: the object, the topic on the brokers, TopicPolicy x, the brokers, Kafka 4.4; empty when not known.
	Source string
}

// Effective is what a topic will have.
type Effective struct {
	Partitions, Replicas Setting
	Config               map[string]Setting
}

// Effective is what the topic will have, and whose each value is.
func (s *Set) Effective(in Input) Effective { return Effective{} }

// Amount is what one topic counts against quotas.
func (s *Set) Amount(in Input) Usage { return Usage{} }

// HasQuotas says that some rule needs to know the usage of namespaces.
func (s *Set) HasQuotas() bool { return false }

// Contradiction is why no topic can satisfy a policy, or why it is beaten.
type Contradiction struct {
	// Policy and Rule are who cannot be satisfied; Others name the policies on the other side, if any.
	Policy, Rule string
	Others       []string
	// Cluster is set where the brokers are what stands against it.
	Cluster string
	Message string
}

// Contradictions are what no topic can satisfy, among the policies and on the given clusters.
func (s *Set) Contradictions(clusters []Cluster) []Contradiction { return nil }

// Protection is what matching policies protect a topic from being deleted by: the strictest word, empty for none, with the
// rules that say so, as policy/rule.
func (s *Set) Protection(in Input) (protect string, rules []string) { return "", nil }
