package admission

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
	"github.com/topicgate/topicgate/pkg/validate"
)

// clusterFacts is what the rules may know of a cluster: its spec, applied to the namespace, and what the syncer last wrote
// into its status.
func (l *Lookup) clusterFacts(ctx context.Context, cluster *v1alpha1.KafkaCluster, namespace *corev1.Namespace) (*validate.Cluster, error) {
	spec, status := cluster.Spec, cluster.Status
	admits, err := selects(spec.NamespaceSelector, namespace)
	if err != nil {
		return nil, fmt.Errorf("reading KafkaCluster %q: spec.namespaceSelector: %w", cluster.Name, err)
	}
	mayAdopt := false
	if spec.Adoption != nil {
		if mayAdopt, err = selects(spec.Adoption.NamespaceSelector, namespace); err != nil {
			return nil, fmt.Errorf("reading KafkaCluster %q: spec.adoption.namespaceSelector: %w", cluster.Name, err)
		}
	}
	stale, err := l.stale(ctx, cluster)
	if err != nil {
		return nil, err
	}
	version := versionOf(cluster)
	facts := &validate.Cluster{
		Name: cluster.Name, ID: status.ClusterID,
		Version: version, Configs: l.tables.of(version), ConfigKeys: status.ConfigKeys,
		Naming:          naming.Mode(cmp.Or(string(spec.Naming), string(naming.Explicit))),
		Reserved:        naming.Reservations{Add: spec.ReservedNames.Add, Except: spec.ReservedNames.Except},
		AdmitsNamespace: admits, MayAdopt: mayAdopt,
		Protection:      cmp.Or(string(spec.Deletion.Protection), validate.ProtectInUse),
		DefaultDeletion: topic.DeletionPolicy(spec.Deletion.Default),
		LiveBrokers:     int64(len(status.Brokers)), MaxBrokers: status.MaxBrokersSeen,
		UnknownConfig: string(spec.UnknownConfig), Tiering: topicconfig.TieringOf(status.TieredStorage),
		Stale: stale, Racks: racks(status.Brokers),
	}
	if defaults := status.TopicDefaults; defaults != nil {
		facts.DefaultPartitions, facts.DefaultReplicas, facts.ConfigDefaults = defaults.Partitions, defaults.Replicas, defaults.Config
	}
	if facts.ConfigDefaults == nil && len(status.ConfigKeys) > 0 { // both are told together: there are none
		facts.ConfigDefaults = map[string]string{}
	}
	return facts, nil
}

func versionOf(cluster *v1alpha1.KafkaCluster) string {
	if cluster.Spec.KafkaVersion != "" || cluster.Status.KafkaVersion == nil {
		return cluster.Spec.KafkaVersion
	}
	return cluster.Status.KafkaVersion.Value
}

// stale says why what is known of the brokers cannot be relied on; empty when it can. Facts age from the moment since
// which the brokers do not answer, or no syncer is alive to ask them.
func (l *Lookup) stale(ctx context.Context, cluster *v1alpha1.KafkaCluster) (string, error) {
	if cluster.Status.ClusterID == "" {
		return "the brokers were never seen yet", nil
	}
	var age time.Duration
	reachable := meta.FindStatusCondition(cluster.Status.Conditions, v1alpha1.ConditionReachable)
	if reachable != nil && reachable.Status == metav1.ConditionFalse {
		age = l.Now().Sub(reachable.LastTransitionTime.Time)
	}
	if l.SyncerLease.Name != "" {
		var lease coordinationv1.Lease
		err := l.Cache.Get(ctx, l.SyncerLease, &lease)
		if apierrors.IsNotFound(err) || err == nil && lease.Spec.RenewTime == nil {
			return "facts of unknown age, for no syncer holds the lease " + l.SyncerLease.String(), nil
		}
		if err != nil {
			return "", fmt.Errorf("looking up the syncer's lease %s: %w", l.SyncerLease, err)
		}
		age = max(age, l.Now().Sub(lease.Spec.RenewTime.Time))
	}
	if age <= l.FactsMaxAge {
		return "", nil
	}
	return "facts " + inWords(age) + " old", nil
}

// inWords is an age in its largest unit, rounded down.
func inWords(age time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case age >= 2*day:
		return fmt.Sprintf("%d days", age/day)
	case age >= 2*time.Hour:
		return fmt.Sprintf("%d h", age/time.Hour)
	case age >= 2*time.Minute:
		return fmt.Sprintf("%d min", age/time.Minute)
	default:
		return fmt.Sprintf("%d s", age/time.Second)
	}
}

// tables keeps the table of each Kafka version that was asked for: a table costs more to build than a review to judge. Its
// zero value is ready for use.
type tables struct{ byVersion sync.Map }

func (t *tables) of(version string) topicconfig.Table {
	known, ok := t.byVersion.Load(version)
	if !ok {
		known, _ = t.byVersion.LoadOrStore(version, topicconfig.For(version))
	}
	table, _ := known.(topicconfig.Table) // nothing else is ever stored
	return table
}
