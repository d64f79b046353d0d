package sync

import (
	"context"
	"encoding/json"
	"fmt"
	gosync "sync"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
)

// fieldOwner is the field manager of everything the syncer writes.
const fieldOwner = client.FieldOwner("topicgate-syncer")

// writers is how many writes are under way at once: enough to keep the API server busy on one connection, and well
// below the ~200 at which it answers 429.
const writers = 32

// writeStatuses writes what differs from what is there, in parallel.
func (r *round) writeStatuses(ctx context.Context, writes []statusWrite) {
	var group errgroup.Group
	group.SetLimit(writers)
	for _, write := range writes {
		if equality.Semantic.DeepEqual(write.object.Status, write.after) {
			continue
		}
		group.Go(func() error {
			r.writeStatus(ctx, write)
			return nil
		})
	}
	_ = group.Wait() // the writers report their own failures
}

// writeStatus applies one status. The UID makes sure that an object recreated meanwhile is not given its predecessor's.
func (r *round) writeStatus(ctx context.Context, write statusWrite) {
	patch := &v1alpha1.KafkaTopic{Status: write.after}
	patch.Name, patch.Namespace, patch.UID = write.object.Name, write.object.Namespace, write.object.UID
	answer, err := applyStatus(ctx, r.Client, v1alpha1.GroupVersion().WithKind("KafkaTopic").Kind, patch)
	if err != nil {
		r.Metrics.writeFailed(r.name)
		if !apierrors.IsNotFound(err) {
			r.Log.Warn("writing a status", zap.String("namespace", patch.Namespace), zap.String("name", patch.Name), zap.Error(err))
			r.queue.AddAfter(dialectName(write.object), r.backoff.When(dialectName(write.object)))
		}
		return
	}
	var after v1alpha1.KafkaTopic
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(answer.Object, &after); err == nil {
		r.store.wrote(&after)
	}
}

// applyStatus server-side-applies the status of an object, and gives back the object as stored.
func applyStatus(ctx context.Context, writer client.Client, kind string, object client.Object) (*unstructured.Unstructured, error) {
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		return nil, fmt.Errorf("encoding a status: %w", err)
	}
	patch := &unstructured.Unstructured{Object: map[string]any{"status": content["status"]}}
	patch.SetGroupVersionKind(v1alpha1.GroupVersion().WithKind(kind))
	patch.SetName(object.GetName())
	patch.SetNamespace(object.GetNamespace())
	patch.SetUID(object.GetUID())
	err = writer.Status().Apply(ctx, client.ApplyConfigurationFromUnstructured(patch), fieldOwner, client.ForceOwnership)
	return patch, err
}

// applyObject applies a whole object that only the syncer writes.
func (r *round) applyObject(ctx context.Context, content map[string]any, kind schema.GroupVersionKind) error {
	patch := &unstructured.Unstructured{Object: content}
	unstructured.RemoveNestedField(patch.Object, "metadata", "creationTimestamp")
	patch.SetGroupVersionKind(kind)
	return r.Client.Apply(ctx, client.ApplyConfigurationFromUnstructured(patch), fieldOwner, client.ForceOwnership)
}

// addFinalizers puts finalizers on, in parallel, and says for which objects that failed: nothing may be made for those.
func (r *round) addFinalizers(ctx context.Context, actions []plan.Action) map[topic.Ref]bool {
	var refs []topic.Ref
	for _, action := range actions {
		if add, ok := action.(plan.AddFinalizer); ok {
			refs = append(refs, add.Ref)
		}
	}
	return r.editFinalizers(ctx, refs, func(finalizers []string) []string {
		return append(finalizers, v1alpha1.TopicFinalizer)
	})
}

// release takes finalizers off, in parallel.
func (r *round) release(ctx context.Context, releases []plan.Release) {
	refs := make([]topic.Ref, len(releases))
	for i, release := range releases {
		refs[i] = release.Ref
		r.Log.Info("released", zap.String("namespace", release.Ref.Namespace), zap.String("name", release.Ref.Name),
			zap.Bool("topicKept", release.Kept), zap.String("reason", release.Message))
	}
	r.editFinalizers(ctx, refs, withoutFinalizer)
}

func withoutFinalizer(finalizers []string) []string {
	var kept []string
	for _, finalizer := range finalizers {
		if finalizer != v1alpha1.TopicFinalizer {
			kept = append(kept, finalizer)
		}
	}
	return kept
}

func (r *round) editFinalizers(ctx context.Context, refs []topic.Ref, edit func([]string) []string) map[topic.Ref]bool {
	var mu gosync.Mutex
	failed := map[topic.Ref]bool{}
	var group errgroup.Group
	group.SetLimit(writers)
	for _, ref := range refs {
		found, ok := r.stored[ref]
		if !ok {
			continue
		}
		group.Go(func() error {
			after, err := editFinalizer(ctx, r.Client, found.object, edit)
			if err == nil {
				r.store.wrote(after)
				if found.object.DeletionTimestamp == nil {
					r.queue.Add(dialectName(found.object)) // to settle it: its spec may have changed too
				}
				return nil
			}
			if !apierrors.IsNotFound(err) {
				r.Log.Warn("editing a finalizer", zap.String("namespace", ref.Namespace), zap.String("name", ref.Name), zap.Error(err))
				r.queue.AddAfter(dialectName(found.object), r.backoff.When(dialectName(found.object)))
			}
			mu.Lock()
			defer mu.Unlock()
			failed[ref] = true
			return nil
		})
	}
	_ = group.Wait() // the writers report their own failures
	return failed
}

// editFinalizer patches the list of finalizers. The resource version makes the patch fail rather than undo what another
// controller wrote to that list since.
func editFinalizer(ctx context.Context, writer client.Client, object *v1alpha1.KafkaTopic, edit func([]string) []string) (*v1alpha1.KafkaTopic, error) {
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{
		"resourceVersion": object.ResourceVersion,
		"uid":             object.UID,
		"finalizers":      edit(object.DeepCopy().Finalizers),
	}})
	if err != nil {
		return nil, fmt.Errorf("encoding finalizers: %w", err)
	}
	after := &v1alpha1.KafkaTopic{}
	after.Name, after.Namespace = object.Name, object.Namespace
	return after, writer.Patch(ctx, after, client.RawPatch("application/merge-patch+json", patch), fieldOwner)
}
