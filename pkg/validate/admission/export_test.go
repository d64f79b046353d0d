package admission

import (
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

// FakeCache holds objects as the shared cache does: stripped, and indexed in the same way.
func FakeCache(t testing.TB, objects ...client.Object) client.WithWatch {
	t.Helper()
	scheme, err := Scheme()
	require.NoError(t, err)
	builder := fake.NewClientBuilder().WithScheme(scheme).
		WithIndex(&v1alpha1.KafkaTopic{}, byCollisionKey, topicKey).
		WithIndex(&v1alpha1.TopicInventory{}, byCollisionKey, inventoryKeys)
	for _, object := range objects {
		stripped, err := strip(object.DeepCopyObject())
		require.NoError(t, err)
		builder = builder.WithObjects(stripped.(client.Object))
	}
	return builder.Build()
}
