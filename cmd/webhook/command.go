package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"
)

// runner does what the options say until ctx ends.
type runner func(ctx context.Context, o options, out io.Writer) error

// newCommand is the command line: flags to options, and those to run.
func newCommand(run runner) *cobra.Command {
	o := defaults()
	command := &cobra.Command{
		Use:   "webhook",
		Short: "Judge KafkaTopics and KafkaClusters for the Kubernetes API server",
		Long: `webhook answers the Kubernetes API server's questions whether a KafkaTopic or a KafkaCluster may be created,
changed or deleted, and fills the clusterRef of KafkaTopics that have none. It judges by what is in the API
server (objects, KafkaCluster status, TopicInventories) and never talks to Kafka.

It serves /mutate-kafkatopic, /validate-kafkatopic, /validate-kafkatopic-delete and /validate-kafkacluster over
TLS, metrics at /metrics, and probes at /healthz and /readyz. SIGTERM makes it leave in good order: not ready,
still answering for --shutdown-delay, then gone; a second signal ends it at once.`,
		Example: `  webhook --cert-dir=/etc/topicgate/tls
  webhook --kubeconfig=$HOME/.kube/config --cert-dir=./tls --host=127.0.0.1 --metrics-bind-address=0
  source <(webhook completion bash)`,
		Args:          cobra.NoArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(command *cobra.Command, _ []string) error {
			if err := o.validate(); err != nil {
				return err
			}
			return run(command.Context(), o, command.ErrOrStderr())
		},
	}
	o.register(command.Flags())
	return command
}
