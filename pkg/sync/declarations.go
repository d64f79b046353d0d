package sync

import (
	"context"
	gosync "sync"
	"sync/atomic"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/cache"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/foreign"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
)

// declarations are the topics that objects of another product declare for one cluster, kept by a watch: name and place of each
// object, and nothing else of it.
type declarations struct {
	operator v1alpha1.Operator
	// changed is told the names of topics, or everything.
	changed func(name string)
	stop    context.CancelFunc
	// lost says that the watch ended for good: the kind, or the right to read it, is gone.
	lost atomic.Bool
	// first is closed once everything was shown.
	first     chan struct{}
	closeOnce gosync.Once

	mu      gosync.Mutex
	objects map[types.NamespacedName]foreign.Declaration
	// topics is made when somebody asks, and nil after a change; whoever has it may go on reading it.
	topics map[string]topic.Ref
}

func newDeclarations(operator v1alpha1.Operator, changed func(string)) *declarations {
	return &declarations{
		operator: operator, changed: changed, stop: func() {}, first: make(chan struct{}),
		objects: map[types.NamespacedName]foreign.Declaration{},
	}
}

// watch follows the objects until stop, or until it is lost. It retries by itself, later each time.
func (d *declarations) watch(ctx context.Context, source dynamic.ResourceInterface, selector string) {
	ctx, d.stop = context.WithCancel(ctx)
	reflector := cache.NewReflectorWithOptions(&cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			options.LabelSelector = selector
			list, err := source.List(ctx, options)
			if apierrors.IsNotFound(err) || apierrors.IsForbidden(err) {
				d.lose()
			}
			return list, err
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			options.LabelSelector = selector
			return source.Watch(ctx, options)
		},
	}, &unstructured.Unstructured{}, d, cache.ReflectorOptions{Name: "topics declared elsewhere"})
	go reflector.RunWithContext(ctx)
}

// lose ends the watch, and has the next round find out why.
func (d *declarations) lose() {
	if d.lost.CompareAndSwap(false, true) {
		d.stop()
		d.changed(everything)
	}
}

// shown says whether everything was shown once.
func (d *declarations) shown() bool {
	select {
	case <-d.first:
		return true
	default:
		return false
	}
}

// byTopic are the objects by the name of their topic; of several for one topic, the oldest. Nobody may write to it.
func (d *declarations) byTopic() map[string]topic.Ref {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.topics != nil {
		return d.topics
	}
	d.topics = make(map[string]topic.Ref, len(d.objects))
	for _, object := range d.objects {
		if other, taken := d.topics[object.Topic]; !taken || object.Ref.Older(other) {
			d.topics[object.Topic] = object.Ref
		}
	}
	return d.topics
}

// Add, Update, Delete, Replace, Resync and Transformer make it the store of a reflector.

// Add takes in an object that is new or was changed.
func (d *declarations) Add(object any) error {
	found, ok := object.(*unstructured.Unstructured)
	if !ok {
		return nil
	}
	if made, declares := d.read(found); declares {
		d.put(keyOf(found), &made)
	} else {
		d.put(keyOf(found), nil)
	}
	return nil
}

// Update takes in an object that was changed.
func (d *declarations) Update(object any) error { return d.Add(object) }

// Delete takes in that an object is gone.
func (d *declarations) Delete(object any) error {
	if found, ok := object.(*unstructured.Unstructured); ok {
		d.put(keyOf(found), nil)
	}
	return nil
}

func keyOf(object *unstructured.Unstructured) types.NamespacedName {
	return types.NamespacedName{Namespace: object.GetNamespace(), Name: object.GetName()}
}

// put notes what an object declares, nil for nothing, and tells of the topics that this changes something for.
func (d *declarations) put(key types.NamespacedName, made *foreign.Declaration) {
	d.mu.Lock()
	before, known := d.objects[key]
	if known && made != nil && before == *made || !known && made == nil {
		d.mu.Unlock()
		return
	}
	d.topics = nil
	if made != nil {
		d.objects[key] = *made
	} else {
		delete(d.objects, key)
	}
	d.mu.Unlock()
	if known {
		d.changed(before.Topic)
	}
	if made != nil {
		d.changed(made.Topic)
	}
}

// Replace takes in all objects at once.
func (d *declarations) Replace(list []any, _ string) error {
	objects := make(map[types.NamespacedName]foreign.Declaration, len(list))
	for _, object := range list {
		if found, ok := object.(*unstructured.Unstructured); ok {
			if made, declares := d.read(found); declares {
				objects[keyOf(found)] = made
			}
		}
	}
	d.mu.Lock()
	d.objects, d.topics = objects, nil
	d.mu.Unlock()
	d.closeOnce.Do(func() { close(d.first) })
	d.changed(everything)
	return nil
}

// Resync does nothing: there is nobody to tell again.
func (d *declarations) Resync() error { return nil }

// Transformer strips what a reflector keeps while it reads everything.
func (d *declarations) Transformer() cache.TransformFunc {
	return func(object any) (any, error) {
		if found, ok := object.(*unstructured.Unstructured); ok {
			return &unstructured.Unstructured{Object: foreign.Stripped(found.Object)}, nil
		}
		return object, nil
	}
}

// read reads an object; false when it declares no topic of this cluster.
func (d *declarations) read(object *unstructured.Unstructured) (foreign.Declaration, bool) {
	reader := foreign.StrimziTopic
	if d.operator.Kind == v1alpha1.OperatorKoperator {
		reader = foreign.KoperatorTopic
	}
	made, declares := reader(object.Object)
	ours := made.Cluster == d.operator.Name && made.Namespace == d.operator.Namespace
	return made, declares && ours && len(naming.Legal(made.Topic)) == 0 // no broker has a topic of another name
}
