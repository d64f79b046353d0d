package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/cli"
	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/report"
)

// explainOptions are the flags of `explain`.
type explainOptions struct {
	inputs
	outputs
	from connection
}

func newExplain() *cobra.Command {
	o := explainOptions{outputs: outputs{formats: []string{"text", "json"}}, from: newConnection()}
	command := &cobra.Command{
		Use:   "explain (tgt/NAME | -f FILE)",
		Short: "Tell what a topic will be, and which policy made it so",
		Long: `Tell what a topic will be: every setting with its value and whose it is (the object's, a policy's default, the brokers',
Kafka's), which policies match, which exceptions it rests on, and the verdict on it as if it were new.

tgt/NAME is a KafkaTopic of the cluster, judged by the cluster's policies, with those of --policies in place of their namesakes.
With -f, files are explained without a cluster, by --policies and --cluster-facts.`,
		Example: `  kubectl topicgate explain tgt/orders -n shop
  kubectl topicgate explain -f orders.yaml --policies policies/ --cluster-facts facts.yaml -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			return o.run(command.Context(), args, command)
		},
	}
	command.Flags().SortFlags = false
	o.inputs.addTo(command)
	o.outputs.addTo(command)
	o.from.addTo(command)
	return command
}

func (o *explainOptions) run(ctx context.Context, args []string, command *cobra.Command) error {
	if _, err := o.printed(); err != nil {
		return err
	}
	if (len(args) == 1) == (len(o.files) > 0) {
		return cli.BadFlag("filename", strings.Join(o.files, ","), "either files, or one KafkaTopic such as tgt/orders")
	}
	var read surroundings
	var err error
	if o.namespace, err = o.from.namespace(); err != nil {
		return err
	}
	if len(args) == 1 {
		read, err = o.live(ctx, args[0], command.ErrOrStderr())
	} else {
		read, err = o.read(command.InOrStdin(), command.ErrOrStderr())
	}
	if err != nil {
		return err
	}
	explained, err := offline.Explain(read.world(command.ErrOrStderr()), read.manifests.Topics)
	if err != nil {
		return badInput(err)
	}
	return o.write(command.OutOrStdout(), func(w io.Writer, format string) error {
		return report.WriteExplanations(w, format, explained)
	})
}

// live reads a KafkaTopic of the cluster and what is around it.
func (o *explainOptions) live(ctx context.Context, arg string, stderr io.Writer) (surroundings, error) {
	name, err := topicName(arg)
	if err != nil {
		return surroundings{}, err
	}
	read, err := o.read(nil, stderr)
	if err != nil {
		return read, err
	}
	facts, err := o.from.read(ctx, stderr)
	if err != nil {
		return read, err
	}
	given := read.policies
	facts.Policies, facts.Exceptions = offline.JoinPolicies(facts, given).Policies, offline.JoinPolicies(facts, given).Exceptions
	if err := read.surround(facts, stderr); err != nil {
		return read, err
	}
	for _, found := range facts.Topics {
		if found.Object.Namespace == o.namespace && found.Object.Name == name {
			read.manifests.Topics = []offline.Found[v1alpha1.KafkaTopic]{found}
			return read, nil
		}
	}
	return read, badInput(fmt.Errorf("KafkaTopic %s/%s: %w", o.namespace, name, errNoTopic))
}

var errNoTopic = errors.New("there is none of that name")

// topicName is the name in an argument such as tgt/orders.
func topicName(arg string) (string, error) {
	kind, name, found := strings.Cut(arg, "/")
	if !found {
		return arg, nil
	}
	switch strings.ToLower(kind) {
	case "tgt", "kafkatopic", "kafkatopics", "kafkatopic.topicgate.io", "kafkatopics.topicgate.io":
		return name, nil
	default:
		return "", fmt.Errorf("%w: %s: want a KafkaTopic such as tgt/orders", cli.ErrBadFlag, arg)
	}
}
