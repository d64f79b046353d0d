package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/validate/content"

	"github.com/topicgate/topicgate/pkg/cli"
)

// options are the syncer's flags.
type options struct {
	kubeconfig       string
	leaderElect      bool
	leaseNamespace   string
	secretsNamespace string
	metricsAddress   string
	probeAddress     string
	linger           time.Duration
	probeInterval    time.Duration
	logLevel         string
}

// newCommand is the command line: flags to options, and those to run.
func newCommand(run func(context.Context, options) error) *cobra.Command {
	o := options{}
	command := &cobra.Command{
		Use:   "syncer",
		Short: "Make Kafka's topics match the KafkaTopics of a Kubernetes API server, one way",
		Long: `Make Kafka's topics match the KafkaTopics of a Kubernetes API server, one way.

For each KafkaCluster, the syncer creates, grows, configures and deletes topics as their KafkaTopics say, reports in
their status, and writes what else is on the brokers into TopicInventory objects. It never writes a spec, and deletes a
topic only when the deletion of its own KafkaTopic was asked for and every guard has passed.`,
		Example: `  syncer --leader-election-namespace=topicgate-syncer --secrets-namespace=topicgate-syncer
  syncer --kubeconfig=$HOME/.kube/config --leader-elect=false --secrets-namespace=default --metrics-bind-address=0
  source <(syncer completion bash)`,
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(command *cobra.Command, _ []string) error {
			if err := o.validate(); err != nil {
				return err
			}
			return run(command.Context(), o)
		},
	}
	flags := command.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.kubeconfig, "kubeconfig", "", "`file` that tells how to reach the API server; empty uses the Pod's ServiceAccount, or KUBECONFIG")
	flags.BoolVar(&o.leaderElect, "leader-elect", true, "let only one of several syncers write; false is for a single process on a desk")
	flags.StringVar(&o.leaseNamespace, "leader-election-namespace", os.Getenv("POD_NAMESPACE"), "`namespace` of the Lease that elects the leader (default $POD_NAMESPACE)")
	flags.StringVar(&o.secretsNamespace, "secrets-namespace", os.Getenv("POD_NAMESPACE"), "the only `namespace` that Secrets and ConfigMaps of KafkaClusters are read from (default $POD_NAMESPACE)")
	flags.StringVar(&o.metricsAddress, "metrics-bind-address", ":8080", "`address` that serves /metrics; 0 serves none")
	flags.StringVar(&o.probeAddress, "health-probe-bind-address", ":8081", "`address` that serves /healthz and /readyz; 0 serves none")
	flags.DurationVar(&o.linger, "linger", 100*time.Millisecond, "how long a round waits for more changes, 0s to 200ms; longer makes larger batches")
	flags.DurationVar(&o.probeInterval, "admission-probe-interval", time.Minute,
		"how often to ask the API server, as a dry run, for a KafkaTopic that the webhook refuses; 1s or more, 0s never asks")
	flags.StringVar(&o.logLevel, "log-level", "info", "least `level` of what is logged, as JSON on stderr: "+cli.LogLevels)
	return command
}

// mostLinger keeps a single edit from feeling slow.
const mostLinger = 200 * time.Millisecond

func (o options) validate() error {
	var problems []error
	if o.leaderElect {
		problems = append(problems, checkNamespace("leader-election-namespace", o.leaseNamespace))
	}
	problems = append(problems,
		checkNamespace("secrets-namespace", o.secretsNamespace),
		cli.CheckAddress("metrics-bind-address", o.metricsAddress),
		cli.CheckAddress("health-probe-bind-address", o.probeAddress))
	if o.linger < 0 || o.linger > mostLinger {
		problems = append(problems, cli.BadFlag("linger", o.linger, "0s to "+mostLinger.String()))
	}
	if o.probeInterval != 0 && o.probeInterval < time.Second {
		problems = append(problems, cli.BadFlag("admission-probe-interval", o.probeInterval, "1s or more, or 0s"))
	}
	return errors.Join(problems...)
}

func checkNamespace(flag, value string) error {
	if value == "" || len(content.IsDNS1123Label(value)) > 0 {
		return cli.BadFlag(flag, value, "the name of a namespace, or POD_NAMESPACE set to one")
	}
	return nil
}
