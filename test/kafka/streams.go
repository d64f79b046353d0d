package kafkatest

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"
)

// StreamsOptions say what Streams application [StartStreams] starts.
type StreamsOptions struct {
	// Input and Output are the topics it reads and writes. They must be there: Streams makes neither.
	Input, Output string
	// Protocol is group.protocol: classic, or streams (KIP-1071), where the brokers make its topics; absent = classic.
	Protocol string
	// Properties are for Streams and its clients, such as a login; they override what the harness sets.
	Properties map[string]string
}

// StartStreams runs a real Kafka Streams application that counts the values of a topic, for the length of the test. It
// returns once the application is running, by when it has made its topics: a repartition topic behind a change of key, and
// the changelog of a store, both with the names that Streams gives when nobody chooses one. Stores are in memory; the
// changelog is no other than that of one on disk.
func StartStreams(t testing.TB, bootstrap []string, applicationID string, opts StreamsOptions) *App {
	t.Helper()
	app := startApp(t, func(dir string) ([]string, error) {
		properties := map[string]string{
			"bootstrap.servers":         strings.Join(bootstrap, ","),
			"application.id":            applicationID,
			"state.dir":                 filepath.Join(dir, "state"),
			"default.key.serde":         "org.apache.kafka.common.serialization.Serdes$StringSerde",
			"default.value.serde":       "org.apache.kafka.common.serialization.Serdes$StringSerde",
			"dsl.store.suppliers.class": "org.apache.kafka.streams.state.BuiltInDslStoreSuppliers$InMemoryDslStoreSuppliers",
			"auto.offset.reset":         "earliest",
			"commit.interval.ms":        "200",
			"group.protocol":            "classic",
		}
		if opts.Protocol != "" {
			properties["group.protocol"] = opts.Protocol
		}
		maps.Copy(properties, opts.Properties)
		return fromSource(dir, "streams", properties, opts.Input, opts.Output)
	})
	app.wait(t, app.says("STATE RUNNING"))
	return app
}
