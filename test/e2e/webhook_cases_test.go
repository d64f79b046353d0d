package e2e

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

// testCases is what users of other operators ran into; docs/admission.md lists all of it, with the tests that are elsewhere.
func testCases(t *testing.T, e *Env) {
	t.Run("partitions left out are the brokers', before and after", func(t *testing.T) { testLeftOut(t, e, "partitions", "partitions: 12") })
	t.Run("replicas left out are the brokers', before and after", func(t *testing.T) { testLeftOut(t, e, "replicas", "config: {compression.type: zstd}") })
	t.Run("a count below one is refused", func(t *testing.T) { testCounts(t, e) })
	t.Run("a cluster that is not there binds nobody who is leaving", func(t *testing.T) { testLeavingWithoutCluster(t, e) })
	t.Run("a second object for another topic is welcome", func(t *testing.T) {
		e.quietly(t, TopicYAML("shop", "first-of-two", prod)+TopicYAML("shop", "second-of-two", prod))
		e.quietly(t, TopicYAML("shop", "first-of-two", prod, "partitions: 2")) // nor is it its own rival
	})
	t.Run("an adoption that differs in all lists all", func(t *testing.T) {
		e.eventuallyRefused(t, TopicYAML("stock", "differs", prod, "topicName: Before_us", "partitions: 12", "replicas: 2", "config: {retention.ms: x}"),
			"partitions 6 → 12", "spec.replicas: 2: the topic has 3 on the brokers", `spec.config[retention.ms]: "x"`)
	})
	t.Run("names that Kafka does not take", func(t *testing.T) { testNames(t, e) })
	t.Run("values that Kafka does not take", func(t *testing.T) { testValues(t, e) })
	t.Run("two creations at once, and one owner", func(t *testing.T) { testRace(t, e) })
	t.Run("a namespace goes, whatever is protected in it", func(t *testing.T) { testNamespaceGoes(t, e) })
}

// testLeftOut leaves a count to the brokers, and edits the object once the brokers have chosen.
func testLeftOut(t *testing.T, e *Env, count, edit string) {
	name := "left-out-" + count
	e.quietly(t, TopicYAML("shop", name, prod))
	e.synced(t, "shop", name, "t-"+name, 12, 3)
	e.quietly(t, TopicYAML("shop", name, prod, edit))
	_, stderr, code := e.Kubectl(t, "label", "tgt", "-n", "shop", name, "edited=yes")
	assert.Zero(t, code, stderr)
}

func testCounts(t *testing.T, e *Env) {
	for _, count := range []string{"0", "-1", "-5", "-9223372036854775808"} {
		_, stderr, code := e.Apply(t, TopicYAML("shop", "counts", prod, "partitions: "+count, "replicas: "+count))
		assert.Equal(t, 1, code)
		assert.Contains(t, stderr, "spec.partitions: "+count+": a topic has at least one partition; limit: 1 or more")
		assert.Contains(t, stderr, "spec.replicas: "+count+": each partition has at least one replica; limit: 1 or more")
		assert.Contains(t, stderr, "or leave it out for the brokers' default")
	}
}

// testLeavingWithoutCluster takes a cluster away from an object that is being deleted.
func testLeavingWithoutCluster(t *testing.T, e *Env) {
	e.MustApply(t, ClusterYAML("doomed"))
	e.Namespace(t, "ruins", "kafka", "doomed")
	e.MustApply(t, TopicYAML("ruins", "left", "clusterRef: {name: doomed}"))
	object := e.topic(t, "ruins", "left")
	object.Finalizers = []string{v1alpha1.TopicFinalizer}
	require.NoError(t, e.Client.Update(t.Context(), object))
	for _, args := range [][]string{
		{"delete", "tgc", "doomed"},
		{"delete", "tgt", "left", "-n", "ruins", "--wait=false"},
		{"patch", "tgt", "left", "-n", "ruins", "--type=merge", "-p", `{"spec":{"deletionPolicy":"Retain"}}`},
		{"patch", "tgt", "left", "-n", "ruins", "--type=merge", "-p", `{"metadata":{"finalizers":null}}`},
	} {
		_, stderr, code := e.Kubectl(t, args...)
		assert.Zero(t, code, "%v: %s", args, stderr)
	}
}

func testNames(t *testing.T, e *Env) {
	for name, says := range map[string]string{
		`""`:                                 "is empty",
		`"."`:                                `"."`,
		`".."`:                               `".."`,
		strings.Repeat("a", 250):             "249",
		`"ä"`:                                `'ä'`,
		`"a/b"`:                              `'/'`,
		`"a\nb"`:                             "position 2",
		`"__x"`:                              "belongs to Kafka's internal topics",
		`"Before.us"`:                        `collides with topic "Before_us"`,
		`"` + strings.Repeat("é", 300) + `"`: "only ASCII",
	} {
		_, stderr, code := e.Apply(t, TopicYAML("shop", "named-badly", prod, "topicName: "+name))
		assert.Equal(t, 1, code, name)
		assert.Contains(t, stderr, "spec.topicName: ", name)
		assert.Contains(t, stderr, says, name)
	}
	// Kubernetes takes names of up to 253 characters, Kafka of up to 249.
	long := strings.Repeat("a", 250)
	_, stderr, code := e.Apply(t, TopicYAML("shop", long, prod))
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "the topic name has 250 characters, 1 more than Kafka allows")
	e.quietly(t, TopicYAML("shop", long, prod, "topicName: short"))
}

func testValues(t *testing.T, e *Env) {
	for config, says := range map[string]string{
		"cleanup.policy: Compact":                            `"Compact"`,
		"compression.type: lzma":                             "one of uncompressed, zstd, lz4, snappy, gzip, producer",
		"min.cleanable.dirty.ratio: 1.5":                     "a number from 0 to 1",
		"retention.ms: -2":                                   "at least -1",
		"retention.ms: 1.5":                                  "not a whole number",
		`retention.ms: "1_000"`:                              `write "1000"`,
		"retention.bytes: 1Gi":                               `write "1073741824"`,
		"min.insync.replicas: 0":                             "from 1 to 2147483647",
		"max.message.bytes: 2147483648":                      "more than 32 bits",
		"retention.ms: 9223372036854775808":                  "more than 64 bits",
		"preallocate: 1":                                     "neither true nor false",
		"segment.index.bytes: 11":                            "Kafka accepts 11, but",
		"internal.segment.bytes: 100":                        "for Kafka's own tests",
		`leader.replication.throttled.replicas: "0:1, 1:1"`:  "without spaces",
		"min.compaction.lag.ms: 2, max.compaction.lag.ms: 1": "min.compaction.lag.ms 2 is more than max.compaction.lag.ms 1",
	} {
		_, stderr, code := e.Apply(t, TopicYAML("shop", "valued-badly", prod, "config: {"+config+"}"))
		assert.Equal(t, 1, code, config)
		assert.Contains(t, stderr, says, config)
	}
	e.quietly(t, TopicYAML("shop", "valued-well", prod, "config: {retention.ms: 6.048e+08, preallocate: false, min.cleanable.dirty.ratio: 5e-1}"))
}

// testRace has ten objects claim one topic at the same moment. The webhook's look-up is best effort, but at least it lets
// one pass; which one owns the topic is the syncer's to say, and has its own test.
func testRace(t *testing.T, e *Env) {
	const rivals = 10
	codes := make([]int, rivals)
	var race sync.WaitGroup
	for i := range rivals {
		race.Go(func() {
			_, _, codes[i] = e.Apply(t, TopicYAML("shop", "rival-"+itoa(i), prod, "topicName: Raced.for"))
		})
	}
	race.Wait()
	assert.Contains(t, codes, 0)
	e.eventuallyRefused(t, TopicYAML("shop", "late", prod, "topicName: Raced.for"), "the topic belongs to shop/rival-")
}

// testNamespaceGoes deletes a namespace with a topic in it whose deletion is refused: namespaces are never stranded.
func testNamespaceGoes(t *testing.T, e *Env) {
	e.Namespace(t, "going", "kafka", "guarded")
	e.MustApply(t, TopicYAML("going", "staying", "clusterRef: {name: guarded}", "deletionPolicy: Delete"))
	object := e.topic(t, "going", "staying")
	object.Status = v1alpha1.KafkaTopicStatus{TopicName: "staying", TopicID: "t-staying"}
	require.NoError(t, e.Client.Status().Update(t.Context(), object))
	_, stderr, code := e.Kubectl(t, "delete", "tgt", "-n", "going", "staying")
	require.Equal(t, 1, code)
	require.Contains(t, stderr, "is protected")

	_, stderr, code = e.Kubectl(t, "delete", "namespace", "going", "--wait=false")
	require.Zero(t, code, stderr)
	// What the namespace's controller does next; none runs here.
	require.NoError(t, e.Client.Delete(t.Context(), &v1alpha1.KafkaTopic{ObjectMeta: metav1.ObjectMeta{Namespace: "going", Name: "staying"}}))
}
