package admission

import (
	"errors"
	"fmt"
	"slices"

	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "sigs.k8s.io/json"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

var (
	errNoObject  = errors.New("it is absent")
	errWrongKind = errors.New("it is of another kind")
)

// kind is a pointer to an API type.
type kind[T any] interface {
	*T
	runtime.Object
}

// pair is what a request is about, decoded: old is nil for a creation, new for a deletion.
type pair[P any] struct {
	old, new P
}

// decode reads the objects of a request that must be about the given kind, in one of the given operations. What is
// anything else is refused by the response, which is nil when all is well.
func decode[T any, P kind[T]](request *admissionv1.AdmissionRequest, name string, operations ...admissionv1.Operation) (objects pair[P], refusal *admissionv1.AdmissionResponse) {
	want := v1alpha1.GroupVersion().WithKind(name)
	if schema.GroupVersionKind(request.Kind) != want {
		return objects, misdirected("this path judges %s of %s/%s, and the review is about %q of %q",
			want.Kind, want.Group, want.Version, request.Kind.Kind, request.Kind.Group+"/"+request.Kind.Version)
	}
	if !slices.Contains(operations, request.Operation) {
		return objects, misdirected("this path judges %v, and the review is about %q", operations, request.Operation)
	}
	var err error
	if request.Operation != admissionv1.Delete {
		if objects.new, err = decodeOne[T, P](request.Object, want); err != nil {
			return objects, misdirected("the review's object cannot be read: %v", err)
		}
	}
	if request.Operation != admissionv1.Create {
		if objects.old, err = decodeOne[T, P](request.OldObject, want); err != nil {
			return objects, misdirected("the review's oldObject cannot be read: %v", err)
		}
	}
	return objects, nil
}

func decodeOne[T any, P kind[T]](raw runtime.RawExtension, want schema.GroupVersionKind) (P, error) {
	if len(raw.Raw) == 0 {
		return nil, errNoObject
	}
	object := P(new(T))
	if err := kjson.UnmarshalCaseSensitivePreserveInts(raw.Raw, object); err != nil {
		return nil, fmt.Errorf("decoding: %w", err)
	}
	if object.GetObjectKind().GroupVersionKind() != want {
		return nil, errWrongKind
	}
	return object, nil
}
