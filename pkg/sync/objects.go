package sync

import (
	"context"
	"fmt"

	"go.uber.org/zap"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
)

// topicCRD is the definition whose deletion deletes every KafkaTopic, and must delete no topic.
const topicCRD = "kafkatopics.topicgate.io"

// gatherObjects turns the cluster's KafkaTopics into what the plan speaks, with the cluster's selectors applied.
func (r *round) gatherObjects(ctx context.Context) error {
	namespaces, err := r.namespaceRights(ctx)
	if err != nil {
		return err
	}
	list := r.store.all()
	r.objects = make([]plan.Object, 0, len(list))
	r.stored = make(map[topic.Ref]stored, len(list))
	parents := newParents(r.Direct, r.Log)
	for _, found := range list {
		declared := found.declared
		declared.Cluster = r.name
		rights := namespaces[declared.Ref.Namespace]
		object := plan.Object{
			Declared: declared, AdmitsNamespace: rights.admits, MayAdopt: rights.adopts, Namespace: rights.namespace,
		}
		if declared.Deleting && declared.Finalized && r.inScope(declared.TopicName) {
			object.Parent = parents.of(ctx, declared.Ref.Namespace)
		}
		r.objects = append(r.objects, object)
		r.stored[declared.Ref] = found
	}
	return nil
}

type rights struct {
	admits, adopts bool
	namespace      policy.Namespace
}

// namespaceRights applies the cluster's selectors to every namespace.
func (r *round) namespaceRights(ctx context.Context) (map[string]rights, error) {
	admits, err := selector(r.cluster.Spec.NamespaceSelector)
	if err != nil {
		return nil, failure{topic.Failure{Reason: topic.SpecInvalid, Message: "spec.namespaceSelector: " + err.Error()}}
	}
	adopts := labels.Nothing()
	if adoption := r.cluster.Spec.Adoption; adoption != nil {
		if adopts, err = selector(adoption.NamespaceSelector); err != nil {
			return nil, failure{topic.Failure{Reason: topic.SpecInvalid, Message: "spec.adoption.namespaceSelector: " + err.Error()}}
		}
	}
	var namespaces corev1.NamespaceList
	if err := r.Client.List(ctx, &namespaces, client.UnsafeDisableDeepCopy); err != nil {
		return nil, fmt.Errorf("listing namespaces: %w", err)
	}
	found := make(map[string]rights, len(namespaces.Items))
	for i := range namespaces.Items {
		namespace := &namespaces.Items[i]
		set := labels.Set(namespace.Labels)
		found[namespace.Name] = rights{admits.Matches(set), adopts.Matches(set), policy.Namespace{
			Name: namespace.Name, Labels: namespace.Labels, Annotations: namespace.Annotations, Known: true,
		}}
	}
	return found, nil
}

// selector reads a label selector as KafkaCluster means it: absent selects nothing, {} everything.
func selector(from *metav1.LabelSelector) (labels.Selector, error) {
	if from == nil {
		return labels.Nothing(), nil
	}
	return metav1.LabelSelectorAsSelector(from)
}

// parents looks up, past every cache and once a round, whether namespaces and the CRD are being deleted: both are marked
// before their children, so a look after a child's mark settles whose deletion it is (law 5).
type parents struct {
	direct client.Reader
	log    *zap.Logger
	crd    plan.Parent
	known  map[string]plan.Parent
}

func newParents(direct client.Reader, log *zap.Logger) *parents {
	return &parents{direct: direct, log: log, known: map[string]plan.Parent{}}
}

func (p *parents) of(ctx context.Context, namespace string) plan.Parent {
	if p.crd == "" {
		p.crd = p.look(ctx, client.ObjectKey{Name: topicCRD}, &apiextensionsv1.CustomResourceDefinition{})
	}
	if p.crd != plan.ParentAlive {
		return p.crd
	}
	if _, looked := p.known[namespace]; !looked {
		p.known[namespace] = p.look(ctx, client.ObjectKey{Name: namespace}, &corev1.Namespace{})
	}
	return p.known[namespace]
}

// look finds a parent gone or going, alive, or, after an error, unknown: then nothing is deleted.
func (p *parents) look(ctx context.Context, key client.ObjectKey, parent client.Object) plan.Parent {
	err := p.direct.Get(ctx, key, parent)
	switch {
	case apierrors.IsNotFound(err):
		return plan.ParentTerminating
	case err != nil:
		p.log.Warn("looking up whether a parent is being deleted", zap.String("name", key.Name), zap.Error(err))
		return ""
	case parent.GetDeletionTimestamp() != nil:
		return plan.ParentTerminating
	default:
		return plan.ParentAlive
	}
}
