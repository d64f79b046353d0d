package testutil

import (
	"maps"

	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
	"github.com/topicgate/topicgate/pkg/validate"
)

// Cluster is a Kafka 4.4 of three brokers that admits the namespace and lets it adopt nothing.
func Cluster() validate.Cluster {
	return validate.Cluster{
		Name: ClusterName, ID: ClusterID, Version: "4.4", Configs: topicconfig.For("4.4"), Naming: naming.Explicit,
		AdmitsNamespace: true, Protection: validate.ProtectInUse, DefaultDeletion: topic.Retain,
		LiveBrokers: 3, MaxBrokers: 3, DefaultReplicas: 3,
	}
}

// Facts are those of Cluster, at Start.
func Facts() validate.Facts {
	cluster := Cluster()
	return validate.Facts{Now: Start(), Cluster: &cluster, Clusters: []string{ClusterName}}
}

// Live is a topic on the brokers whose ID is id-NAME, with topic-level configs given as key, value, key, value.
func Live(name string, partitions, replicas int64, configs ...string) topic.Observed {
	seen := topic.Observed{
		Name: name, ID: "id-" + name, Partitions: partitions, Replicas: replicas, ConfigKnown: true, Config: map[string]string{},
	}
	for i := 0; i+1 < len(configs); i += 2 {
		seen.Config[configs[i]] = configs[i+1]
	}
	return seen
}

// Snapshot is a complete look that showed these topics.
func Snapshot(seen ...topic.Observed) topic.Snapshot {
	snapshot := topic.Snapshot{ClusterID: ClusterID, Complete: true, Topics: map[string]topic.Observed{}}
	for _, one := range seen {
		one.Config = maps.Clone(one.Config)
		snapshot.Topics[one.Name] = one
	}
	return snapshot
}
