package admission

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/validate"
)

// namespaceFacts are what policies may know of a namespace.
func namespaceFacts(namespace *corev1.Namespace) policy.Namespace {
	return policy.Namespace{Name: namespace.Name, Labels: namespace.Labels, Annotations: namespace.Annotations, Known: true}
}

// forPolicies is what policies may know of a cluster.
func forPolicies(cluster *validate.Cluster) policy.Cluster {
	return policy.Cluster{
		Name: cluster.Name, Version: cluster.Version, Configs: cluster.Configs,
		Brokers: cluster.LiveBrokers, Racks: cluster.Racks,
		DefaultPartitions: cluster.DefaultPartitions, DefaultReplicas: cluster.DefaultReplicas,
		ConfigDefaults: cluster.ConfigDefaults, DefaultDeletion: cluster.DefaultDeletion, Stale: cluster.Stale,
	}
}

// racks counts the racks of brokers; one that has none is a rack of its own.
func racks(brokers []v1alpha1.Broker) int64 {
	named, alone := map[string]struct{}{}, 0
	for _, broker := range brokers {
		if broker.Rack == "" {
			alone++
			continue
		}
		named[broker.Rack] = struct{}{}
	}
	return int64(len(named) + alone)
}

// basisOf is what amounts depend on where an object is judged by these facts. Their age is none of it.
func basisOf(facts *validate.Facts) basis {
	cluster := forPolicies(facts.Cluster)
	cluster.Stale = ""
	return basis{set: facts.Policies, cluster: cluster, namespace: facts.Namespace}
}

// amount is what a KafkaTopic of the cache counts.
func (b basis) amount(object *v1alpha1.KafkaTopic) policy.Usage {
	return b.set.Amount(policy.Input{
		New: dialect.Declared(object), Facts: policy.Facts{Cluster: b.cluster, Namespace: b.namespace},
	})
}
