package offline

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

// Surround is what is around objects that are judged: facts, with the clusters and namespaces that are given along in place
// of those of the same names. A status is believed only of facts.
func Surround(facts, given Manifests) Manifests {
	status := map[string]v1alpha1.KafkaClusterStatus{}
	for _, found := range facts.Clusters {
		status[found.Object.Name] = found.Object.Status
	}
	clusters := make([]Found[v1alpha1.KafkaCluster], len(given.Clusters))
	for i, found := range given.Clusters {
		cluster := found.Object.DeepCopy()
		cluster.Status = status[cluster.Name]
		clusters[i] = Found[v1alpha1.KafkaCluster]{cluster, found.Document}
	}
	return Manifests{
		Topics:      facts.Topics,
		Inventories: facts.Inventories,
		Clusters:    join(facts.Clusters, clusters),
		Namespaces:  join(facts.Namespaces, given.Namespaces),
	}
}

// JoinPolicies are the policies and exceptions of all manifests; of two with one name the later counts.
func JoinPolicies(manifests ...Manifests) Manifests {
	var joined Manifests
	for _, more := range manifests {
		joined.Policies = join(joined.Policies, more.Policies)
		joined.Exceptions = join(joined.Exceptions, more.Exceptions)
	}
	return joined
}

// named is a pointer to an object of Kubernetes.
type named[T any] interface {
	*T
	metav1.Object
}

// join puts objects together; of two with one name the later counts.
func join[T any, P named[T]](first, later []Found[T]) []Found[T] {
	taken := map[string]bool{}
	for _, found := range later {
		taken[P(found.Object).GetName()] = true
	}
	var joined []Found[T]
	for _, found := range first {
		if !taken[P(found.Object).GetName()] {
			joined = append(joined, found)
		}
	}
	return append(joined, later...)
}

// JoinTopics puts topics together; of two with one name the later counts.
func JoinTopics(first, later []Found[v1alpha1.KafkaTopic]) []Found[v1alpha1.KafkaTopic] {
	taken := index(later)
	var joined []Found[v1alpha1.KafkaTopic]
	for _, found := range first {
		if taken[keyOf(found)] == nil {
			joined = append(joined, found)
		}
	}
	return append(joined, later...)
}
