package sync

import (
	"context"
	"time"

	"go.uber.org/zap"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/foreign"
	"github.com/topicgate/topicgate/pkg/topic"
)

// elsewhere follows the objects with which another product declares topics of this cluster. It watches them, rather than
// listing them once an audit interval: a list of 10,000 whole objects costs the API server more than a day of watching, and a
// topic that its operator has just made must not pass for an orphan until the next list. Whether the kind is there at all is
// asked once an audit interval, with a list of one object: its CRD may come and go, and so may the right to read it.
type elsewhere struct {
	operator v1alpha1.Operator
	// declared is nil where no watch is at work.
	declared *declarations
	askedAt  time.Time
	// known says that what is followed is all there is, be it nothing.
	known bool
	// told is what was logged last, so that it is logged once.
	told string
}

// firstLook is how long a round waits for a new watch to have shown everything.
const firstLook = 10 * time.Second

// elsewhere are the objects of other products that declare topics of the cluster, by topic name. As long as that is not known,
// it is what is remembered: a syncer that starts before the API server answers must forget nothing.
func (r *round) elsewhere() map[string]topic.Ref {
	if r.others.declared != nil && r.others.declared.shown() {
		return r.others.declared.byTopic()
	}
	if r.others.known || r.cluster.Spec.OperatedBy == nil {
		return nil
	}
	remembered := map[string]topic.Ref{}
	for name, entry := range r.ledger.entries {
		if entry.Elsewhere != (topic.Ref{}) {
			remembered[name] = entry.Elsewhere
		}
	}
	return remembered
}

// followElsewhere sees to it that the right objects are watched, if there are any. Only a look at all topics does.
func (r *round) followElsewhere(ctx context.Context) {
	operator := r.cluster.Spec.OperatedBy
	if operator == nil || r.Foreign == nil || len(topicVersions(operator.Kind)) == 0 {
		r.leaveElsewhere()
		return
	}
	if *operator != r.others.operator {
		r.leaveElsewhere()
		r.others.operator = *operator
	}
	if r.others.declared != nil {
		if !r.others.declared.lost.Load() {
			return
		}
		r.others.declared.stop()
		r.others.declared, r.others.askedAt, r.others.known = nil, time.Time{}, false
	}
	if r.now.Sub(r.others.askedAt) < auditInterval(r.cluster.Spec) {
		return
	}
	r.others.askedAt = r.now
	r.askElsewhere(ctx, *operator)
}

// askElsewhere begins to watch where there is something to watch.
func (r *round) askElsewhere(ctx context.Context, operator v1alpha1.Operator) {
	for _, version := range topicVersions(operator.Kind) {
		source := r.Foreign.Resource(version).Namespace(topicNamespace(operator))
		_, err := source.List(ctx, metav1.ListOptions{Limit: 1, LabelSelector: topicSelector(operator)})
		switch {
		case err == nil:
			r.watchElsewhere(ctx, operator, source)
			r.tellElsewhere("topics that another product declares are watched", zap.Stringer("resource", version))
			return
		case apierrors.IsNotFound(err):
		case apierrors.IsForbidden(err):
			r.others.known = true
			r.tellElsewhere("topics that another product declares are not seen: no right to read its objects", zap.Error(err))
			return
		default:
			r.Log.Warn("asking for topics that another product declares", zap.Error(err))
			return
		}
	}
	r.others.known = true
	r.tellElsewhere("topics that another product declares are not seen: its kind is not installed", zap.String("operator", string(operator.Kind)))
}

func (r *round) watchElsewhere(ctx context.Context, operator v1alpha1.Operator, source dynamic.ResourceInterface) {
	made := newDeclarations(operator, r.queue.Add)
	made.watch(context.WithoutCancel(ctx), source, topicSelector(operator))
	r.others.declared = made
	select {
	case <-made.first:
		r.others.known = true
	case <-ctx.Done():
	case <-time.After(firstLook): // what is remembered holds until then
	}
}

// leaveElsewhere ends the watch.
func (l *Loop) leaveElsewhere() {
	if l.others.declared != nil {
		l.others.declared.stop()
	}
	l.others = elsewhere{}
}

func (l *Loop) tellElsewhere(message string, field zap.Field) {
	if l.others.told != message {
		l.others.told = message
		l.Log.Info(message, field)
	}
}

// topicVersions are the versions of a product's kind of topics, the newest first; none where there is no such kind.
func topicVersions(kind v1alpha1.OperatorKind) []schema.GroupVersionResource {
	strimzi := schema.GroupResource{Group: foreign.StrimziGroup, Resource: "kafkatopics"}
	koperator := schema.GroupResource{Group: foreign.KoperatorGroup, Resource: "kafkatopics"}
	switch kind {
	case v1alpha1.OperatorStrimzi:
		return []schema.GroupVersionResource{strimzi.WithVersion("v1"), strimzi.WithVersion("v1beta2")}
	case v1alpha1.OperatorKoperator:
		return []schema.GroupVersionResource{koperator.WithVersion("v1alpha1")}
	case v1alpha1.OperatorRedpanda:
	}
	return nil
}

// topicNamespace is where the objects are: Strimzi's Topic Operator watches one namespace, that of its Kafka object unless it
// was told otherwise; Koperator's objects name their cluster from any namespace.
func topicNamespace(operator v1alpha1.Operator) string {
	if operator.Kind == v1alpha1.OperatorStrimzi {
		return operator.Namespace
	}
	return metav1.NamespaceAll
}

func topicSelector(operator v1alpha1.Operator) string {
	if operator.Kind == v1alpha1.OperatorStrimzi {
		return foreign.StrimziClusterLabel + "=" + operator.Name
	}
	return ""
}
