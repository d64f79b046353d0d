package main

import (
	"errors"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/topicgate/topicgate/test/demo/broker"
	"github.com/topicgate/topicgate/test/demo/parts"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

// options are the demo's flags.
type options struct {
	kafka        string
	kafkaVersion string
	tourOnly     bool
	dir          string
	programs     string
}

var errNoBootstrap = errors.New("KAFKA_BOOTSTRAP is not set; run `source .demo/env` while the demo runs")

func newCommand() *cobra.Command {
	o := options{}
	command := &cobra.Command{
		Use:           "demo",
		Short:         "Run all of TopicGate on this machine and play a guided tour",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(command *cobra.Command, _ []string) error {
			return run(command.Context(), o, command.OutOrStdout())
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.kafka, "kafka", string(parts.Kfake), "kfake, embedded, or apache, a real broker")
	flags.StringVar(&o.kafkaVersion, "kafka-version", "", "release of the real broker, whose jars are in bin/kafka (default "+kafkatest.DefaultVersion+")")
	flags.BoolVar(&o.tourOnly, "tour-only", false, "end after the tour, with its status")
	flags.StringVar(&o.dir, "dir", ".demo", "directory, relative to the repository, that receives everything; what is in it is removed")
	flags.StringVar(&o.programs, "programs", "bin", "directory, relative to the repository, of the programs demo, webhook, syncer and kubectl-topicgate")
	command.AddCommand(newTopicsCommand(), newProduceCommand())
	return command
}

func newTopicsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "topics",
		Short: "List the topics on the brokers of $KAFKA_BOOTSTRAP",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			servers, err := bootstrap()
			if err != nil {
				return err
			}
			return broker.PrintTopics(command.Context(), servers, command.OutOrStdout())
		},
	}
}

func newProduceCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "produce TOPIC VALUE",
		Short: "Write one record to a topic on the brokers of $KAFKA_BOOTSTRAP, which may create it",
		Args:  cobra.ExactArgs(2),
		RunE: func(command *cobra.Command, args []string) error {
			servers, err := bootstrap()
			if err != nil {
				return err
			}
			return broker.Produce(command.Context(), servers, args[0], args[1], command.OutOrStdout())
		},
	}
}

func bootstrap() ([]string, error) {
	servers := os.Getenv("KAFKA_BOOTSTRAP")
	if servers == "" {
		return nil, errNoBootstrap
	}
	return strings.Split(servers, ","), nil
}
