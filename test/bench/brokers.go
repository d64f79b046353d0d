package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

// brokers are what both kinds have in common.
type brokers interface {
	Bootstrap() []string
	Counted() []string
	Requests() map[int16]int
	ResetCounts()
	Stop() error
}

// brokerKind is a kind of brokers that topics are synced to.
type brokerKind struct {
	name  string
	start func(context.Context) (brokers, error)
	// apache says that it is the real thing, which needs files and maps by the partition.
	apache bool
}

func (b *bench) availableBrokers() []brokerKind {
	quiet := map[string]string{"auto.create.topics.enable": "false"}
	kinds := []brokerKind{{name: "kfake", start: func(ctx context.Context) (brokers, error) {
		return kafkatest.Embedded(ctx, kafkatest.Options{Properties: quiet})
	}}}
	if b.quick {
		return kinds
	}
	const heapMiB = 600
	return append(kinds, brokerKind{
		name: "Kafka " + kafkatest.DefaultVersion, apache: true,
		start: func(ctx context.Context) (brokers, error) {
			return kafkatest.Start(ctx, kafkatest.Options{Properties: quiet, HeapMiB: heapMiB})
		},
	})
}

// worldSize is one world to be measured.
type worldSize struct {
	kind   brokerKind
	topics int
}

// worldSizes are the worlds that this machine can hold. What is left out is noted.
func (b *bench) worldSizes() []worldSize {
	var worlds []worldSize
	for _, kind := range b.brokers {
		for _, topics := range b.topics {
			if lacks := lacksFor(topics); kind.apache && lacks != "" {
				b.report.note("Not run: %s topics on %s, which need %s.", number(topics), kind.name, lacks)
				continue
			}
			worlds = append(worlds, worldSize{kind, topics})
		}
	}
	return worlds
}

// started starts brokers; nil, noted, where the machine lacks a part of them.
func (b *bench) started(ctx context.Context, kind brokerKind) (brokers, error) {
	made, err := kind.start(ctx)
	if errors.Is(err, kafkatest.ErrMissing) {
		b.report.note("NOT RUN on %s: %v.", kind.name, err)
		return nil, nil //nolint:nilnil // no brokers is an answer: what needs them is left out
	}
	return made, err
}

var errBrokers = errors.New("the brokers refuse")

const (
	createBatch = 1000 // topics in one request: what KRaft takes at once, with room for their configs
	deleteBatch = 200
)

// createBare makes topics as fast as the brokers take them: in full batches, one after another.
func createBare(ctx context.Context, client *kgo.Client, names []string) error {
	return inBatches(names, createBatch, func(batch []string) error {
		request := kmsg.NewPtrCreateTopicsRequest()
		request.TimeoutMillis = requestTimeoutMillis
		for _, name := range batch {
			topic := kmsg.NewCreateTopicsRequestTopic()
			topic.Topic, topic.NumPartitions, topic.ReplicationFactor = name, 1, 1
			for key, value := range topicConfig() {
				config := kmsg.NewCreateTopicsRequestTopicConfig()
				config.Name, config.Value = key, &value
				topic.Configs = append(topic.Configs, config)
			}
			request.Topics = append(request.Topics, topic)
		}
		response, err := request.RequestWith(ctx, client)
		if err != nil {
			return fmt.Errorf("creating topics: %w", err)
		}
		for _, topic := range response.Topics {
			if err := kerr.ErrorForCode(topic.ErrorCode); err != nil {
				return fmt.Errorf("%w: creating topic %s: %w", errBrokers, topic.Topic, err)
			}
		}
		return nil
	})
}

const requestTimeoutMillis = 60_000

// deleteBare deletes topics by name.
func deleteBare(ctx context.Context, client *kgo.Client, names []string) error {
	return inBatches(names, deleteBatch, func(batch []string) error {
		request := kmsg.NewPtrDeleteTopicsRequest()
		request.TimeoutMillis, request.TopicNames = requestTimeoutMillis, batch
		for _, name := range batch {
			topic := kmsg.NewDeleteTopicsRequestTopic()
			topic.Topic = &name
			request.Topics = append(request.Topics, topic)
		}
		response, err := request.RequestWith(ctx, client)
		if err != nil {
			return fmt.Errorf("deleting topics: %w", err)
		}
		for _, topic := range response.Topics {
			if err := kerr.ErrorForCode(topic.ErrorCode); err != nil {
				return fmt.Errorf("%w: deleting a topic: %w", errBrokers, err)
			}
		}
		return nil
	})
}

func inBatches(names []string, most int, send func([]string) error) error {
	for len(names) > 0 {
		batch := names[:min(most, len(names))]
		if err := send(batch); err != nil {
			return err
		}
		names = names[len(batch):]
	}
	return nil
}
