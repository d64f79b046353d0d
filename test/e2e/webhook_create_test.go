package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// testCreations is every rule about new objects, once.
func testCreations(t *testing.T, e *Env) {
	for name, refused := range map[string]struct{ yaml, want string }{
		"a name of Kafka's own": {
			TopicYAML("shop", "offsets", prod, "topicName: __consumer_offsets"),
			`spec.topicName: topic name "__consumer_offsets" belongs to Apache Kafka's brokers; limit: names like "__consumer_offsets" are reserved for Apache Kafka's brokers (TopicGate); fix: use "consumer_offsets"`,
		},
		"a name of a product": {
			TopicYAML("shop", "schemas", prod, "topicName: _schemas"),
			`spec.topicName: topic name "_schemas" belongs to a schema registry; limit: names like "_schemas" are reserved for a schema registry (TopicGate); fix: use "schemas"`,
		},
		"another name where names are strict": {
			TopicYAML("modes", "orders", "clusterRef: {name: strict}", "topicName: Orders"),
			`spec.topicName: topicName "Orders" differs from metadata.name "orders"; remove topicName, or rename the object; limit: with naming Strict, topicName is absent or equals metadata.name (KafkaCluster strict); fix: use "orders"`,
		},
		"a name that is not derived where names are derived": {
			TopicYAML("modes", "orders", "clusterRef: {name: derived}", "topicName: Orders"),
			`metadata.name: metadata.name "orders" is not the encoding of topic name "Orders"; limit: with naming Derived, metadata.name is the encoding of the topic's name (KafkaCluster derived); fix: use "kt--z1orders"`,
		},
		"a cluster that is not there": {
			TopicYAML("shop", "orders", "clusterRef: {name: prdo}"),
			`spec.clusterRef.name: "prdo": there is no KafkaCluster of that name; limit: one KafkaCluster that exists (TopicGate); fix: ask the platform team for its name (this namespace is admitted by: prod)`,
		},
		"no cluster and no default": {
			TopicYAML("shop", "orders"),
			`spec.clusterRef.name: names no KafkaCluster, and no single default fills it; limit: one KafkaCluster that exists (TopicGate); fix: set clusterRef.name (this namespace is admitted by: prod)`,
		},
		"a namespace that the cluster does not admit": {
			TopicYAML("strangers", "orders", prod),
			`spec.clusterRef.name: "prod": does not admit topics of namespace "strangers"; limit: namespaces that its namespaceSelector matches (KafkaCluster prod); fix: ask the platform team to label the namespace (none admits this namespace yet)`,
		},
		"a collision with a topic on the brokers": {
			TopicYAML("shop", "orders", prod, "topicName: Before.us"),
			`spec.topicName: "Before.us": collides with topic "Before_us", which is on the brokers; limit: names that differ in more than '.' against '_' (Kafka 4.4); fix: choose another name`,
		},
		"a topic that was there before": {
			TopicYAML("shop", "orders", prod, "topicName: Before_us", "partitions: 6"),
			`spec.topicName: "Before_us": the topic is on the brokers already, and namespace "shop" may not adopt it; limit: namespaces that adoption.namespaceSelector matches (KafkaCluster prod); fix: choose another name, or ask the platform team for the right to adopt`,
		},
		"more replicas than brokers": {
			TopicYAML("shop", "orders", prod, "replicas: 5"),
			`spec.replicas: 5: more replicas than the cluster has brokers (3); limit: 3 or fewer (KafkaCluster prod); fix: set replicas to 3 or fewer`,
		},
		"more partitions than Kafka makes at once": {
			TopicYAML("shop", "orders", prod, "partitions: 10000"),
			`spec.partitions: 10000: too many partitions for one creation; limit: 9999 or fewer at creation, which has room for 9999 partitions and configs together (Kafka 4.4); fix: set partitions to 9999 or fewer and grow the topic later`,
		},
		"a config that Kafka does not know": {
			TopicYAML("shop", "orders", prod, "config: {retention.sm: 1}"),
			`spec.config[retention.sm]: "1": Kafka 4.4 has no topic config "retention.sm"; did you mean "retention.ms"?; limit: the topic configs of Kafka 4.4 (Kafka 4.4); fix: write retention.ms instead`,
		},
		"a config of a list": {
			TopicYAML("shop", "orders", prod, "config: {cleanup.policy: [compact, delete]}"),
			`spec.config[cleanup.policy]: a config value is one string, number or bool, not an array; write a list as "compact,delete"; limit: a string, a number or a bool (TopicGate)`,
		},
		"a config of null": {
			TopicYAML("shop", "orders", prod, "config: {retention.ms: null}"),
			`spec.config[retention.ms]: null is no value; leave the key out; limit: a string, a number or a bool (TopicGate); fix: write a value; or drop the line to go back to the brokers' default; or list the key in unmanagedConfig to leave it alone`,
		},
		"a config that is also left alone": {
			TopicYAML("shop", "orders", prod, "config: {retention.ms: 1}", "unmanagedConfig: [retention.ms]"),
			`spec.config[retention.ms]: "1": the key is also in unmanagedConfig, which leaves it alone; limit: either of the two (TopicGate); fix: remove it from one of them`,
		},
		"more in-sync replicas than replicas": {
			TopicYAML("shop", "orders", prod, "replicas: 2", "config: {min.insync.replicas: 3}"),
			`spec.config[min.insync.replicas]: 3: more than the topic's 2 replicas (as declared); limit: 2 or fewer (TopicGate); fix: set min.insync.replicas to 1 or fewer, or raise replicas`,
		},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			for _, how := range [][]string{nil, {"--server-side"}} {
				stdout, stderr, code := e.Apply(t, refused.yaml, how...)
				assert.Equal(t, 1, code, stdout)
				assert.Contains(t, stderr, refused.want)
			}
		})
	}
	t.Run("a name that the server makes up is judged", func(t *testing.T) {
		yaml := strings.Replace(TopicYAML("shop", "batch-", prod, "replicas: 5"), "name: batch-", "generateName: batch-", 1)
		_, stderr, code := e.Plane.Kubectl(t.Context(), yaml, "create", "-f", "-")
		assert.Equal(t, 1, code)
		assert.Regexp(t, `^The KafkaTopic "batch-[a-z0-9]+" is invalid: spec.replicas: 5`, stderr)
	})
}
