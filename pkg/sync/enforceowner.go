package sync

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/foreign"
)

// owner is the object that describes the brokers, and so owns the setting.
type owner struct {
	versions        []schema.GroupVersionResource
	kind            string
	namespace, name string
	// change is what would switch auto-creation off in it.
	change func(content map[string]any) foreign.Change
	// component of the manifests grants the rights that it takes.
	component string
}

func ownerOf(operator v1alpha1.Operator) owner {
	made := owner{namespace: operator.Namespace, name: operator.Name}
	if operator.Kind == v1alpha1.OperatorKoperator {
		resource := schema.GroupResource{Group: foreign.KoperatorGroup, Resource: "kafkaclusters"}
		made.kind, made.change, made.component = "KafkaCluster", foreign.KoperatorOff, "manifests/components/enforce-koperator"
		made.versions = []schema.GroupVersionResource{resource.WithVersion("v1beta1")}
		return made
	}
	resource := schema.GroupResource{Group: foreign.StrimziGroup, Resource: "kafkas"}
	made.kind, made.change, made.component = "Kafka", foreign.StrimziOff, "manifests/components/enforce-strimzi"
	made.versions = []schema.GroupVersionResource{resource.WithVersion("v1"), resource.WithVersion("v1beta2")}
	return made
}

// String is the object as kubectl addresses it.
func (o owner) String() string {
	return o.versions[0].GroupResource().String() + " " + o.namespace + "/" + o.name
}

// switchOffOwner changes the one field of the object that owns the setting, unless it says so already or somebody else owns
// that field: to force it would start a fight with whatever wrote it.
func (r *round) switchOffOwner(ctx context.Context, owner owner) switchedOff {
	resource, found, err := r.readOwner(ctx, owner)
	if err != nil {
		return owner.failed("get", err)
	}
	change := owner.change(found.Object)
	if found.GetDeletionTimestamp() != nil {
		return switchedOff{message: owner.String() + " is being deleted, and left alone"}
	}
	if change.Spec == nil {
		return switchedOff{message: owner.standsOff(change)}
	}
	version := fmt.Sprintf("%s/%d", found.GetUID(), found.GetGeneration())
	if version == r.enforced.refused {
		return switchedOff{message: r.enforced.message, refused: version} // whoever gives the field up changes the spec
	}
	patch := &unstructured.Unstructured{Object: map[string]any{"spec": change.Spec}}
	patch.SetGroupVersionKind(found.GroupVersionKind())
	patch.SetNamespace(owner.namespace)
	patch.SetName(owner.name)
	// With these, an object that was deleted since is not made again, and one that was changed since is read again first.
	patch.SetUID(found.GetUID())
	patch.SetResourceVersion(found.GetResourceVersion())
	if _, err := resource.Apply(ctx, owner.name, patch, metav1.ApplyOptions{FieldManager: string(fieldOwner)}); err != nil {
		return owner.refused(change, version, err)
	}
	return switchedOff{
		result: resultCommitted, message: owner.standsOff(change),
		event: fmt.Sprintf("%s: %s is set in %s; its operator restarts the brokers one by one", owner, change.Line, change.Path),
	}
}

// readOwner reads the object in the newest version that is served.
func (r *round) readOwner(ctx context.Context, owner owner) (resource dynamic.ResourceInterface, found *unstructured.Unstructured, err error) {
	for _, version := range owner.versions {
		resource = r.Foreign.Resource(version).Namespace(owner.namespace)
		if found, err = resource.Get(ctx, owner.name, metav1.GetOptions{}); !apierrors.IsNotFound(err) {
			break
		}
	}
	return resource, found, err
}

// standsOff says that the object wants it off, and what keeps it on all the same.
func (o owner) standsOff(change foreign.Change) string {
	if len(change.Left) > 0 {
		return fmt.Sprintf("%s says %s in %s, and for single brokers otherwise, which is left alone: %s; remove it there",
			o, change.Line, change.Path, strings.Join(change.Left[:min(len(change.Left), mostLeft)], ", "))
	}
	return fmt.Sprintf("%s says %s in %s, and these brokers have not been restarted with it yet", o, change.Line, change.Path)
}

// mostLeft is how many settings of single brokers a message names.
const mostLeft = 5

func (o owner) failed(verb string, err error) switchedOff {
	switch {
	case apierrors.IsForbidden(err):
		return switchedOff{result: resultForbidden, message: fmt.Sprintf("the syncer may not %s %s: %s grants that", verb, o, o.component)}
	case apierrors.IsNotFound(err):
		return switchedOff{result: resultNotFound, message: fmt.Sprintf("there is no %s, or its CRD is not installed: correct spec.operatedBy", o)}
	default:
		return switchedOff{result: resultFailed, message: fmt.Sprintf("%s could not be read or written (%s), and is tried again", o, apierrors.ReasonForError(err))}
	}
}

// refused reads the answer to a change. What is refused for good is not asked for again as long as the object stays the same.
func (o owner) refused(change foreign.Change, version string, err error) switchedOff {
	switch {
	case apierrors.HasStatusCause(err, metav1.CauseTypeFieldManagerConflict):
		return switchedOff{result: resultConflict, refused: version, message: fmt.Sprintf(
			"%s of %s is owned by field manager %s, and not taken from it: write %s there, where that manager has it from",
			change.Path, o, strings.Join(managers(err), ", "), change.Line)}
	case apierrors.IsInvalid(err), apierrors.IsBadRequest(err):
		return switchedOff{result: resultRefused, refused: version, message: fmt.Sprintf(
			"the API server does not take %s in %s of %s: write it there by hand", change.Line, change.Path, o)}
	default:
		return o.failed("patch", err)
	}
}

var conflicting = regexp.MustCompile(`conflict with "([^"]{1,128})"`)

// managers are the field managers that an apply was in conflict with. Their names are nowhere but in the texts.
func managers(err error) []string {
	status, ok := err.(apierrors.APIStatus)
	if !ok || status.Status().Details == nil {
		return []string{"unknown"}
	}
	var names []string
	for _, cause := range status.Status().Details.Causes {
		if found := conflicting.FindStringSubmatch(cause.Message); found != nil && !slices.Contains(names, found[1]) {
			names = append(names, found[1])
		}
	}
	slices.Sort(names)
	return names
}
