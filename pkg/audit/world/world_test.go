package world_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/audit/world"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

func condition(kind string, value metav1.ConditionStatus, reason topic.Reason, message string) metav1.Condition {
	return metav1.Condition{Type: kind, Status: value, Reason: string(reason), Message: message}
}

func object(change func(*v1alpha1.KafkaTopic)) *v1alpha1.KafkaTopic {
	made := &v1alpha1.KafkaTopic{}
	made.Namespace, made.Name, made.UID = "shop", "orders", "uid-1"
	made.Spec.ClusterRef = &v1alpha1.ClusterRef{Name: "prod"}
	change(made)
	return made
}

// of is the world of a scanned cluster with one KafkaTopic.
func of(t *testing.T, made *v1alpha1.KafkaTopic, change func(*world.Input)) audit.World {
	t.Helper()
	cluster := &v1alpha1.KafkaCluster{}
	cluster.Name, cluster.Status.InventoryShards = "prod", 1
	in := world.Input{Now: testutil.Start(), Cluster: cluster, Topics: []*v1alpha1.KafkaTopic{made}}
	change(&in)
	return world.Of(in)
}

func nothing(*world.Input) {}

func TestAKafkaTopic(t *testing.T) {
	t.Parallel()
	deleted := metav1.NewTime(testutil.Start())
	tests := map[string]struct {
		object func(*v1alpha1.KafkaTopic)
		input  func(*world.Input)
		want   audit.Object
	}{
		"that says nothing declares a topic of its own name": {
			func(*v1alpha1.KafkaTopic) {}, nothing, audit.Object{Topic: "orders"},
		},
		"may name its topic otherwise": {
			func(o *v1alpha1.KafkaTopic) { o.Spec.TopicName = new("shop.orders.v1") }, nothing, audit.Object{Topic: "shop.orders.v1"},
		},
		"carries its owner's label": {
			func(o *v1alpha1.KafkaTopic) { o.Labels = map[string]string{v1alpha1.OwnerLabel: "team-a"} },
			func(in *world.Input) {
				in.Namespaces = map[string]map[string]string{"shop": {v1alpha1.OwnerLabel: "team-b"}}
			},
			audit.Object{Topic: "orders", Owner: "team-a"},
		},
		"is its namespace's owner's": {
			func(o *v1alpha1.KafkaTopic) { o.Labels = map[string]string{v1alpha1.OwnerLabel: ""} },
			func(in *world.Input) {
				in.Namespaces = map[string]map[string]string{"shop": {v1alpha1.OwnerLabel: "team-b"}}
			},
			audit.Object{Topic: "orders", Owner: "team-b"},
		},
		"is whose the cluster's own label says": {
			func(o *v1alpha1.KafkaTopic) {
				o.Labels = map[string]string{v1alpha1.OwnerLabel: "team-a", "squad": "checkout"}
			},
			func(in *world.Input) { in.Cluster.Spec.Audit.OwnerLabel = "squad" },
			audit.Object{Topic: "orders", Owner: "checkout"},
		},
		"is not ready for a reason": {
			func(o *v1alpha1.KafkaTopic) {
				o.Status.Conditions = []metav1.Condition{
					condition(v1alpha1.ConditionReady, metav1.ConditionFalse, topic.DuplicateClaim, "the topic belongs to a/b"),
				}
			}, nothing,
			audit.Object{Topic: "orders", Reason: topic.DuplicateClaim, Message: "the topic belongs to a/b"},
		},
		"is ready, drifts and breaks a rule": {
			func(o *v1alpha1.KafkaTopic) {
				o.Status.Conditions = []metav1.Condition{
					condition(v1alpha1.ConditionReady, metav1.ConditionTrue, topic.Synced, "the topic is as declared"),
					condition(v1alpha1.ConditionDrifted, metav1.ConditionTrue, topic.UnlistedConfig, "set on the topic but not in the spec: x"),
					condition(v1alpha1.ConditionPolicyViolation, metav1.ConditionTrue, topic.PolicyViolation, "shared/names"),
				}
			}, nothing,
			audit.Object{Topic: "orders", Drift: "set on the topic but not in the spec: x", Violation: "shared/names"},
		},
		"is being deleted": {
			func(o *v1alpha1.KafkaTopic) { o.DeletionTimestamp = &deleted }, nothing, audit.Object{Topic: "orders", Deleting: true},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := object(test.object)
			got := of(t, made, test.input)
			require.Len(t, got.Objects, 1)
			test.want.Ref = topic.Ref{Group: v1alpha1.Group, Kind: "KafkaTopic", Namespace: "shop", Name: "orders", UID: "uid-1"}
			assert.Equal(t, test.want, got.Objects[0])
		})
	}
}

func TestWhoseAKafkaTopicIs(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		object   func(*v1alpha1.KafkaTopic)
		isOurs   bool
		fallback string
	}{
		"it names the cluster": {func(*v1alpha1.KafkaTopic) {}, true, ""},
		"it names another":     {func(o *v1alpha1.KafkaTopic) { o.Spec.ClusterRef.Name = "test" }, false, "prod"},
		"it names none and is pinned to this": {func(o *v1alpha1.KafkaTopic) {
			o.Spec.ClusterRef = nil
			o.Status.Cluster = &v1alpha1.SyncedCluster{Name: "prod"}
		}, true, "test"},
		"it names none and this is the default": {func(o *v1alpha1.KafkaTopic) { o.Spec.ClusterRef = nil }, true, "prod"},
		"it names none and there is no default": {func(o *v1alpha1.KafkaTopic) { o.Spec.ClusterRef = nil }, false, ""},
		"it names none and another is default":  {func(o *v1alpha1.KafkaTopic) { o.Spec.ClusterRef = nil }, false, "test"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := of(t, object(test.object), func(in *world.Input) { in.DefaultCluster = test.fallback })
			assert.Equal(t, test.isOurs, len(got.Objects) == 1)
		})
	}
}

func TestACluster(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*v1alpha1.KafkaCluster)
		check  func(*testing.T, audit.Cluster)
	}{
		"that was scanned is complete": {
			func(*v1alpha1.KafkaCluster) {},
			func(t *testing.T, c audit.Cluster) {
				assert.Empty(t, c.Incomplete)
				assert.Equal(t, v1alpha1.OwnerLabel, c.OwnerLabel)
			},
		},
		"that was never scanned is not": {
			func(c *v1alpha1.KafkaCluster) { c.Status.InventoryShards = 0 },
			func(t *testing.T, c audit.Cluster) { assert.Contains(t, c.Incomplete, "has not looked") },
		},
		"of which some topics are hidden says why": {
			func(c *v1alpha1.KafkaCluster) {
				c.Status.Conditions = []metav1.Condition{condition(v1alpha1.ConditionAuditComplete, metav1.ConditionFalse, topic.ScanIncomplete, "no right on x")}
			},
			func(t *testing.T, c audit.Cluster) { assert.Equal(t, "no right on x", c.Incomplete) },
		},
		"whose brokers create topics says how to mend it": {
			func(c *v1alpha1.KafkaCluster) {
				c.Status.Brokers = []v1alpha1.Broker{{ID: 1, AutoCreate: new(true), AutoCreateSource: "DEFAULT_CONFIG"}, {ID: 2, Fenced: true}}
				c.Status.Conditions = []metav1.Condition{condition(v1alpha1.ConditionAutoCreateDisabled, metav1.ConditionFalse, topic.EnabledOnBrokers, "restart 1")}
			},
			func(t *testing.T, c audit.Cluster) {
				assert.Equal(t, "restart 1", c.AutoCreateFix)
				assert.Equal(t, []topic.Broker{{ID: 1, AutoCreate: new(true), AutoCreateSource: "DEFAULT_CONFIG"}, {ID: 2, Fenced: true}}, c.Brokers)
			},
		},
		"that was never asked who may create says nothing of it": {
			func(*v1alpha1.KafkaCluster) {},
			func(t *testing.T, c audit.Cluster) { assert.Equal(t, topic.CreatorsUnknown, c.Creators.Answer) },
		},
		"tells who may create": {
			func(c *v1alpha1.KafkaCluster) {
				c.Status.TopicCreators = &v1alpha1.TopicCreators{
					Answer: "Listed", Message: "without super users", Total: 1,
					Grants: []v1alpha1.CreateGrant{{Principal: "User:a", Operation: "Create", Pattern: "a.", Prefixed: true}},
				}
			},
			func(t *testing.T, c audit.Cluster) {
				assert.Equal(t, topic.Creators{
					Answer: topic.CreatorsListed, Message: "without super users",
					Grants: []topic.Grant{{Principal: "User:a", Operation: "Create", Pattern: "a.", Prefixed: true}},
				}, c.Creators)
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := of(t, object(func(*v1alpha1.KafkaTopic) {}), func(in *world.Input) { test.change(in.Cluster) })
			test.check(t, got.Cluster)
		})
	}
}

func TestExceptionsAndRulesOfTheCluster(t *testing.T) {
	t.Parallel()
	exception := func(name string, clusters ...string) *v1alpha1.TopicPolicyException {
		made := &v1alpha1.TopicPolicyException{}
		made.Name, made.Spec.Match.Clusters = name, clusters
		made.Spec.ExpiresAt = metav1.NewTime(testutil.Start().Add(time.Hour))
		return made
	}
	unused := exception("for-all")
	unused.Status.Conditions = []metav1.Condition{condition(v1alpha1.ConditionActive, metav1.ConditionTrue, topic.ExceptionUnused, "")}
	expires := metav1.NewTime(testutil.Start())
	got := of(t, object(func(*v1alpha1.KafkaTopic) {}), func(in *world.Input) {
		in.Exceptions = []*v1alpha1.TopicPolicyException{unused, exception("for-prod", "test", "pro*"), exception("for-test", "test")}
		in.Cluster.Spec.Audit.Ignore = []v1alpha1.IgnoreRule{{Pattern: "tmp.*", Reason: "scratch"}, {Pattern: "a", Reason: "b", ExpiresAt: &expires}}
	})
	end := testutil.Start().Add(time.Hour)
	assert.Equal(t, []audit.Exception{{Name: "for-all", ExpiresAt: end, Unused: true}, {Name: "for-prod", ExpiresAt: end}}, got.Exceptions)
	assert.Equal(t, []audit.Rule{{Pattern: "tmp.*", Reason: "scratch"}, {Pattern: "a", Reason: "b", ExpiresAt: testutil.Start()}}, got.Ignore)
}
