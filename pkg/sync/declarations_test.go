package sync

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

func strimziObject(name, topicName, created string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "kafka.strimzi.io/v1", "kind": "KafkaTopic",
		"metadata": map[string]any{
			"namespace": "kafka", "name": name, "uid": name, "creationTimestamp": created,
			"labels": map[string]any{"strimzi.io/cluster": "prod"}, "managedFields": []any{map[string]any{"manager": "argocd"}},
		},
		"spec": map[string]any{"topicName": topicName, "config": map[string]any{"retention.ms": int64(1)}}, "status": map[string]any{"topicId": "a"},
	}}
}

const (
	earlier = "2026-01-01T00:00:00Z"
	later   = "2026-01-02T00:00:00Z"
)

func TestWhatIsDeclaredElsewhereIsToldAsItChanges(t *testing.T) {
	var told []string
	d := newDeclarations(v1alpha1.Operator{Kind: v1alpha1.OperatorStrimzi, Namespace: "kafka", Name: "prod"}, func(name string) { told = append(told, name) })
	after := func(do func() error, names ...string) {
		t.Helper()
		told = nil
		require.NoError(t, do())
		assert.Equal(t, names, told)
	}
	assert.False(t, d.shown())
	after(func() error { return d.Replace([]any{strimziObject("a", "orders", later)}, "1") }, everything)
	assert.True(t, d.shown())
	before := d.byTopic()
	after(func() error { return d.Add(strimziObject("b", "orders", earlier)) }, "orders")
	assert.Equal(t, "b", d.byTopic()["orders"].Name, "the older object of two is named")
	assert.Equal(t, "a", before["orders"].Name, "what was handed out does not change")
	after(func() error { return d.Update(strimziObject("b", "orders", earlier)) })
	after(func() error { return d.Update(strimziObject("b", "payments", earlier)) }, "orders", "payments")
	after(func() error { return d.Add(strimziObject("c", "no such name", earlier)) })
	after(func() error { return d.Add(strimziObject("d", "/", earlier)) })
	other := strimziObject("e", "elsewhere", earlier)
	other.SetLabels(map[string]string{"strimzi.io/cluster": "stage"})
	after(func() error { return d.Add(other) })
	after(func() error { return d.Delete(strimziObject("b", "payments", earlier)) }, "payments")
	after(func() error { return d.Delete(strimziObject("b", "payments", earlier)) })
	assert.Len(t, d.byTopic(), 1)
	after(func() error { return d.Replace(nil, "2") }, everything)
	assert.Empty(t, d.byTopic())
}

func TestOfAnObjectElsewhereLittleIsKept(t *testing.T) {
	d := newDeclarations(v1alpha1.Operator{Kind: v1alpha1.OperatorStrimzi, Namespace: "kafka", Name: "prod"}, func(string) {})
	stripped, err := d.Transformer()(strimziObject("a", "orders", earlier))
	require.NoError(t, err)
	kept := stripped.(*unstructured.Unstructured)
	assert.NotContains(t, kept.Object, "status")
	assert.Empty(t, kept.GetManagedFields())
	assert.Equal(t, map[string]any{"topicName": "orders"}, kept.Object["spec"])
	require.NoError(t, d.Replace([]any{kept}, "1"))
	assert.Equal(t, "a", d.byTopic()["orders"].Name)
}

func BenchmarkTenThousandTopicsElsewhere(b *testing.B) {
	d := newDeclarations(v1alpha1.Operator{Kind: v1alpha1.OperatorStrimzi, Namespace: "kafka", Name: "prod"}, func(string) {})
	for i := range 10_000 {
		require.NoError(b, d.Add(strimziObject(fmt.Sprintf("t-%05d", i), fmt.Sprintf("topic-%05d", i), earlier)))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ { // one object changes, and a round asks
		require.NoError(b, d.Add(strimziObject("t-00000", fmt.Sprintf("topic-%d", i), earlier)))
		require.Len(b, d.byTopic(), 10_000)
	}
}
