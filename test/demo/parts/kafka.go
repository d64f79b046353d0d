package parts

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

// Kafka is which Kafka the demo runs. In both auto-creation is on, which is Kafka's own default: there is to be something
// for the audit to find.
type Kafka string

// Which Kafka the demo runs.
const (
	// Kfake is an imitation inside this process: quick, and needs nothing.
	Kfake Kafka = "kfake"
	// Apache is a real broker, of the jars in bin/kafka.
	Apache Kafka = "apache"
)

// versionLine is the line of the KafkaCluster's spec that tells the brokers' release, where they do not let it be guessed
// right: kfake lacks the requests about delegation tokens, which Kafka has since 1.1, and is taken for 1.0.
func (k Kafka) versionLine() string {
	if k == Kfake {
		return "  kafkaVersion: \"4.4\" # what kfake imitates\n"
	}
	return ""
}

// ErrOptions is wrapped by every error about what the demo was asked for.
var ErrOptions = errors.New("bad option")

// Check refuses options that name no Kafka.
func (o Options) Check() error {
	switch o.Kafka {
	case Kfake:
		if o.KafkaVersion != "" {
			return fmt.Errorf("%w: KAFKA_VERSION=%s needs KAFKA=%s; the embedded %s has no versions", ErrOptions, o.KafkaVersion, Apache, Kfake)
		}
	case Apache:
	default:
		return fmt.Errorf("%w: KAFKA=%s: want %s (the default, embedded) or %s (a real broker)", ErrOptions, o.Kafka, Kfake, Apache)
	}
	return nil
}

func (p *Parts) startKafka(ctx context.Context) error {
	if p.options.Kafka == Apache {
		return p.startApache(ctx)
	}
	return p.terminal.Step("Kafka ready: kfake, embedded", func() error {
		cluster, err := kafkatest.Embedded(ctx, kafkatest.Options{})
		if err != nil {
			return err
		}
		p.onStop(cluster.Stop)
		p.Bootstrap = strings.Join(cluster.Bootstrap(), ",")
		return nil
	})
}

func (p *Parts) startApache(ctx context.Context) error {
	version := p.options.KafkaVersion
	if version == "" {
		version = kafkatest.DefaultVersion
	}
	return p.terminal.Step("Kafka ready: Apache Kafka "+version, func() error {
		dir := p.path("kafka")
		// Where the other logs are, before there is anything to go wrong.
		if err := os.Symlink("../kafka/node-1/kafka.log", p.path("logs", "kafka.log")); err != nil {
			return fmt.Errorf("linking Kafka's log: %w", err)
		}
		cluster, err := kafkatest.Start(ctx, kafkatest.Options{Version: version, Dir: dir})
		if err != nil {
			return err
		}
		p.onStop(cluster.Stop)
		p.Bootstrap = strings.Join(cluster.Bootstrap(), ",")
		return nil
	})
}
