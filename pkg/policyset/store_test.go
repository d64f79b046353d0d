package policyset_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/types"
	toolscache "k8s.io/client-go/tools/cache"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policyset"
)

func topicPolicy(name, uid string, generation, most int64) *v1alpha1.TopicPolicy {
	object := &v1alpha1.TopicPolicy{}
	object.Name, object.UID, object.Generation = name, types.UID(uid), generation
	object.Spec = v1alpha1.TopicPolicySpec{
		Enforcement: v1alpha1.EnforcementDeny,
		Rules:       []v1alpha1.PolicyRule{{Name: "few", Partitions: &v1alpha1.PartitionsRule{Max: &most}}},
	}
	return object
}

func TestASetIsMadeAnewOnlyWhenASpecIsAnother(t *testing.T) {
	ready, invalid, changes := 0, 0, 0
	store := policyset.New(func(r, i int) { ready, invalid = r, i }, func() { changes++ })
	assert.True(t, store.Set().Empty())

	store.Policies.Put(topicPolicy("a", "1", 1, 6))
	first := store.Set()
	assert.False(t, first.Empty())
	store.Policies.Put(topicPolicy("a", "1", 1, 6))
	assert.Same(t, first, store.Set(), "a status was written")
	assert.Equal(t, 1, changes)

	store.Policies.Put(topicPolicy("a", "1", 2, 0))
	assert.NotSame(t, first, store.Set())
	require.Len(t, store.Policies.Problems("a"), 1)
	assert.Equal(t, []int{0, 1}, []int{ready, invalid})

	store.Policies.Put(topicPolicy("a", "2", 1, 6))
	store.Policies.Drop(topicPolicy("a", "1", 2, 0))
	assert.False(t, store.Set().Empty(), "the late news of a predecessor's end are not its successor's")
	store.Policies.Drop(topicPolicy("a", "2", 1, 6))
	assert.True(t, store.Set().Empty())
}

func TestADeletionThatTheWatchHasMissedCounts(t *testing.T) {
	store := policyset.New(nil, nil)
	handler := policyset.Following(store.Policies.Put, store.Policies.Drop)
	handler.OnAdd(topicPolicy("a", "1", 1, 6), true)
	handler.OnAdd(&v1alpha1.KafkaTopic{}, true)
	assert.False(t, store.Set().Empty())
	handler.OnDelete(toolscache.DeletedFinalStateUnknown{Key: "a", Obj: topicPolicy("a", "1", 1, 6)})
	assert.True(t, store.Set().Empty())
}

func TestReadersAndWritersAtOnceEndWithEverything(t *testing.T) {
	store := policyset.New(nil, nil)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() { store.Policies.Put(topicPolicy(fmt.Sprint("p", i), "1", 1, 6)) })
		all.Go(func() { store.Set() })
	}
	all.Wait()
	assert.Len(t, store.Policies.All(""), 20)
	assert.Len(t, store.Policies.All("p0"), 19)
	assert.False(t, store.Set().Empty())
}
