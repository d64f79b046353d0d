package e2e

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// testRefusals reads refusals word by word, as a user does: kubectl prints one object's causes and several objects' message.
func testRefusals(t *testing.T, e *Env) {
	const bullets = `%[1]s spec.topicName: topic name "bad name!" contains ' ' at position 4, '!' at position 9; limit: only ASCII letters, digits, ".", "_" and "-" (Kafka); fix: use "bad-name"
%[1]s spec.partitions: 0: a topic has at least one partition; limit: 1 or more (Kafka 4.4); fix: set partitions to 1 or more, or leave it out for the brokers' default
%[1]s spec.replicas: 0: each partition has at least one replica; limit: 1 or more (Kafka 4.4); fix: set replicas to 3, or leave it out for the brokers' default
%[1]s spec.config[retention.ms]: "7d" is not a whole number; limit: a whole number of at least -1 (milliseconds) (Kafka 4.4); fix: write "604800000"
`
	spec := []string{"clusterRef: {name: prod}", `topicName: "bad name!"`, "partitions: 0", "replicas: 0", "config: {retention.ms: 7d}"}
	t.Run("four faults are four bullets", func(t *testing.T) {
		e.refused(t, TopicYAML("shop", "faulty", spec...), "The KafkaTopic \"faulty\" is invalid: \n"+bulleted(bullets, "*"))
	})
	t.Run("two such objects in one file are both complete", func(t *testing.T) {
		const denied = `Error from server (Invalid): error when creating "STDIN": admission webhook "kafkatopics.topicgate.io" denied the request: `
		e.refused(t, TopicYAML("shop", "faulty", spec...)+TopicYAML("shop", "worse", spec...),
			denied+"shop/faulty breaks 4 rules:\n"+bulleted(bullets, "•")+denied+"shop/worse breaks 4 rules:\n"+bulleted(bullets, "•"))
	})
}

// testCreations is every rule about new objects, once.
func testCreations(t *testing.T, e *Env) {
	const prod = "clusterRef: {name: prod}"
	for name, refused := range map[string]struct{ yaml, want string }{
		"a name of Kafka's own": {
			TopicYAML("shop", "offsets", prod, "topicName: __consumer_offsets"), "",
		},
		"a name of a product": {
			TopicYAML("shop", "schemas", prod, "topicName: _schemas"), "",
		},
		"another name where names are strict": {
			TopicYAML("modes", "orders", "clusterRef: {name: strict}", "topicName: Orders"), "",
		},
		"a name that is not derived where names are derived": {
			TopicYAML("modes", "orders", "clusterRef: {name: derived}", "topicName: Orders"), "",
		},
		"a cluster that is not there": {
			TopicYAML("shop", "orders", "clusterRef: {name: prdo}"), "",
		},
		"no cluster and no default": {
			TopicYAML("shop", "orders"), "",
		},
		"a namespace that the cluster does not admit": {
			TopicYAML("strangers", "orders", prod), "",
		},
		"a collision with a topic on the brokers": {
			TopicYAML("shop", "orders", prod, "topicName: Before.us"), "",
		},
		"a topic that was there before": {
			TopicYAML("shop", "orders", prod, "topicName: Before_us", "partitions: 6"), "",
		},
		"more replicas than brokers": {
			TopicYAML("shop", "orders", prod, "replicas: 5"), "",
		},
		"more partitions than Kafka makes at once": {
			TopicYAML("shop", "orders", prod, "partitions: 10000"), "",
		},
		"a config that Kafka does not know": {
			TopicYAML("shop", "orders", prod, "config: {retention.sm: 1}"), "",
		},
		"a config of a list": {
			TopicYAML("shop", "orders", prod, "config: {cleanup.policy: [compact, delete]}"), "",
		},
		"a config of null": {
			TopicYAML("shop", "orders", prod, "config: {retention.ms: null}"), "",
		},
		"a config that is also left alone": {
			TopicYAML("shop", "orders", prod, "config: {retention.ms: 1}", "unmanagedConfig: [retention.ms]"), "",
		},
		"more in-sync replicas than replicas": {
			TopicYAML("shop", "orders", prod, "replicas: 2", "config: {min.insync.replicas: 3}"), "",
		},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			_, stderr, code := e.Apply(t, refused.yaml)
			assert.Equal(t, 1, code)
			t.Log(stderr)
		})
	}
}
