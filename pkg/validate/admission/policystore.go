package admission

import (
	"sync"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
)

// policyStore keeps what is compiled, and makes a set of it when one is asked for: hundreds of events in a row cost one.
type policyStore struct {
	policies   *compiledKind[*v1alpha1.TopicPolicy, policy.Policy]
	exceptions *compiledKind[*v1alpha1.TopicPolicyException, policy.Exception]

	changes  *atomic.Int64 // counts them
	building sync.Mutex
	built    atomic.Pointer[builtSet]
}

// compilePolicy leaves out what is only unwise: it was told when the policy was applied.
func compilePolicy(object *v1alpha1.TopicPolicy) (*policy.Policy, []policy.Problem) {
	made, problems, _ := policy.Compile(object)
	return made, problems
}

// builtSet is a set with the count of changes that were in it for sure.
type builtSet struct {
	*policy.Set
	changes int64
}

func newPolicyStore(metrics *Metrics) *policyStore {
	s := &policyStore{changes: &atomic.Int64{}}
	changed := func() { s.changes.Add(1) }
	s.policies = newCompiledKind(compilePolicy, changed)
	s.policies.count = metrics.known
	s.exceptions = newCompiledKind(policy.CompileException, changed)
	return s
}

// set is everything that is known now.
func (s *policyStore) set() *policy.Set {
	if built := s.current(); built != nil {
		return built
	}
	s.building.Lock()
	defer s.building.Unlock()
	if built := s.current(); built != nil {
		return built
	}
	counted := s.changes.Load() // before the look: what changes during it has the next review build again
	made := policy.NewSet(s.policies.all(""), s.exceptions.all(""))
	s.built.Store(&builtSet{made, counted})
	return made
}

func (s *policyStore) current() *policy.Set {
	if built := s.built.Load(); built != nil && built.changes == s.changes.Load() {
		return built.Set
	}
	return nil
}

// compiledKind is all objects of one kind, each compiled once for a spec.
type compiledKind[O client.Object, T any] struct {
	compile func(O) (*T, []policy.Problem)
	changed func()
	count   func(ready, invalid int) // nil counts nothing

	mu     sync.Mutex
	byName map[string]compiled[T]
}

type compiled[T any] struct {
	uid        types.UID
	generation int64
	made       *T
	invalid    bool
}

func newCompiledKind[O client.Object, T any](compile func(O) (*T, []policy.Problem), changed func()) *compiledKind[O, T] {
	return &compiledKind[O, T]{compile: compile, changed: changed, byName: map[string]compiled[T]{}}
}

// put takes an object as it is now. One whose spec is as before costs nothing.
func (k *compiledKind[O, T]) put(object O) {
	k.mu.Lock()
	defer k.mu.Unlock()
	before, known := k.byName[object.GetName()]
	if known && before.uid == object.GetUID() && before.generation == object.GetGeneration() {
		return
	}
	made, problems := k.compile(object)
	k.byName[object.GetName()] = compiled[T]{object.GetUID(), object.GetGeneration(), made, len(problems) > 0}
	k.tell()
}

// drop forgets an object, unless another one of its name has taken its place.
func (k *compiledKind[O, T]) drop(object O) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byName[object.GetName()].uid == object.GetUID() {
		delete(k.byName, object.GetName())
		k.tell()
	}
}

func (k *compiledKind[O, T]) tell() {
	k.changed()
	if k.count == nil {
		return
	}
	invalid := 0
	for _, one := range k.byName {
		if one.invalid {
			invalid++
		}
	}
	k.count(len(k.byName)-invalid, invalid)
}

// all are the compiled objects but for the one of a name.
func (k *compiledKind[O, T]) all(but string) []*T {
	k.mu.Lock()
	defer k.mu.Unlock()
	list := make([]*T, 0, len(k.byName))
	for name, one := range k.byName {
		if name != but && one.made != nil {
			list = append(list, one.made)
		}
	}
	return list
}
