package manifests

import (
	"context"
	"errors"
	"fmt"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/test/wait"
)

// FieldOwner is the field manager of Apply.
const FieldOwner = client.FieldOwner("topicgate-manifests")

// patience is how long a kind may take from its CRD to its first object.
const patience = 30 * time.Second

var errNotEstablished = errors.New("the CRD is not established")

// Apply applies the objects in their order by server-side apply, and waits for each CRD to be established. The objects
// themselves are not changed. Applying twice is harmless.
func Apply(ctx context.Context, config *rest.Config, objects []*unstructured.Unstructured) error {
	c, err := newClient(config)
	if err != nil {
		return err
	}
	for _, object := range objects {
		if err := applyOne(ctx, c, object); err != nil {
			return fmt.Errorf("applying %s %s: %w", object.GetKind(), client.ObjectKeyFromObject(object), err)
		}
	}
	return nil
}

func newClient(config *rest.Config) (client.Client, error) {
	scheme := runtime.NewScheme()
	if err := apiextensionsv1.AddToScheme(scheme); err != nil {
		return nil, fmt.Errorf("building a scheme: %w", err)
	}
	c, err := client.New(config, client.Options{Scheme: scheme})
	if err != nil {
		return nil, fmt.Errorf("making a client: %w", err)
	}
	return c, nil
}

// applyOne tries again while the kind is not served: discovery follows a CRD with a delay.
func applyOne(ctx context.Context, c client.Client, object *unstructured.Unstructured) error {
	var final error
	err := wait.Until(ctx, patience, func(ctx context.Context) error {
		// A copy, because the answer is written into what is sent.
		err := c.Apply(ctx, client.ApplyConfigurationFromUnstructured(object.DeepCopy()), FieldOwner, client.ForceOwnership)
		if meta.IsNoMatchError(err) || apierrors.IsNotFound(err) {
			return err
		}
		final = err
		return nil
	})
	if err := errors.Join(err, final); err != nil {
		return err
	}
	if object.GetKind() != "CustomResourceDefinition" {
		return nil
	}
	return wait.Until(ctx, patience, func(ctx context.Context) error { return established(ctx, c, object.GetName()) })
}

func established(ctx context.Context, c client.Client, name string) error {
	var crd apiextensionsv1.CustomResourceDefinition
	if err := c.Get(ctx, client.ObjectKey{Name: name}, &crd); err != nil {
		return err
	}
	for _, condition := range crd.Status.Conditions {
		if condition.Type == apiextensionsv1.Established && condition.Status == apiextensionsv1.ConditionTrue {
			return nil
		}
	}
	return errNotEstablished
}
