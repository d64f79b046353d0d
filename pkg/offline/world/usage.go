package world

import (
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/validate"
)

// account is what a quota is about.
type account struct{ namespace, cluster string }

// ledger is what the topics of an account count, each by itself: a sum that has reached its limit cannot be taken apart.
type ledger struct {
	amounts map[string]policy.Usage
	// changed are the topics that were put in or taken out since they were counted.
	changed []string
}

// used is what the other topics of the object's namespace have on its cluster.
func (w *World) used(in *validate.Input) policy.Usage {
	key := account{in.New.Ref.Namespace, in.New.Cluster}
	held := w.usage[key]
	if held == nil {
		held = &ledger{amounts: map[string]policy.Usage{}}
		w.usage[key] = held
		for name := range w.objects.topics {
			if name.Namespace == key.namespace {
				held.changed = append(held.changed, name.Name)
			}
		}
	}
	w.count(key, held, in.Facts)
	var sum policy.Usage
	for name, amount := range held.amounts {
		if name != in.New.Ref.Name {
			sum = sum.Add(amount)
		}
	}
	return sum
}

// count brings a ledger up to date.
func (w *World) count(key account, held *ledger, facts validate.Facts) {
	facts.Live, facts.Usage = nil, nil
	for _, name := range held.changed {
		delete(held.amounts, name)
		object := w.objects.topics[client.ObjectKey{Namespace: key.namespace, Name: name}]
		if object != nil && dialect.ClusterName(object) == key.cluster {
			in := validate.Input{New: dialect.Declared(object), Facts: facts}
			held.amounts[name] = w.policies.Amount(in.ForPolicies())
		}
	}
	held.changed = nil
}

// recount has a topic counted anew.
func (w *World) recount(namespace, name string) {
	for key, held := range w.usage {
		if key.namespace == namespace {
			held.changed = append(held.changed, name)
		}
	}
}
