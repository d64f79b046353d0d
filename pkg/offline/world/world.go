package world

import (
	"cmp"
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/pkg/validate/admission"
)

// World holds the objects around those that are judged. It is for one goroutine.
type World struct {
	objects  *objects
	lookup   *admission.Lookup
	policies *policy.Set
	now      time.Time
	// madeUp are the namespaces that nothing is known of.
	madeUp map[string]bool
	// usage is what namespaces use, kept because a quota asks for it with every topic of a namespace.
	usage map[account]*ledger
	// assumed says that no KafkaCluster is known, so each that is named is taken to exist.
	assumed bool
}

// FactsMaxAge is from what age on facts about the brokers are not relied on; the webhook's own default.
const FactsMaxAge = 15 * time.Minute

// New makes a world of what is known: clusters, namespaces, inventories and the topics of facts. The topics that are to be
// judged come later, through Set.
func New(known offline.Manifests, policies *policy.Set, now time.Time) *World {
	o := &objects{
		topics: map[client.ObjectKey]*v1alpha1.KafkaTopic{}, byName: map[string][]client.ObjectKey{},
		namespaces: map[string]*corev1.Namespace{}, shardsOf: map[string][]int{},
	}
	for _, found := range known.Namespaces {
		o.namespaces[found.Object.Name] = labelled(found.Object)
	}
	for _, found := range known.Clusters {
		o.clusters = append(o.clusters, *found.Object)
	}
	for _, found := range known.Inventories {
		o.addShard(found.Object)
	}
	w := &World{objects: o, policies: policies, now: now, usage: map[account]*ledger{}, madeUp: map[string]bool{}, assumed: len(o.clusters) == 0}
	for _, found := range known.Topics {
		o.put(w.filled(found.Object))
	}
	w.lookup = &admission.Lookup{Cache: o, Direct: o, Now: func() time.Time { return now }, FactsMaxAge: FactsMaxAge}
	return w
}

// Assumed says that no KafkaCluster is known, so that each one that is named is taken to exist.
func (w *World) Assumed() bool { return w.assumed }

// Topic is the KafkaTopic of a name as it is now; nil where there is none.
func (w *World) Topic(namespace, name string) *v1alpha1.KafkaTopic {
	return w.objects.topics[client.ObjectKey{Namespace: namespace, Name: name}]
}

// Set puts a KafkaTopic into the world, or takes it out where it is nil.
func (w *World) Set(namespace, name string, object *v1alpha1.KafkaTopic) {
	w.recount(namespace, name)
	if object == nil {
		w.objects.remove(namespace, name)
		return
	}
	w.objects.put(w.filled(object))
}

// filled is an object with the cluster that the webhook fills in, by which claims are looked up.
func (w *World) filled(object *v1alpha1.KafkaTopic) *v1alpha1.KafkaTopic {
	if dialect.ClusterName(object) != "" || w.fallback() == "" {
		return object
	}
	filled := *object
	filled.Spec.ClusterRef = &v1alpha1.ClusterRef{Name: w.fallback()}
	return &filled
}

// fallback is the cluster of objects that name none; empty where no single one is marked as the default.
func (w *World) fallback() string {
	if w.assumed {
		return offline.UnnamedCluster
	}
	return dialect.DefaultCluster(w.objects.clusters)
}

// Input is everything that a verdict on an object rests on. Old is nil where there was none before. What the API server and
// the syncer wrote into the object is taken from the world, never from a file.
func (w *World) Input(op validate.Op, old, object *v1alpha1.KafkaTopic) (validate.Input, error) {
	in := validate.Input{Op: op, New: w.declared(object)}
	if old != nil {
		declared := w.declared(old)
		if in.New.Cluster == "" { // on an update an absent field is filled from the old object
			in.New.Cluster = declared.Cluster
		}
		in.Old = &declared
	}
	w.assume(&in)
	w.assumeNamespace(in.New.Ref.Namespace)
	w.assumeCluster(in.New.Cluster)
	var err error
	if op == validate.Delete {
		in.Facts, err = w.lookup.DeletionFacts(context.Background(), in.New)
	} else {
		in.Facts, err = w.lookup.Facts(context.Background(), op, in.New)
	}
	if err != nil {
		return in, fmt.Errorf("looking up the facts about %s: %w", in.New.Ref, err)
	}
	w.addPolicies(&in)
	return in, nil
}

// declared is what an object declares, with what the world knows of it beyond its file.
func (w *World) declared(object *v1alpha1.KafkaTopic) topic.Declared {
	merged := *object
	merged.UID, merged.CreationTimestamp, merged.Status = "", metav1.Time{}, v1alpha1.KafkaTopicStatus{}
	if stored := w.Topic(object.Namespace, object.Name); stored != nil {
		merged.UID, merged.CreationTimestamp, merged.Status = stored.UID, stored.CreationTimestamp, stored.Status
	}
	declared := dialect.Declared(&merged)
	if merged.UID == "" {
		declared.Ref.UID = w.ownerUID(declared)
	}
	return declared
}

// ownerUID is the UID that the inventory remembers of an object which no facts hold.
func (w *World) ownerUID(declared topic.Declared) string {
	for _, i := range w.objects.shardsOf[naming.CollisionKey(declared.TopicName)] {
		for _, entry := range w.objects.shards[i].Topics {
			owner := entry.Object
			if owner != nil && entry.Name == declared.TopicName && owner.Namespace == declared.Ref.Namespace && owner.Name == declared.Ref.Name {
				return owner.UID
			}
		}
	}
	return ""
}

// assume fills in the cluster that the webhook would fill in.
func (w *World) assume(in *validate.Input) {
	in.New.Cluster = cmp.Or(in.New.Cluster, w.fallback())
	if in.Old != nil {
		in.Old.Cluster = cmp.Or(in.Old.Cluster, in.New.Cluster)
	}
}

// assumeNamespace makes a namespace up where it is not known: it has the one label that every namespace has.
func (w *World) assumeNamespace(name string) {
	if w.objects.namespaces[name] == nil {
		w.objects.namespaces[name] = labelled(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}})
		w.madeUp[name] = true
	}
}

// labelled is a namespace with the label that the API server gives to every one.
func labelled(namespace *corev1.Namespace) *corev1.Namespace {
	namespace = namespace.DeepCopy()
	if namespace.Labels == nil {
		namespace.Labels = map[string]string{}
	}
	namespace.Labels[corev1.LabelMetadataName] = namespace.Name
	return namespace
}

// assumeCluster makes a cluster up where none are known: it admits everybody, and its brokers were never seen.
func (w *World) assumeCluster(name string) {
	if !w.assumed || name == "" {
		return
	}
	for i := range w.objects.clusters {
		if w.objects.clusters[i].Name == name {
			return
		}
	}
	made := v1alpha1.KafkaCluster{ObjectMeta: metav1.ObjectMeta{Name: name}}
	made.Spec.NamespaceSelector = &metav1.LabelSelector{}
	w.objects.clusters = append(w.objects.clusters, made)
}

// addPolicies adds what policies judge by.
func (w *World) addPolicies(in *validate.Input) {
	namespace := w.objects.namespaces[in.New.Ref.Namespace]
	in.Facts.Policies = w.policies
	in.Facts.Namespace = policy.Namespace{Name: namespace.Name}
	if !w.madeUp[namespace.Name] {
		in.Facts.Namespace = policy.Namespace{Name: namespace.Name, Labels: namespace.Labels, Annotations: namespace.Annotations, Known: true}
	}
	if in.Facts.Cluster != nil && w.policies.HasQuotas() {
		usage := w.used(in)
		in.Facts.Usage = &usage
	}
}
