package sync

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/sync/status"
	"github.com/topicgate/topicgate/pkg/topic"
)

// strays looks after KafkaTopics that no loop looks after: their cluster does not exist, or they name none.
type strays struct{ *Supervisor }

func registerStrays(mgr ctrl.Manager, s *Supervisor) error {
	topics := handler.EnqueueRequestsFromMapFunc(s.topicsOf)
	err := ctrl.NewControllerManagedBy(mgr).Named("stray-kafkatopic").
		For(&v1alpha1.KafkaTopic{}).
		Watches(&v1alpha1.KafkaCluster{}, topics, builder.WithPredicates(predicate.AnnotationChangedPredicate{})).
		Complete(strays{s})
	if err != nil {
		return fmt.Errorf("watching KafkaTopics without a cluster: %w", err)
	}
	return nil
}

// topicsOf are the topics whose fate may change with a KafkaCluster's coming or going.
func (s *Supervisor) topicsOf(ctx context.Context, cluster client.Object) []reconcile.Request {
	var list v1alpha1.KafkaTopicList
	if err := s.deps.Client.List(ctx, &list, client.UnsafeDisableDeepCopy); err != nil {
		return nil
	}
	var requests []reconcile.Request
	for i := range list.Items {
		if named := dialect.ClusterName(&list.Items[i]); named == "" || named == cluster.GetName() {
			requests = append(requests, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(&list.Items[i])})
		}
	}
	return requests
}

// Reconcile tells a stray why nothing happens, or lets it go: without a cluster, no deletion reaches a topic.
func (s strays) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	var object v1alpha1.KafkaTopic
	if err := s.deps.Client.Get(ctx, request.NamespacedName, &object); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	name := s.clusterOf(&object)
	if name != "" {
		err := s.deps.Client.Get(ctx, client.ObjectKey{Name: name}, &v1alpha1.KafkaCluster{})
		if !apierrors.IsNotFound(err) {
			return ctrl.Result{}, err
		}
	}
	if object.DeletionTimestamp != nil {
		return ctrl.Result{}, s.letGo(ctx, &object)
	}
	// It may only be early: a cluster applied together with its topics is a moment behind them.
	if age := s.deps.Now().Sub(object.CreationTimestamp.Time); age < strayPatience {
		return ctrl.Result{RequeueAfter: strayPatience - age + time.Second}, nil
	}
	return ctrl.Result{}, s.tell(ctx, &object, name)
}

const strayPatience = 2 * time.Second

func (s strays) letGo(ctx context.Context, object *v1alpha1.KafkaTopic) error {
	if !dialect.Declared(object).Finalized {
		return nil
	}
	s.deps.Log.Info("released", zap.String("namespace", object.Namespace), zap.String("name", object.Name),
		zap.Bool("topicKept", true), zap.String("reason", "its KafkaCluster does not exist"))
	_, err := editFinalizer(ctx, s.deps.Client, object, withoutFinalizer)
	return client.IgnoreNotFound(err)
}

func (s strays) tell(ctx context.Context, object *v1alpha1.KafkaTopic, cluster string) error {
	refusal := plan.Refusal{Reason: topic.ClusterNotFound, Message: fmt.Sprintf("there is no KafkaCluster %q", cluster)}
	if cluster == "" {
		refusal = plan.Refusal{Reason: topic.ClusterMissing, Message: "the object names no KafkaCluster, and no single default fills it: set spec.clusterRef.name"}
	}
	after := status.Refused(object.Status, object.Generation, status.Cluster{}, refusal, s.deps.Now())
	if equality.Semantic.DeepEqual(object.Status, after) {
		return nil
	}
	patch := &v1alpha1.KafkaTopic{Status: after}
	patch.Name, patch.Namespace, patch.UID = object.Name, object.Namespace, object.UID
	_, err := applyStatus(ctx, s.deps.Client, "KafkaTopic", patch)
	return client.IgnoreNotFound(err)
}
