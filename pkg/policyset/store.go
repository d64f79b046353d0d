// Package policyset keeps TopicPolicies and their exceptions compiled while they come and go, for whoever watches them: each
// is compiled once a change, and a set is made when one is asked for.
package policyset

import (
	"sync"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
)

// Store keeps what is compiled, and makes a set of it when one is asked for: hundreds of events in a row cost one.
type Store struct {
	Policies   *Kind[*v1alpha1.TopicPolicy, policy.Policy]
	Exceptions *Kind[*v1alpha1.TopicPolicyException, policy.Exception]

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

// New makes an empty store. Whichever is not nil is told: count how many policies there are that compile, and that do not;
// changed that the next set is another one.
func New(count func(ready, invalid int), changed func()) *Store {
	s := &Store{changes: &atomic.Int64{}}
	tell := func() {
		s.changes.Add(1)
		if changed != nil {
			changed()
		}
	}
	s.Policies = newKind(compilePolicy, tell)
	s.Policies.count = count
	s.Exceptions = newKind(policy.CompileException, tell)
	return s
}

// Set is everything that is known now.
func (s *Store) Set() *policy.Set {
	if built := s.current(); built != nil {
		return built
	}
	s.building.Lock()
	defer s.building.Unlock()
	if built := s.current(); built != nil {
		return built
	}
	counted := s.changes.Load() // before the look: what changes during it has the next review build again
	made := policy.NewSet(s.Policies.All(""), s.Exceptions.All(""))
	s.built.Store(&builtSet{made, counted})
	return made
}

func (s *Store) current() *policy.Set {
	if built := s.built.Load(); built != nil && built.changes == s.changes.Load() {
		return built.Set
	}
	return nil
}

// Kind is all objects of one kind, each compiled once for a spec.
type Kind[O client.Object, T any] struct {
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
	problems   []policy.Problem
}

func newKind[O client.Object, T any](compile func(O) (*T, []policy.Problem), changed func()) *Kind[O, T] {
	return &Kind[O, T]{compile: compile, changed: changed, byName: map[string]compiled[T]{}}
}

// Put takes an object as it is now. One whose spec is as before costs nothing.
func (k *Kind[O, T]) Put(object O) {
	k.mu.Lock()
	defer k.mu.Unlock()
	before, known := k.byName[object.GetName()]
	if known && before.uid == object.GetUID() && before.generation == object.GetGeneration() {
		return
	}
	made, problems := k.compile(object)
	k.byName[object.GetName()] = compiled[T]{object.GetUID(), object.GetGeneration(), made, problems}
	k.tell()
}

// Drop forgets an object, unless another one of its name has taken its place.
func (k *Kind[O, T]) Drop(object O) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byName[object.GetName()].uid == object.GetUID() {
		delete(k.byName, object.GetName())
		k.tell()
	}
}

func (k *Kind[O, T]) tell() {
	k.changed()
	if k.count == nil {
		return
	}
	invalid := 0
	for _, one := range k.byName {
		if len(one.problems) > 0 {
			invalid++
		}
	}
	k.count(len(k.byName)-invalid, invalid)
}

// All are the compiled objects but for the one of a name.
func (k *Kind[O, T]) All(but string) []*T {
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

// Problems are what is wrong with the object of a name, as it was last put.
func (k *Kind[O, T]) Problems(name string) []policy.Problem {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.byName[name].problems
}
