package validate

import (
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
)

// addPolicies adds what the TopicPolicies say, which ratchet by themselves.
func addPolicies(verdict Verdict, in Input) Verdict {
	if in.Facts.Policies.Empty() || in.Facts.Cluster == nil {
		return verdict
	}
	verdict.Policies = in.Facts.Policies.Evaluate(in.ForPolicies())
	return merge(verdict, finding{violations: verdict.Policies.Violations, warnings: verdict.Policies.Warnings})
}

// ForPolicies is what policies judge the object by. It needs Facts.Cluster.
func (in Input) ForPolicies() policy.Input {
	cluster := in.Facts.Cluster
	asked := policy.Input{New: in.New, Facts: policy.Facts{
		Now: in.Facts.Now, Namespace: in.Facts.Namespace, Usage: in.Facts.Usage,
		Cluster: policy.Cluster{
			Name: cluster.Name, Version: cluster.Version, Configs: cluster.Configs,
			Brokers: cluster.LiveBrokers, Racks: cluster.Racks,
			DefaultPartitions: cluster.DefaultPartitions, DefaultReplicas: cluster.DefaultReplicas,
			ConfigDefaults: cluster.ConfigDefaults, DefaultDeletion: cluster.DefaultDeletion, Stale: cluster.Stale,
		},
	}}
	if in.Facts.Live != nil {
		asked.Facts.Live = &in.Facts.Live.Observed
	} else if in.Op == Sync { // it has just looked: the topic is not there, and will be made anew
		asked.New.Recorded = topic.Recorded{}
	}
	return in.addBefore(asked)
}

// addBefore adds what counts as the object before: the old object of an update, else the topic that is to be taken over.
func (in Input) addBefore(asked policy.Input) policy.Input {
	live := in.Facts.Live
	switch {
	case in.Old != nil:
		asked.Old = in.Old
	case live != nil && (live.Owned || in.mayTake()):
		old := live.As(in.New)
		if !live.ConfigKnown { // nothing tells whether it is worse than before; the syncer, which sees it, does
			old.Config = in.New.Config
		}
		asked.Old, asked.Found = &old, !live.Owned
	}
	return asked
}
