package admission

import (
	"testing"

	"github.com/stretchr/testify/require"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/policyset"
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

// Show has the policies follow objects as a watch would: new or changed ones, stripped as in the cache.
func (p *Policies) Show(t testing.TB, objects ...client.Object) {
	t.Helper()
	for _, object := range objects {
		shown, err := strip(object.DeepCopyObject())
		require.NoError(t, err)
		p.handler(object).OnUpdate(nil, shown)
	}
}

// Hide has them follow the deletion of objects, which the watch may have missed.
func (p *Policies) Hide(objects ...client.Object) {
	for _, object := range objects {
		p.handler(object).OnDelete(toolscache.DeletedFinalStateUnknown{Key: client.ObjectKeyFromObject(object).String(), Obj: object})
	}
}

func (p *Policies) handler(object client.Object) toolscache.ResourceEventHandler {
	switch object.(type) {
	case *v1alpha1.TopicPolicy:
		return policyset.Following(p.store.Policies.Put, p.store.Policies.Drop)
	case *v1alpha1.TopicPolicyException:
		return policyset.Following(p.store.Exceptions.Put, p.store.Exceptions.Drop)
	default:
		return policyset.Following(p.ledger.put, p.ledger.drop)
	}
}

// Unread has the policies behave as before the first look at everything.
func (p *Policies) Unread() { p.synced = append(p.synced, func() bool { return false }) }

// Promises is how many reservations are kept.
func (p *Policies) Promises() (kept, queued int) {
	for _, b := range p.ledger.books {
		kept += len(b.reserved)
	}
	return kept, len(p.ledger.queue)
}

// Set is the compiled set.
func (p *Policies) Set() *policy.Set { return p.store.Set() }

// Shorten cuts a warning.
func Shorten(text string, most int) string { return shorten(text, most) }
