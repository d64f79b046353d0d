package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/validate/content"
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
	logLevel         string
}

func newCommand() *cobra.Command {
	o := options{}
	command := &cobra.Command{
		Use:   "syncer",
		Short: "Make Kafka's topics match the KafkaTopics of a Kubernetes API server, one way",
		Long: `Make Kafka's topics match the KafkaTopics of a Kubernetes API server, one way.

For each KafkaCluster, the syncer creates, grows, configures and deletes topics as their KafkaTopics say, reports in
their status, and writes what else is on the brokers into TopicInventory objects. It never writes a spec, and deletes a
topic only when the deletion of its own KafkaTopic was asked for and every guard has passed.`,
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
	flags.StringVar(&o.kubeconfig, "kubeconfig", "", "path of a kubeconfig; empty uses the Pod's ServiceAccount, or KUBECONFIG")
	flags.BoolVar(&o.leaderElect, "leader-elect", true, "let only one of several syncers write; false is for a single process on a desk")
	flags.StringVar(&o.leaseNamespace, "leader-election-namespace", os.Getenv("POD_NAMESPACE"), "namespace of the Lease that elects the leader (default $POD_NAMESPACE)")
	flags.StringVar(&o.secretsNamespace, "secrets-namespace", os.Getenv("POD_NAMESPACE"), "the only namespace that Secrets and ConfigMaps of KafkaClusters are read from (default $POD_NAMESPACE)")
	flags.StringVar(&o.metricsAddress, "metrics-bind-address", ":8080", "host:port that serves /metrics; 0 serves none")
	flags.StringVar(&o.probeAddress, "health-probe-bind-address", ":8081", "host:port that serves /healthz and /readyz; 0 serves none")
	flags.DurationVar(&o.linger, "linger", 100*time.Millisecond, "how long a round waits for more changes, 0s to 200ms; longer makes larger batches")
	flags.StringVar(&o.logLevel, "log-level", "info", "debug, info, warn or error")
	return command
}

// mostLinger keeps a single edit from feeling slow.
const mostLinger = 200 * time.Millisecond

func (o options) validate() error {
	var problems []error
	if o.leaderElect {
		problems = append(problems, namespace("--leader-election-namespace", o.leaseNamespace))
	}
	problems = append(problems,
		namespace("--secrets-namespace", o.secretsNamespace),
		address("--metrics-bind-address", o.metricsAddress),
		address("--health-probe-bind-address", o.probeAddress))
	if o.linger < 0 || o.linger > mostLinger {
		problems = append(problems, fmt.Errorf("--linger: %s: must be between 0s and %s", o.linger, mostLinger))
	}
	return errors.Join(problems...)
}

func namespace(flag, value string) error {
	if value == "" {
		return fmt.Errorf("%s: name a namespace, or set POD_NAMESPACE", flag)
	}
	if problems := content.IsDNS1123Label(value); len(problems) > 0 {
		return fmt.Errorf("%s: %q: is no namespace name: %s", flag, value, problems[0])
	}
	return nil
}

func address(flag, value string) error {
	if value == "0" {
		return nil
	}
	_, port, err := net.SplitHostPort(value)
	if err != nil {
		return fmt.Errorf("%s: %q: must be host:port, :port, or 0 for none", flag, value)
	}
	if number, err := strconv.Atoi(port); err != nil || number < 0 || number > 65535 {
		return fmt.Errorf("%s: %q: the port must be a number from 0 to 65535", flag, value)
	}
	return nil
}
