package dialect_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

func object(change func(*v1alpha1.KafkaTopic)) *v1alpha1.KafkaTopic {
	made := &v1alpha1.KafkaTopic{}
	made.Namespace, made.Name, made.UID, made.Generation = "team-a", "orders", "uid-1", 3
	made.CreationTimestamp = metav1.NewTime(testutil.Start())
	change(made)
	return made
}

func TestDeclared(t *testing.T) {
	t.Parallel()
	deleted := metav1.NewTime(testutil.Start())
	tests := map[string]struct {
		change func(*v1alpha1.KafkaTopic)
		check  func(*testing.T, topic.Declared)
	}{
		"an object that says nothing is named after itself": {
			func(*v1alpha1.KafkaTopic) {},
			func(t *testing.T, d topic.Declared) {
				assert.Equal(t, topic.Ref{
					Group: "topicgate.io", Kind: "KafkaTopic", Namespace: "team-a", Name: "orders", UID: "uid-1", Created: testutil.Start(),
				}, d.Ref)
				assert.Equal(t, "orders", d.TopicName)
				assert.False(t, d.ExplicitName || d.Deleting || d.Finalized || d.Paused || d.Adopt)
				assert.Nil(t, d.Partitions)
				assert.Empty(t, d.Cluster)
				assert.Equal(t, int64(3), d.Generation)
			},
		},
		"an empty topicName is one, and wrong, not absent": {
			func(o *v1alpha1.KafkaTopic) { o.Spec.TopicName = new("") },
			func(t *testing.T, d topic.Declared) { assert.True(t, d.ExplicitName && d.TopicName == "") },
		},
		"numbers, bools and strings are read, null is told": {
			func(o *v1alpha1.KafkaTopic) {
				o.Spec.Config = map[string]apiextensionsv1.JSON{
					"a": {Raw: []byte(`6.048e+08`)}, "b": {Raw: []byte(`true`)}, "c": {Raw: []byte(`"x"`)}, "d": {Raw: []byte(`null`)},
				}
			},
			func(t *testing.T, d topic.Declared) {
				assert.Equal(t, map[string]string{"a": "604800000", "b": "true", "c": "x"}, d.Texts())
				assert.NotEmpty(t, d.Config["d"].Problem)
			},
		},
		"the cluster that the status is pinned to stands in": {
			func(o *v1alpha1.KafkaTopic) { o.Status.Cluster = &v1alpha1.SyncedCluster{Name: "prod", ID: "id"} },
			func(t *testing.T, d topic.Declared) {
				assert.Equal(t, "prod", d.Cluster)
				assert.Equal(t, "id", d.Recorded.ClusterID)
			},
		},
		"marks of the API server": {
			func(o *v1alpha1.KafkaTopic) {
				o.DeletionTimestamp, o.Finalizers = &deleted, []string{"others/theirs", v1alpha1.TopicFinalizer}
				o.Annotations = map[string]string{v1alpha1.PausedAnnotation: "true", v1alpha1.AdoptAnnotation: "true"}
			},
			func(t *testing.T, d topic.Declared) { assert.True(t, d.Deleting && d.Finalized && d.Paused && d.Adopt) },
		},
		"an adoption is permitted only before the first sync": {
			func(o *v1alpha1.KafkaTopic) {
				o.Annotations, o.Status.TopicID = map[string]string{v1alpha1.AdoptAnnotation: "true"}, "id"
			},
			func(t *testing.T, d topic.Declared) { assert.False(t, d.Adopt) },
		},
		"an allowance": {
			func(o *v1alpha1.KafkaTopic) {
				o.Annotations = map[string]string{v1alpha1.AllowDeleteUntilAnnotation: "2026-01-02T03:04:05+01:00"}
			},
			func(t *testing.T, d topic.Declared) {
				assert.True(t, d.AllowDeleteUntil.Equal(testutil.Start().Add(-time.Hour)))
			},
		},
		"an allowance that does not parse lifts nothing": {
			func(o *v1alpha1.KafkaTopic) {
				o.Annotations = map[string]string{v1alpha1.AllowDeleteUntilAnnotation: "tomorrow"}
			},
			func(t *testing.T, d topic.Declared) { assert.True(t, d.AllowDeleteUntil.IsZero()) },
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.check(t, dialect.Declared(object(tt.change)))
		})
	}
}

func TestPathOfEveryField(t *testing.T) {
	t.Parallel()
	paths := map[string]topic.Field{
		"metadata":                  topic.Of(topic.KindObject),
		"metadata.name":             topic.Of(topic.KindObjectName),
		"spec.topicName":            topic.Of(topic.KindTopicName),
		"spec.clusterRef.name":      topic.Of(topic.KindCluster),
		"spec.partitions":           topic.Of(topic.KindPartitions),
		"spec.replicas":             topic.Of(topic.KindReplicas),
		"spec.config[retention.ms]": topic.ConfigField("retention.ms"),
		"spec.unmanagedConfig":      topic.UnmanagedField("retention.ms"),
		"spec.deletionPolicy":       topic.Of(topic.KindDeletion),
	}
	for path, field := range paths {
		assert.Equal(t, path, dialect.Path(field))
	}
}

func TestDefaultCluster(t *testing.T) {
	t.Parallel()
	cluster := func(name, mark string) v1alpha1.KafkaCluster {
		made := v1alpha1.KafkaCluster{}
		made.Name, made.Annotations = name, map[string]string{v1alpha1.DefaultClusterAnnotation: mark}
		return made
	}
	tests := map[string]struct {
		clusters []v1alpha1.KafkaCluster
		want     string
	}{
		"the one that is marked": {[]v1alpha1.KafkaCluster{cluster("a", ""), cluster("b", "true")}, "b"},
		"of two, none":           {[]v1alpha1.KafkaCluster{cluster("a", "true"), cluster("b", "true")}, ""},
		"none is marked":         {[]v1alpha1.KafkaCluster{cluster("a", "false")}, ""},
		"there is none":          {nil, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, dialect.DefaultCluster(tt.clusters))
		})
	}
}
