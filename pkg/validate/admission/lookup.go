package admission

import (
	"context"
	"fmt"
	"sort"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// Lookup finds the facts that rules need. What it returns an error about could not be found out, and nothing may be
// concluded from it.
type Lookup struct {
	// Cache is the shared cache, set up by Prepare. What it returns is never changed.
	Cache client.Reader
	// Direct reads past the cache; it confirms what is about to be refused because of what the cache shows.
	Direct client.Reader
	// Now tells the time.
	Now func() time.Time
	// FactsMaxAge is from what age on facts about the brokers only warn.
	FactsMaxAge time.Duration
	// SyncerLease is the lease that a living syncer renews; the zero key says that there is none to look at.
	SyncerLease client.ObjectKey
	// Policies are the TopicPolicies; nil for none.
	Policies *Policies

	tables tables
}

// Facts are what the rules may know beyond the object, for its creation or change.
func (l *Lookup) Facts(ctx context.Context, op validate.Op, object topic.Declared) (validate.Facts, error) {
	facts, own, clusters, err := l.surroundings(ctx, object)
	if err != nil || own == nil {
		return facts, err
	}
	twins := sharing(own, clusters)
	seen, err := l.onBrokers(ctx, object, twins)
	if err != nil {
		return facts, err
	}
	facts.Live, facts.Colliding = seen.live, seen.colliding
	facts.Claims, err = l.claims(ctx, op, object, twins, facts.Live)
	return facts, err
}

// DeletionFacts are what the rules may know beyond the object, for its deletion.
func (l *Lookup) DeletionFacts(ctx context.Context, object topic.Declared) (validate.Facts, error) {
	facts, _, _, err := l.surroundings(ctx, object)
	return facts, err
}

// surroundings are the object's namespace and its cluster, which is nil where there is none of that name.
func (l *Lookup) surroundings(ctx context.Context, object topic.Declared) (validate.Facts, *v1alpha1.KafkaCluster, []v1alpha1.KafkaCluster, error) {
	facts := validate.Facts{Now: l.Now()}
	namespace, err := l.namespace(ctx, object.Ref.Namespace)
	if err != nil {
		return facts, nil, nil, err
	}
	facts.NamespaceTerminating = namespace.DeletionTimestamp != nil
	facts.Namespace = namespaceFacts(namespace)
	if facts.Policies, err = l.Policies.set(); err != nil {
		return facts, nil, nil, err
	}
	clusters, err := l.clusters(ctx)
	if err != nil {
		return facts, nil, nil, err
	}
	facts.Clusters = admitting(clusters, namespace)
	own, err := l.cluster(ctx, object.Cluster, clusters)
	if err != nil || own == nil {
		return facts, nil, clusters, err
	}
	facts.Cluster, err = l.clusterFacts(ctx, own, namespace)
	return facts, own, clusters, err
}

// namespace is the object's namespace. It exists, for the API server has looked; so where the cache lacks it yet, the API
// server is asked.
func (l *Lookup) namespace(ctx context.Context, name string) (*corev1.Namespace, error) {
	namespace := &corev1.Namespace{}
	err := l.Cache.Get(ctx, client.ObjectKey{Name: name}, namespace)
	if apierrors.IsNotFound(err) {
		err = l.Direct.Get(ctx, client.ObjectKey{Name: name}, namespace)
	}
	if err != nil {
		return nil, fmt.Errorf("looking up namespace %q: %w", name, err)
	}
	return namespace, nil
}

func (l *Lookup) clusters(ctx context.Context) ([]v1alpha1.KafkaCluster, error) {
	var list v1alpha1.KafkaClusterList
	if err := l.Cache.List(ctx, &list); err != nil {
		return nil, fmt.Errorf("listing KafkaClusters: %w", err)
	}
	return list.Items, nil
}

// cluster is the cluster of a name, nil when there is none. One that was applied a moment ago, perhaps in the same file,
// is not in the cache yet.
func (l *Lookup) cluster(ctx context.Context, name string, clusters []v1alpha1.KafkaCluster) (*v1alpha1.KafkaCluster, error) {
	if name == "" {
		return nil, nil //nolint:nilnil // no cluster is an answer, not a failure
	}
	for i := range clusters {
		if clusters[i].Name == name {
			return &clusters[i], nil
		}
	}
	fresh := &v1alpha1.KafkaCluster{}
	err := l.Direct.Get(ctx, client.ObjectKey{Name: name}, fresh)
	switch {
	case apierrors.IsNotFound(err):
		return nil, nil //nolint:nilnil // no cluster is an answer, not a failure
	case err != nil:
		return nil, fmt.Errorf("looking up KafkaCluster %q: %w", name, err)
	default:
		return fresh, nil
	}
}

// admitting are the names of clusters that admit a namespace, sorted. A selector that cannot be read admits nobody.
func admitting(clusters []v1alpha1.KafkaCluster, namespace *corev1.Namespace) []string {
	var names []string
	for i := range clusters {
		if admits, err := selects(clusters[i].Spec.NamespaceSelector, namespace); err == nil && admits {
			names = append(names, clusters[i].Name)
		}
	}
	sort.Strings(names)
	return names
}

// selects applies a selector as KafkaCluster means it: absent selects nothing, {} everything.
func selects(selector *metav1.LabelSelector, namespace *corev1.Namespace) (bool, error) {
	if selector == nil {
		return false, nil
	}
	compiled, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return false, err
	}
	return compiled.Matches(labels.Set(namespace.Labels)), nil
}

// sharing are the clusters that speak for the same brokers as own, itself included, by name.
func sharing(own *v1alpha1.KafkaCluster, clusters []v1alpha1.KafkaCluster) map[string]*v1alpha1.KafkaCluster {
	twins := map[string]*v1alpha1.KafkaCluster{own.Name: own}
	for i := range clusters {
		if id := clusters[i].Status.ClusterID; id != "" && id == own.Status.ClusterID {
			twins[clusters[i].Name] = &clusters[i]
		}
	}
	return twins
}
