package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/topicgate/topicgate/pkg/adopt"
	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/audit/inventory"
	"github.com/topicgate/topicgate/pkg/audit/world"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/topic"
)

var (
	errWhichCluster   = errors.New("several KafkaClusters are there and none is the default; name one with --cluster-name")
	errNoClusters     = errors.New("there is no KafkaCluster")
	errAnotherCluster = errors.New("the brokers of --bootstrap are another Kafka cluster")
)

// surveyed is what Kubernetes knows of one cluster's topics, and what they are judged by.
type surveyed struct {
	read      auditObjects
	cluster   *v1alpha1.KafkaCluster
	world     audit.World
	manifests offline.Manifests
	notes     []string
}

// survey reads what is known of the cluster of a name, as far as the caller may.
func survey(ctx context.Context, from connection, name string, now time.Time, stderr io.Writer) (surveyed, error) {
	reader, read, err := gather(ctx, from, stderr)
	if err != nil {
		return surveyed{}, err
	}
	cluster, err := pick(read.clusters, name)
	if err != nil {
		return surveyed{}, badInput(err)
	}
	return reader.around(ctx, read, cluster, now)
}

// gather reads what all commands about topics start from.
func gather(ctx context.Context, from connection, stderr io.Writer) (*auditReader, auditObjects, error) {
	c, err := from.client()
	if err != nil {
		return nil, auditObjects{}, err
	}
	namespace, err := from.namespace()
	if err != nil {
		return nil, auditObjects{}, err
	}
	reader := &auditReader{client: c, progress: progressOf(stderr), namespace: namespace}
	read, err := reader.read(ctx, nil)
	return reader, read, err
}

// around is what is known of one cluster.
func (r *auditReader) around(ctx context.Context, read auditObjects, cluster *v1alpha1.KafkaCluster, now time.Time) (surveyed, error) {
	found := surveyed{read: read, cluster: cluster}
	found.world = world.Of(world.Input{
		Now: now, Cluster: cluster, Entries: inventory.Entries(cluster.Name, read.shards, cluster.Status.InventoryShards),
		Topics: read.topics, DefaultCluster: dialect.DefaultCluster(read.clusters), Namespaces: read.namespaces, Exceptions: read.exceptions,
	})
	var err error
	if found.manifests, err = r.judgedBy(ctx, read); err != nil {
		return found, unreachable(err)
	}
	found.notes = r.notes
	if found.world.Cluster.Incomplete != "" {
		found.notes = append(found.notes, "not every topic is known: "+found.world.Cluster.Incomplete)
	}
	return found, nil
}

// pick finds the cluster that is meant.
func pick(clusters []v1alpha1.KafkaCluster, name string) (*v1alpha1.KafkaCluster, error) {
	switch {
	case name != "":
	case len(clusters) == 0:
		return nil, errNoClusters
	case len(clusters) == 1:
		return &clusters[0], nil
	default:
		if name = dialect.DefaultCluster(clusters); name == "" {
			return nil, errWhichCluster
		}
	}
	at := slices.IndexFunc(clusters, func(c v1alpha1.KafkaCluster) bool { return c.Name == name })
	if at < 0 {
		return nil, fmt.Errorf("KafkaCluster %s: %w", name, errNoCluster)
	}
	return &clusters[at], nil
}

// judgedBy are the objects that manifests are judged by. Policies that may not be listed do not judge, which is noted.
func (r *auditReader) judgedBy(ctx context.Context, read auditObjects) (offline.Manifests, error) {
	made := offline.Manifests{Clusters: founds(read.clusters), Inventories: founds(read.shards)}
	for _, object := range read.topics {
		made.Topics = append(made.Topics, offline.Found[v1alpha1.KafkaTopic]{Object: object})
	}
	for _, object := range read.exceptions {
		made.Exceptions = append(made.Exceptions, offline.Found[v1alpha1.TopicPolicyException]{Object: object})
	}
	err := pages(ctx, r, pageSize, func(l *corev1.NamespaceList) { made.Namespaces = append(made.Namespaces, founds(l.Items)...) })
	if err != nil && !apierrors.IsForbidden(err) { // that they may not be read has been noted
		return made, err
	}
	err = pages(ctx, r, pageSize, func(l *v1alpha1.TopicPolicyList) { made.Policies = append(made.Policies, founds(l.Items)...) })
	if apierrors.IsForbidden(err) {
		r.notes = append(r.notes, "you may not list TopicPolicies, so none of them is asked")
		return made, nil
	}
	return made, err
}

func founds[T any](items []T) []offline.Found[T] {
	made := make([]offline.Found[T], len(items))
	for i := range items {
		made[i].Object = &items[i]
	}
	return made
}

// readLive asks the brokers what the chosen topics are now, and returns those that they do not show.
func (b *brokerFlags) readLive(ctx context.Context, found *surveyed, chosen []audit.Topic) ([]adopt.Left, error) {
	if len(chosen) == 0 {
		return nil, nil
	}
	snapshot, err := b.observe(ctx, found.cluster, chosen)
	if err != nil {
		return nil, err
	}
	var gone []adopt.Left
	for i := range chosen {
		seen, why := described(snapshot, chosen[i].Name)
		if why != "" {
			gone = append(gone, adopt.Left{Topic: chosen[i].Name, Why: why})
			continue
		}
		chosen[i].TopicID, chosen[i].Partitions, chosen[i].Replicas, chosen[i].Config = seen.ID, seen.Partitions, seen.Replicas, seen.Config
		found.setLive(&chosen[i])
	}
	return gone, nil
}

// observe describes topics on the brokers, which must be those of the cluster.
func (b *brokerFlags) observe(ctx context.Context, cluster *v1alpha1.KafkaCluster, chosen []audit.Topic) (topic.Snapshot, error) {
	client, err := b.dial()
	if err != nil {
		return topic.Snapshot{}, err
	}
	defer client.Close()
	names := make([]string, len(chosen))
	for i := range chosen {
		names[i] = chosen[i].Name
	}
	snapshot, err := client.Observe(ctx, names)
	switch {
	case err != nil && ctx.Err() == nil:
		return snapshot, unreachable(fmt.Errorf("asking the brokers: %s", kafka.Classify(err).Message))
	case err != nil:
		return snapshot, err
	}
	return snapshot, sameCluster(cluster, snapshot.ClusterID)
}

// sameCluster refuses brokers that are not the KafkaCluster's, as far as both are known.
func sameCluster(cluster *v1alpha1.KafkaCluster, id string) error {
	if known := cluster.Status.ClusterID; known != "" && id != "" && known != id {
		return badInput(fmt.Errorf("%w: %s, and KafkaCluster %s is %s", errAnotherCluster, id, cluster.Name, known))
	}
	return nil
}

// described is a topic as the brokers show it, or why they do not show it.
func described(snapshot topic.Snapshot, name string) (seen topic.Observed, why string) {
	seen, there := snapshot.Topics[name]
	switch why := snapshot.Unknown[name]; {
	case why != "":
		return seen, "the brokers do not describe it: " + why
	case !there:
		return seen, "the brokers have no such topic now"
	case !seen.ConfigKnown:
		return seen, "the brokers do not show its configs: DESCRIBE_CONFIGS is needed on it"
	}
	return seen, ""
}

// setLive has the engine judge by what the brokers say now.
func (s *surveyed) setLive(one *audit.Topic) {
	for i := range s.read.shards {
		for j := range s.read.shards[i].Topics {
			if into := &s.read.shards[i].Topics[j]; s.read.shards[i].Cluster == s.cluster.Name && into.Name == one.Name {
				into.TopicID, into.Partitions, into.Replicas, into.Config = one.TopicID, one.Partitions, one.Replicas, one.Config
			}
		}
	}
}

// completeClusters are the names of KafkaClusters, for shells.
func completeClusters(command *cobra.Command, from connection) ([]string, cobra.ShellCompDirective) {
	return (&auditOptions{from: from}).completeClusters(command, nil, "")
}
