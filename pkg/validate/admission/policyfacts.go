package admission

import (
	"maps"

	corev1 "k8s.io/api/core/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// namespaceFacts are what policies may know of a namespace.
func namespaceFacts(namespace *corev1.Namespace) policy.Namespace {
	return policy.Namespace{Name: namespace.Name, Labels: namespace.Labels, Annotations: namespace.Annotations, Known: true}
}

// racks counts the racks of the brokers.
func racks(brokers []v1alpha1.Broker) int64 {
	names := make([]string, len(brokers))
	for i := range brokers {
		names[i] = brokers[i].Rack
	}
	return topic.Racks(names)
}

// basisOf is what amounts depend on where an object is judged. The age of the facts is none of it.
func basisOf(in validate.Input) basis {
	cluster := in.ForPolicies().Facts.Cluster
	cluster.Stale = ""
	return basis{set: in.Facts.Policies, cluster: cluster, namespace: in.Facts.Namespace}
}

// same says whether amounts worked out on one basis hold on another, sets apart. It is asked in every review; the table of
// configs, which is costly to compare, is that of the version.
func (b basis) same(other basis) bool {
	one, two := b.cluster, other.cluster
	return one.Name == two.Name && one.Version == two.Version &&
		one.DefaultPartitions == two.DefaultPartitions && one.DefaultReplicas == two.DefaultReplicas &&
		(one.ConfigDefaults == nil) == (two.ConfigDefaults == nil) && maps.Equal(one.ConfigDefaults, two.ConfigDefaults) &&
		b.namespace.Name == other.namespace.Name && maps.Equal(b.namespace.Labels, other.namespace.Labels)
}

// amount is what a KafkaTopic of the cache counts.
func (b basis) amount(object *v1alpha1.KafkaTopic) policy.Usage {
	return b.set.Amount(policy.Input{New: dialect.Declared(object), Facts: policy.Facts{Cluster: b.cluster, Namespace: b.namespace}})
}
