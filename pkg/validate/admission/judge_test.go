package admission_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admission/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/validate/admission"
)

func TestFactsOfACreation(t *testing.T) {
	entry := func(name string, change ...func(*v1alpha1.InventoryTopic)) v1alpha1.InventoryTopic {
		made := v1alpha1.InventoryTopic{Name: name, TopicID: "t-" + name, Partitions: 6, Replicas: 3, Class: "Orphan"}
		for _, apply := range change {
			apply(&made)
		}
		return made
	}
	by := func(namespace, name string) func(*v1alpha1.InventoryTopic) {
		return func(e *v1alpha1.InventoryTopic) {
			e.Object = &v1alpha1.ObjectRef{Namespace: namespace, Name: name, UID: "uid-" + namespace + "-" + name}
		}
	}
	deleting := func(t *v1alpha1.KafkaTopic) {
		t.DeletionTimestamp, t.Finalizers = &metav1.Time{Time: now()}, []string{v1alpha1.TopicFinalizer}
	}
	for name, c := range map[string]struct {
		there  []client.Object
		direct []client.Object // nil: as there
		create *v1alpha1.KafkaTopic
		want   string
	}{
		"nothing speaks against it": {create: kafkaTopic(shop, "orders")},
		"another object declares the topic": {
			there: []client.Object{kafkaTopic("stock", "orders")}, create: kafkaTopic(shop, "orders"), want: "DuplicateClaim",
		},
		"another object of another name declares the topic": {
			there: []client.Object{kafkaTopic("stock", "a", called("orders"))}, create: kafkaTopic(shop, "orders"), want: "DuplicateClaim",
		},
		"another object on a cluster of the same brokers declares it": {
			there:  []client.Object{cluster("twin", "id-prod"), kafkaTopic("stock", "orders", func(t *v1alpha1.KafkaTopic) { t.Spec.ClusterRef.Name = "twin" })},
			create: kafkaTopic(shop, "orders"), want: "DuplicateClaim",
		},
		"another object on other brokers declares that name": {
			there:  []client.Object{cluster("other", "id-other"), kafkaTopic("stock", "orders", func(t *v1alpha1.KafkaTopic) { t.Spec.ClusterRef.Name = "other" })},
			create: kafkaTopic(shop, "orders"),
		},
		"clusters that were never seen are not the same for that": {
			there:  []client.Object{cluster("new", ""), cluster("newer", ""), kafkaTopic("stock", "orders", func(t *v1alpha1.KafkaTopic) { t.Spec.ClusterRef.Name = "new" })},
			create: kafkaTopic(shop, "orders", func(t *v1alpha1.KafkaTopic) { t.Spec.ClusterRef.Name = "newer" }),
		},
		"the other object is being deleted": {
			there: []client.Object{kafkaTopic("stock", "orders", deleting)}, create: kafkaTopic(shop, "orders"),
		},
		"the other object is gone, which the cache does not know yet": {
			there: []client.Object{kafkaTopic("stock", "orders")}, direct: world(), create: kafkaTopic(shop, "orders"),
		},
		"a name collides with another object's": {
			there: []client.Object{kafkaTopic("stock", "a", called("orders.eu"))}, create: kafkaTopic(shop, "b", called("orders_eu")), want: "TopicNameCollision",
		},
		"a name collides with one on the brokers": {
			there:  []client.Object{inventory(prod, "id-prod", 0, entry("a"), entry("orders.eu"), entry("z"))},
			create: kafkaTopic(shop, "b", called("orders_eu")), want: "TopicNameCollision",
		},
		"the topic was there before": {
			there: []client.Object{inventory(prod, "id-prod", 0, entry("orders"))}, create: kafkaTopic(shop, "orders"), want: "AdoptionNotPermitted",
		},
		"the topic was there before and may be adopted": {
			there: []client.Object{inventory(prod, "id-prod", 0, entry("orders"))}, create: kafkaTopic("stock", "orders"),
		},
		"adoption would change it": {
			there: []client.Object{inventory(prod, "id-prod", 0, entry("orders"))}, create: kafkaTopic("stock", "orders", partitions(12)), want: "AdoptionDiffers",
		},
		"an object of the same namespace released it": {
			there: []client.Object{inventory(prod, "id-prod", 0, entry("orders", by(shop, "gone")))}, create: kafkaTopic(shop, "orders"),
		},
		"the same object was deleted a moment ago": {
			there:  []client.Object{inventory(prod, "id-prod", 0, entry("orders", by(shop, "orders"))), kafkaTopic(shop, "orders")},
			direct: world(), create: kafkaTopic(shop, "orders"),
		},
		"an object of another namespace released it": {
			there: []client.Object{inventory(prod, "id-prod", 0, entry("orders", by("stock", "gone")))}, create: kafkaTopic(shop, "orders"), want: "AdoptionNotPermitted",
		},
		"a living object of the same namespace owns it": {
			there:  []client.Object{inventory(prod, "id-prod", 0, entry("orders", by(shop, "a"))), kafkaTopic(shop, "a", called("orders"))},
			create: kafkaTopic(shop, "orders"), want: "DuplicateClaim AdoptionNotPermitted",
		},
		"the inventory is another cluster's": {
			there: []client.Object{cluster("other", "id-other"), inventory("other", "id-other", 0, entry("orders"))}, create: kafkaTopic(shop, "orders"),
		},
		"the inventory is of brokers that this cluster had before": {
			there: []client.Object{inventory(prod, "id-former", 0, entry("orders"))}, create: kafkaTopic(shop, "orders"),
		},
		"the shard is a leftover": {
			there: []client.Object{inventory(prod, "id-prod", 1, entry("orders"))}, create: kafkaTopic(shop, "orders"),
		},
		"its cluster was applied a moment ago": {
			direct: world(cluster("fresh", "id-fresh")), create: kafkaTopic(shop, "orders", func(t *v1alpha1.KafkaTopic) { t.Spec.ClusterRef.Name = "fresh" }),
		},
		"its namespace was applied a moment ago": {
			direct: world(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "fresh"}}), create: kafkaTopic("fresh", "orders"),
		},
		"there is no such cluster": {
			create: kafkaTopic(shop, "orders", func(t *v1alpha1.KafkaTopic) { t.Spec.ClusterRef.Name = "none" }), want: "ClusterNotFound",
		},
	} {
		t.Run(name, func(t *testing.T) {
			judge := admission.ValidateTopic(lookup(t, world(c.there...), c.direct))
			response := judge(t.Context(), request(t, admissionv1.Create, nil, c.create))
			assert.Equal(t, c.want == "", response.Allowed, "%+v", response.Result)
			assert.Equal(t, c.want, reasons(response))
		})
	}
}

func TestOfTwoObjectsForOneTopicTheLoserIsTold(t *testing.T) {
	older := kafkaTopic("stock", "orders", func(t *v1alpha1.KafkaTopic) { t.CreationTimestamp.Time = now().Add(-2 * time.Hour) })
	younger := kafkaTopic(shop, "orders")
	owner := kafkaTopic(shop, "orders", owning("t-orders"))
	seen := inventory(prod, "id-prod", 0, v1alpha1.InventoryTopic{Name: "orders", TopicID: "t-orders", Partitions: 1, Replicas: 3, Class: "Managed"})
	for name, c := range map[string]struct {
		there  []client.Object
		change *v1alpha1.KafkaTopic
		told   bool
	}{
		"the younger":                         {[]client.Object{older, younger}, younger, true},
		"not the older":                       {[]client.Object{older, younger}, older, false},
		"not the owner, though it is younger": {[]client.Object{older, owner, seen}, owner, false},
		"the older that does not own it":      {[]client.Object{older, owner, seen}, older, true},
	} {
		t.Run(name, func(t *testing.T) {
			judge := admission.ValidateTopic(lookup(t, world(c.there...), nil))
			changed := c.change.DeepCopy()
			changed.Spec.Partitions = new(int64(2))
			response := judge(t.Context(), request(t, admissionv1.Update, c.change, changed))
			assert.True(t, response.Allowed, "what was so before is a warning: %+v", response.Result)
			assert.Equal(t, c.told, strings.Contains(strings.Join(response.Warnings, "\n"), "the topic belongs to"), response.Warnings)
		})
	}
}

func TestUpdatesThatAreNobodysToJudge(t *testing.T) {
	wrong := kafkaTopic(shop, "orders", partitions(0))
	changed := func(change func(*v1alpha1.KafkaTopic)) *v1alpha1.KafkaTopic {
		made := wrong.DeepCopy()
		change(made)
		return made
	}
	for name, after := range map[string]*v1alpha1.KafkaTopic{
		"a label":     changed(func(t *v1alpha1.KafkaTopic) { t.Labels = map[string]string{"a": "b"} }),
		"a finalizer": changed(func(t *v1alpha1.KafkaTopic) { t.Finalizers = []string{v1alpha1.TopicFinalizer} }),
		"a status":    changed(owning("t")),
		"of what is deleted": changed(func(t *v1alpha1.KafkaTopic) {
			t.DeletionTimestamp, t.Spec.Partitions = &metav1.Time{Time: now()}, new(int64(-1))
		}),
	} {
		t.Run(name, func(t *testing.T) {
			// Not even facts are looked up: there is no cache at all, and no policy.
			response := admission.ValidateTopic(&admission.Lookup{})(t.Context(), request(t, admissionv1.Update, wrong, after))
			assert.True(t, response.Allowed)
			assert.Empty(t, response.Warnings)
		})
	}
}

func TestALookupThatFailsIsNeverNoMatch(t *testing.T) {
	errBroken := errors.New("the cache is broken")
	fail := func(kind client.Object, list client.ObjectList) *admission.Lookup {
		broken := lookup(t, world(), nil)
		broken.Cache = interceptor.NewClient(admission.FakeCache(t, world()...), interceptor.Funcs{
			Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, object client.Object, opts ...client.GetOption) error {
				if kind != nil && sameType(object, kind) {
					return errBroken
				}
				return c.Get(ctx, key, object, opts...)
			},
			List: func(ctx context.Context, c client.WithWatch, found client.ObjectList, opts ...client.ListOption) error {
				if list != nil && sameType(found, list) {
					return errBroken
				}
				return c.List(ctx, found, opts...)
			},
		})
		return broken
	}
	for name, broken := range map[string]*admission.Lookup{
		"namespaces":  fail(&corev1.Namespace{}, nil),
		"leases":      fail(&coordinationv1.Lease{}, nil),
		"clusters":    fail(nil, &v1alpha1.KafkaClusterList{}),
		"topics":      fail(nil, &v1alpha1.KafkaTopicList{}),
		"inventories": fail(nil, &v1alpha1.TopicInventoryList{}),
	} {
		t.Run("of "+name, func(t *testing.T) {
			response := admission.ValidateTopic(broken)(t.Context(), request(t, admissionv1.Create, nil, kafkaTopic(shop, "orders")))
			assert.False(t, response.Allowed)
			assert.EqualValues(t, 500, response.Result.Code)
			assert.Contains(t, response.Result.Message, "could not decide, try again: l")
			assert.Contains(t, response.Result.Message, errBroken.Error())
		})
	}
	t.Run("but hangs no deletion", func(t *testing.T) {
		response := admission.ValidateTopicDelete(fail(&corev1.Namespace{}, nil))(t.Context(), request(t, admissionv1.Delete, kafkaTopic(shop, "orders"), nil))
		assert.True(t, response.Allowed)
		assert.Len(t, response.Warnings, 1)
	})
}

func sameType(a, b any) bool { return reflect.TypeOf(a) == reflect.TypeOf(b) }

func TestFactsGrowOld(t *testing.T) {
	unreachable := func(since time.Duration) func(*v1alpha1.KafkaCluster, *coordinationv1.Lease) {
		return func(c *v1alpha1.KafkaCluster, _ *coordinationv1.Lease) {
			c.Status.Conditions = []metav1.Condition{{Type: "Reachable", Status: "False", LastTransitionTime: metav1.Time{Time: now().Add(-since)}}}
		}
	}
	renewed := func(ago time.Duration) func(*v1alpha1.KafkaCluster, *coordinationv1.Lease) {
		return func(_ *v1alpha1.KafkaCluster, l *coordinationv1.Lease) { l.Spec.RenewTime.Time = now().Add(-ago) }
	}
	for name, c := range map[string]struct {
		change func(*v1alpha1.KafkaCluster, *coordinationv1.Lease)
		want   string // empty: they refuse
	}{
		"fresh":                              {func(*v1alpha1.KafkaCluster, *coordinationv1.Lease) {}, ""},
		"brokers that went away just now":    {unreachable(14 * time.Minute), ""},
		"brokers that have been away":        {unreachable(16 * time.Minute), "facts 16 min old"},
		"brokers that have been away long":   {unreachable(50 * time.Hour), "facts 2 days old"},
		"a syncer that was alive just now":   {renewed(15 * time.Minute), ""},
		"a syncer that has been dead":        {renewed(3*time.Hour + 59*time.Minute), "facts 3 h old"},
		"no syncer ever":                     {func(_ *v1alpha1.KafkaCluster, l *coordinationv1.Lease) { l.Spec.RenewTime = nil }, "facts of unknown age, for no syncer holds the lease syncers/lease"},
		"a cluster that nobody has seen yet": {func(c *v1alpha1.KafkaCluster, _ *coordinationv1.Lease) { c.Status.ClusterID = "" }, "the brokers were never seen yet"},
	} {
		t.Run(name, func(t *testing.T) {
			objects := world()
			c.change(objects[2].(*v1alpha1.KafkaCluster), objects[3].(*coordinationv1.Lease))
			judge := admission.ValidateTopic(lookup(t, objects, nil))
			response := judge(t.Context(), request(t, admissionv1.Create, nil, kafkaTopic(shop, "orders", func(t *v1alpha1.KafkaTopic) { t.Spec.Replicas = new(int64(5)) })))
			assert.Equal(t, c.want != "", response.Allowed)
			assert.Contains(t, strings.Join(response.Warnings, "\n"), c.want)
		})
	}
}

func TestNullsThatKubectlDroppedAreRefused(t *testing.T) {
	noted := func(note string) func(*v1alpha1.KafkaTopic) {
		return func(t *v1alpha1.KafkaTopic) {
			t.Annotations = map[string]string{corev1.LastAppliedConfigAnnotation: note}
		}
	}
	const note = `{"spec":{"config":{"retention.ms":null,"retention.bytes":5}}}`
	judge := admission.ValidateTopic(lookup(t, world(), nil))
	response := judge(t.Context(), request(t, admissionv1.Create, nil, kafkaTopic(shop, "orders", noted(note))))
	assert.Equal(t, "ConfigValueInvalid", reasons(response))

	response = judge(t.Context(), request(t, admissionv1.Update, kafkaTopic(shop, "orders", noted(note)), kafkaTopic(shop, "orders", noted(note), partitions(3))))
	assert.True(t, response.Allowed, "an older note is not this request's: %+v", response.Result)
	response = judge(t.Context(), request(t, admissionv1.Create, nil, kafkaTopic(shop, "orders", noted("scribble"))))
	assert.True(t, response.Allowed)
}

func TestARefusalHoldsEverythingTwice(t *testing.T) {
	judge := admission.ValidateTopic(lookup(t, world(), nil))
	response := judge(t.Context(), request(t, admissionv1.Create, nil, kafkaTopic(shop, "orders", partitions(0), called(strings.Repeat("ä\n", 2000)))))
	require.NotNil(t, response.Result)
	assert.EqualValues(t, 422, response.Result.Code)
	assert.Equal(t, metav1.StatusReasonInvalid, response.Result.Reason)
	assert.Equal(t, "KafkaTopic", response.Result.Details.Kind)
	assert.Equal(t, v1alpha1.Group, response.Result.Details.Group)
	assert.Equal(t, "orders", response.Result.Details.Name)
	lines := strings.Split(response.Result.Message, "\n")
	assert.Equal(t, "shop/orders breaks 3 rules:", lines[0])
	require.Len(t, lines, 4)
	for i, cause := range response.Result.Details.Causes {
		assert.Equal(t, "• "+cause.Field+": "+cause.Message, lines[i+1])
		assert.Less(t, len(lines[i+1]), 1500)
	}
}
