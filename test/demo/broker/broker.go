// Package broker asks Kafka itself, over its own protocol, what an application or an administrator would ask: the demo's
// stand-in for Kafka's command line tools, which an embedded Kafka does not bring.
package broker

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

// patience is how long brokers on this machine may take to answer.
const patience = 20 * time.Second

// PrintTopics writes a table of the topics that the brokers have, Kafka's own left out: partitions, replicas, what is
// configured on the topic itself, and its ID.
func PrintTopics(ctx context.Context, bootstrap []string, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	topics, err := kafkatest.ReadTopics(ctx, bootstrap)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintln(table, "TOPIC\tPARTITIONS\tREPLICAS\tTOPIC ID\tCONFIG")
	for _, name := range slices.Sorted(maps.Keys(topics)) {
		topic := topics[name]
		if topic.Internal {
			continue
		}
		_, _ = fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%s\n", name, topic.Partitions, topic.Replicas, topic.ID, config(topic.Config))
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("printing topics: %w", err)
	}
	return nil
}

func config(values map[string]string) string {
	settings := make([]string, 0, len(values))
	for _, key := range slices.Sorted(maps.Keys(values)) {
		settings = append(settings, key+"="+values[key])
	}
	return strings.Join(settings, " ")
}

// Produce writes one record as any producer does: it asks for the topic's metadata first, and does not forbid the broker
// to create the topic at that.
func Produce(ctx context.Context, bootstrap []string, topic, value string, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	client, err := kgo.NewClient(kgo.SeedBrokers(bootstrap...), kgo.ClientID("demo-producer"), kgo.AllowAutoTopicCreation())
	if err != nil {
		return fmt.Errorf("making a Kafka client: %w", err)
	}
	defer client.Close()
	record, err := client.ProduceSync(ctx, &kgo.Record{Topic: topic, Value: []byte(value)}).First()
	if err != nil {
		return fmt.Errorf("producing to %q: %w", topic, err)
	}
	_, err = fmt.Fprintf(out, "1 record written to %s, partition %d, offset %d\n", record.Topic, record.Partition, record.Offset)
	return err
}
