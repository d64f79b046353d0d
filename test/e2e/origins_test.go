package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

// TestTopicsOfRealApplicationsAreFoundAndToldApart has a producer, Kafka Streams and a Connect worker, all Apache's own, make
// their topics on a broker with auto-creation.
func TestTopicsOfRealApplicationsAreFoundAndToldApart(t *testing.T) {
	w := newWorld(t, kafkatest.Options{Properties: map[string]string{"auto.create.topics.enable": "true"}})
	w.namespace("team")
	w.apply(w.cluster("audit: {interval: 1s, gracePeriod: 1s}"))
	w.apply(topicYAML("words", "partitions: 3", "replicas: 1") + topicYAML("counts", "partitions: 3", "replicas: 1"))
	w.ready("words")
	w.ready("counts")
	w.clusterCondition("CreationRestricted", "False", "OthersMayCreate")

	brokers := w.kafka.Internal()
	kafkatest.ProduceJava(t, brokers, "surprise", "hello")
	surprise := w.class("surprise", "Orphan")
	assert.EqualValues(t, "AutoCreated", surprise.Origin.Kind)
	assert.Contains(t, surprise.Origin.Evidence, "the brokers' defaults")
	assert.False(t, surprise.Baseline)

	streams := kafkatest.StartStreams(t, brokers, "word-count", kafkatest.StreamsOptions{Input: "words", Output: "counts"})
	for _, name := range w.namesWith("word-count-") {
		found := w.class(name, "Platform")
		assert.Equal(t, v1alpha1.OriginKind("Streams"), found.Origin.Kind, name)
		assert.Equal(t, "word-count", found.Origin.Of, name)
	}
	assert.Len(t, w.namesWith("word-count-"), 2)
	modern := kafkatest.StartStreams(t, brokers, "modern", kafkatest.StreamsOptions{Input: "words", Output: "counts", Protocol: "streams"})
	for _, name := range w.namesWith("modern-") {
		assert.Contains(t, w.class(name, "Platform").Origin.Evidence, "streams group modern")
	}
	kafkatest.StartConnect(t, brokers, "etl", kafkatest.ConnectOptions{Configs: "etl-configs", Offsets: "etl-offsets", Statuses: "etl-status", Topic: "lines", AutoCreate: true})
	for _, name := range []string{"etl-configs", "etl-offsets", "etl-status"} {
		found := w.class(name, "Platform")
		assert.Equal(t, v1alpha1.OriginKind("Connect"), found.Origin.Kind, name)
		assert.Equal(t, "etl", found.Origin.Of, name)
	}
	lines := w.class("lines", "Orphan")
	assert.EqualValues(t, "AutoCreated", lines.Origin.Kind)
	if assert.NotNil(t, lines.Examined) && assert.NotNil(t, lines.Records) {
		assert.Positive(t, *lines.Records, "the connector wrote there")
	}
	streams.Stop()
	modern.Stop()
	w.kafka.ResetCounts()
	require.NoError(t, w.looks(t.Context(), 3))
	assert.EqualValues(t, "Streams", w.class(w.namesWith("word-count-")[0], "Platform").Origin.Kind, "its group is still there, empty")
}

// namesWith are the topics on the brokers whose names begin so.
func (w *world) namesWith(prefix string) []string {
	var names []string
	for name := range kafkatest.Topics(w.t, w.kafka.Internal()) {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	return names
}
