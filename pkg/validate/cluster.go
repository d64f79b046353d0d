package validate

import (
	"strconv"
	"strings"

	"github.com/topicgate/topicgate/pkg/topic"
)

// clusterExists: an object names a cluster, and that cluster exists.
func clusterExists(in Input) finding {
	violation := topic.Violation{Field: topic.Of(topic.KindCluster), Source: "TopicGate"}
	switch {
	case in.Facts.Cluster != nil:
		return finding{}
	case in.New.Cluster == "":
		violation.Reason = topic.ClusterMissing
		violation.Problem = "names no KafkaCluster, and no single default fills it"
		violation.Limit = "one KafkaCluster that exists"
		violation.Fix = "set clusterRef.name" + choices(in.Facts.Clusters)
	default:
		violation.Reason = topic.ClusterNotFound
		violation.Value = strconv.Quote(in.New.Cluster)
		violation.Problem = "there is no KafkaCluster of that name"
		violation.Limit = "one KafkaCluster that exists"
		violation.Fix = "ask the platform team for its name" + choices(in.Facts.Clusters)
	}
	return refuse(violation)
}

// choices lists what would pass; tenants cannot list clusters themselves, so a refusal has to say it.
func choices(names []string) string {
	if len(names) == 0 {
		return " (none admits this namespace yet)"
	}
	if len(names) > 5 {
		names = append(names[:5:5], "…")
	}
	return " (this namespace is admitted by: " + strings.Join(names, ", ") + ")"
}

// namespaceAdmitted: the cluster's namespaceSelector admits the object's namespace.
func namespaceAdmitted(in Input) finding {
	if in.Facts.Cluster == nil || in.Facts.Cluster.AdmitsNamespace {
		return finding{}
	}
	return refuse(topic.Violation{
		Field:   topic.Of(topic.KindCluster),
		Reason:  topic.NamespaceNotAdmitted,
		Value:   strconv.Quote(in.New.Cluster),
		Problem: "does not admit topics of namespace " + strconv.Quote(in.New.Ref.Namespace),
		Limit:   "namespaces that its namespaceSelector matches",
		Source:  in.clusterSource(),
		Fix:     "ask the platform team to label the namespace" + choices(in.Facts.Clusters),
	})
}

// factsFresh: says once that rules about the brokers could not be relied on.
func factsFresh(in Input) finding {
	if in.Facts.Cluster == nil || in.Facts.Cluster.Stale == "" {
		return finding{}
	}
	return warn(topic.Violation{
		Field:   topic.Of(topic.KindCluster),
		Reason:  topic.FactsMissing,
		Value:   strconv.Quote(in.New.Cluster),
		Problem: "not checked against the brokers: " + in.Facts.Cluster.Stale + "; the syncer checks again",
	})
}
