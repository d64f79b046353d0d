package dialect

import "github.com/topicgate/topicgate/pkg/apis/v1alpha1"

// DefaultCluster is the name of the one KafkaCluster marked default; empty when none is, or more than one.
func DefaultCluster(clusters []v1alpha1.KafkaCluster) string {
	name := ""
	for i := range clusters {
		if clusters[i].Annotations[v1alpha1.DefaultClusterAnnotation] != "true" {
			continue
		}
		if name != "" {
			return ""
		}
		name = clusters[i].Name
	}
	return name
}
