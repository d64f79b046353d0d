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
		Short: "Judge KafkaTopics, KafkaClusters and TopicPolicies for the Kubernetes API server",
		Long: `webhook answers the Kubernetes API server's questions whether a KafkaTopic, a KafkaCluster, a TopicPolicy or a
TopicPolicyException may be created, changed or deleted, and fills in what KafkaTopics leave out: the clusterRef
and, where it is asked to, what TopicPolicies default. It judges by what is in the API server (objects, policies,
KafkaCluster status, TopicInventories) and never talks to Kafka.

It serves /mutate-kafkatopic, /mutate-kafkatopic-defaults, /validate-kafkatopic, /validate-kafkatopic-delete,
/validate-kafkacluster, /validate-topicpolicy and /validate-topicpolicyexception over TLS, metrics at /metrics, and probes at /healthz and /readyz. SIGTERM makes it leave in good order: not ready,
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
