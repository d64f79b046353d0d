package admission_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admission/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/validate/admission"
)

// The names that the cases use: KafkaCluster prod admits every namespace and lets those labelled adopts=yes adopt.
const shop, prod = "shop", "prod"

func now() time.Time { return time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC) }

func lease() client.ObjectKey { return client.ObjectKey{Namespace: "syncers", Name: "lease"} }

// world is what the API server holds.
func world(more ...client.Object) []client.Object {
	objects := []client.Object{
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: shop}},
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "stock", Labels: map[string]string{"adopts": "yes"}}},
		cluster(prod, "id-prod"),
		&coordinationv1.Lease{
			ObjectMeta: metav1.ObjectMeta{Namespace: lease().Namespace, Name: lease().Name},
			Spec:       coordinationv1.LeaseSpec{RenewTime: &metav1.MicroTime{Time: now().Add(-time.Second)}},
		},
	}
	return append(objects, more...)
}

func cluster(name, id string) *v1alpha1.KafkaCluster {
	made := &v1alpha1.KafkaCluster{ObjectMeta: metav1.ObjectMeta{Name: name, UID: types.UID("uid-" + name)}}
	made.Spec.NamespaceSelector = &metav1.LabelSelector{}
	made.Spec.Adoption = &v1alpha1.Adoption{NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"adopts": "yes"}}}
	made.Status = v1alpha1.KafkaClusterStatus{
		ClusterID: id, MaxBrokersSeen: 3, Brokers: []v1alpha1.Broker{{ID: 1}, {ID: 2}, {ID: 3}}, InventoryShards: 1,
	}
	return made
}

func kafkaTopic(namespace, name string, change ...func(*v1alpha1.KafkaTopic)) *v1alpha1.KafkaTopic {
	made := &v1alpha1.KafkaTopic{
		TypeMeta: metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion().String(), Kind: "KafkaTopic"},
		ObjectMeta: metav1.ObjectMeta{
			Namespace: namespace, Name: name, UID: types.UID("uid-" + namespace + "-" + name), CreationTimestamp: metav1.Time{Time: now().Add(-time.Hour)},
		},
		Spec: v1alpha1.KafkaTopicSpec{ClusterRef: &v1alpha1.ClusterRef{Name: prod}},
	}
	for _, apply := range change {
		apply(made)
	}
	return made
}

func called(topicName string) func(*v1alpha1.KafkaTopic) {
	return func(t *v1alpha1.KafkaTopic) { t.Spec.TopicName = &topicName }
}

func partitions(count int64) func(*v1alpha1.KafkaTopic) {
	return func(t *v1alpha1.KafkaTopic) { t.Spec.Partitions = &count }
}

func owning(id string) func(*v1alpha1.KafkaTopic) {
	return func(t *v1alpha1.KafkaTopic) { t.Status.TopicID = id }
}

func inventory(cluster, id string, shard int64, topics ...v1alpha1.InventoryTopic) *v1alpha1.TopicInventory {
	return &v1alpha1.TopicInventory{
		ObjectMeta: metav1.ObjectMeta{Name: cluster + "-" + string(rune('0'+shard))},
		Cluster:    cluster, ClusterID: id, Shard: shard, Topics: topics,
	}
}

// lookup looks in a cache that holds some objects; the API server itself holds the direct ones, or the same where nil.
func lookup(t *testing.T, cached, direct []client.Object) *admission.Lookup {
	t.Helper()
	made := &admission.Lookup{
		Cache: admission.FakeCache(t, cached...), Now: now, FactsMaxAge: 15 * time.Minute, SyncerLease: lease(),
	}
	made.Direct = made.Cache
	if direct != nil {
		made.Direct = admission.FakeCache(t, direct...)
	}
	return made
}

func raw(t *testing.T, object any) runtime.RawExtension {
	t.Helper()
	content, err := json.Marshal(object)
	require.NoError(t, err)
	return runtime.RawExtension{Raw: content}
}

// request is a review's request about a KafkaTopic.
func request(t *testing.T, operation admissionv1.Operation, old, object *v1alpha1.KafkaTopic) *admissionv1.AdmissionRequest {
	t.Helper()
	made := &admissionv1.AdmissionRequest{
		UID: "u", Operation: operation, Kind: metav1.GroupVersionKind{Group: v1alpha1.Group, Version: "v1alpha1", Kind: "KafkaTopic"},
	}
	if old != nil {
		made.OldObject, made.Namespace, made.Name = raw(t, old), old.Namespace, old.Name
	}
	if object != nil {
		made.Object, made.Namespace, made.Name = raw(t, object), object.Namespace, object.Name
	}
	return made
}

func reasons(response *admissionv1.AdmissionResponse) string {
	var found []string
	if response.Result != nil && response.Result.Details != nil {
		for _, cause := range response.Result.Details.Causes {
			found = append(found, string(cause.Type))
		}
	}
	return strings.Join(found, " ")
}
