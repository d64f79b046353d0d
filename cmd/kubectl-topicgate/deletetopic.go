package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/topicgate/topicgate/pkg/cli"
	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/scan"
)

// deleteOptions are the flags of `delete-topic`.
type deleteOptions struct {
	brokers    brokerFlags
	id         string
	force, yes bool
}

func newDeleteTopic() *cobra.Command {
	o := deleteOptions{}
	command := &cobra.Command{
		Use:   "delete-topic NAME --topic-id ID --bootstrap HOST:PORT",
		Short: "Delete one topic from the brokers by its ID, if nothing speaks for it",
		Long: `Delete one topic from the brokers by its ID, as ` + "`audit -o commands`" + ` prints it. Kafka's own tools delete by name only, and so hit
whatever somebody has created anew under that name.

The brokers are asked first: the ID must be that topic's; it must hold no records, and no group may read it or have offsets
there; what cannot be found out counts as if it were so. --force deletes all the same, with the reasons shown, but never another
topic than that of the ID and never one whose name is reserved. The name must be typed unless --yes is given. A topic that a
KafkaTopic declares is deleted by deleting that KafkaTopic: the syncer would only make it again.`,
		Example: `  kubectl topicgate delete-topic ordres --topic-id=Yb6cM2l1TLmQwkHpGzMvcA --bootstrap kafka.example:9092
  kubectl topicgate delete-topic --topic-id=Yb6cM2l1TLmQwkHpGzMvcA --bootstrap kafka.example:9093 --tls --yes -- ordres`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(command *cobra.Command, args []string) error {
			return o.run(command.Context(), command, args[0])
		},
	}
	flags := command.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.id, "topic-id", "", "the topic's `ID`, as the audit shows it")
	flags.BoolVar(&o.force, "force", false, "delete it although something speaks for it")
	flags.BoolVarP(&o.yes, "yes", "y", false, "do not ask for the name")
	o.brokers.addTo(command)
	return command
}

func (o *deleteOptions) run(ctx context.Context, command *cobra.Command, name string) error {
	if err := o.check(); err != nil {
		return err
	}
	stderr := command.ErrOrStderr()
	if pattern, reserved := (naming.Reservations{}).Match(name); reserved {
		tell(stderr, "refused", fmt.Sprintf("names like %q belong to %s", pattern.Glob, pattern.Product))
		return errDenied
	}
	client, err := o.brokers.dial()
	if err != nil {
		return err
	}
	defer client.Close()
	found, err := o.find(ctx, client, stderr, name)
	if err != nil {
		return err
	}
	if !o.allowed(stderr, found) || !o.confirmed(command.InOrStdin(), stderr, name) {
		return errDenied
	}
	if err := scan.Remove(ctx, client, found); err != nil {
		return unreachable(err)
	}
	_, err = fmt.Fprintf(command.OutOrStdout(), "deleted topic %s (%s)\n", name, found.ID)
	return err
}

// find asks the brokers for the topic; that it is another one is a refusal.
func (o *deleteOptions) find(ctx context.Context, client *kafka.Client, stderr io.Writer, name string) (scan.Found, error) {
	found, err := scan.Find(ctx, client, name, o.id)
	switch {
	case errors.Is(err, scan.ErrAnotherTopic):
		tell(stderr, "refused", err.Error())
		return found, errDenied
	case err != nil && ctx.Err() == nil:
		return found, unreachable(fmt.Errorf("asking the brokers: %s", kafka.Classify(err).Message))
	default:
		return found, err
	}
}

func (o *deleteOptions) check() error {
	var wrong []error
	if o.id == "" {
		wrong = append(wrong, cli.BadFlag("topic-id", o.id, "the topic's ID"))
	}
	if !o.brokers.given() {
		wrong = append(wrong, cli.BadFlag("bootstrap", "", "host:port of a broker"))
		return errors.Join(wrong...)
	}
	return errors.Join(append(wrong, o.brokers.check())...)
}

// allowed tells what speaks against the deletion.
func (o *deleteOptions) allowed(stderr io.Writer, found scan.Found) bool {
	kind := "refused"
	if o.force {
		kind = "warning"
	}
	for _, reason := range found.Against {
		tell(stderr, kind, reason)
	}
	return o.force || len(found.Against) == 0
}

// confirmed has a person type the topic's name.
func (o *deleteOptions) confirmed(stdin io.Reader, stderr io.Writer, name string) bool {
	if o.yes {
		return true
	}
	_, _ = fmt.Fprintf(stderr, "Its records are lost for good. Type the topic's name to delete it: ") // who cannot read it will not answer
	typed, err := bufio.NewReader(stdin).ReadString('\n')
	if (err == nil || errors.Is(err, io.EOF)) && strings.TrimSpace(typed) == name {
		return true
	}
	tell(stderr, "refused", "that is not the topic's name; nothing was deleted")
	return false
}
