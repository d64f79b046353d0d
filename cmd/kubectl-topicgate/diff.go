package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/report"
)

func newDiff() *cobra.Command {
	o := newSubjectOptions()
	command := &cobra.Command{
		Use:   "diff TOPIC",
		Short: "Tell what differs between a KafkaTopic's spec and the brokers, and which of the two wins",
		Long: `Tell what differs between a KafkaTopic's spec and the brokers, and who wins: the spec, which the syncer carries out; nobody, for a
config that no spec lists is reported as drift (or removed, with unlistedConfig: Reset); or hands off, for unmanagedConfig.

TOPIC is a KafkaTopic of the namespace, or the name of a topic that one declares. The brokers' side is what the syncer last saw,
which is partitions and replicas, and the condition Drifted; with --bootstrap, the brokers are asked for the configs too.

The code is 0 when nothing differs, 1 when something does.`,
		Example: `  kubectl topicgate diff orders -n shop
  kubectl topicgate diff shop.orders.v1 --bootstrap kafka.example:9092 -o json`,
		Args: cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, args []string) error { return o.diff(command.Context(), command, args[0]) },
	}
	o.addFlags(command)
	return command
}

func (o *subjectOptions) diff(ctx context.Context, command *cobra.Command, arg string) error {
	now, err := o.check()
	if err != nil {
		return err
	}
	found, err := o.find(ctx, arg, now, command.ErrOrStderr())
	switch {
	case err != nil:
		return err
	case found.object == nil:
		return badInput(fmt.Errorf("topic %s: %w", found.name, errNoObject))
	}
	made := report.TopicDiff{
		APIVersion: report.APIVersion, Kind: "TopicDiff", Topic: found.name, Cluster: found.cluster.Name, Live: found.source,
		Object: report.AuditObject{Namespace: found.object.Namespace, Name: found.object.Name},
	}
	made.Values, made.Notes = found.compare()
	made.Differs = len(report.Differing(made.Values)) > 0
	found.judgeDiff(&made)
	if err := o.write(command.OutOrStdout(), func(w io.Writer, format string) error { return report.WriteTopicDiff(w, format, made) }); err != nil {
		return err
	}
	if made.Differs {
		return errDenied
	}
	return nil
}

// judgeDiff adds what values alone do not show.
func (s subject) judgeDiff(made *report.TopicDiff) {
	if s.live == nil {
		made.Differs = true
		made.Notes = append(made.Notes, "the topic is not on the brokers, as far as is known")
		return
	}
	if s.live.ConfigKnown {
		return
	}
	if drift := s.drift(); drift != "" {
		made.Differs = true
		made.Notes = append(made.Notes, "drifted: "+drift)
	}
	ready := meta.FindStatusCondition(s.object.Status.Conditions, v1alpha1.ConditionReady)
	switch {
	case ready == nil || s.object.Status.ObservedGeneration != s.object.Generation:
		made.Differs = true
		made.Notes = append(made.Notes, "the syncer has not carried out the present spec yet")
	case ready.Status != "True":
		made.Differs = true
		made.Notes = append(made.Notes, "the spec is not carried out: "+ready.Reason+": "+ready.Message)
	}
}
