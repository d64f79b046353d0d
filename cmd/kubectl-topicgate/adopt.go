package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/topicgate/topicgate/pkg/adopt"
	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	auditworld "github.com/topicgate/topicgate/pkg/audit/world"
	"github.com/topicgate/topicgate/pkg/cli"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/offline/world"
	"github.com/topicgate/topicgate/pkg/report"
)

// adoptOptions are the flags of `adopt`.
type adoptOptions struct {
	outputs
	brokers brokerFlags
	from    connection
	cluster string
	all     bool
	choice  adopt.Choice
	place   string
	now     string
}

func newAdopt() *cobra.Command {
	o := adoptOptions{outputs: outputs{formats: report.AdoptFormats()}, from: newConnection()}
	command := &cobra.Command{
		Use:   "adopt (TOPIC... | --all | --select GLOB | --origin WORD)",
		Short: "Print the KafkaTopics that would declare topics exactly as they are on the brokers",
		Long: `Print the KafkaTopics that would declare topics exactly as they are on the brokers: applying them changes nothing there.
Each carries the live partitions and replicas, the configs that the topic itself has, and deletionPolicy: Retain; comments say
what the topic is, who could own it, and what today's rules and policies say of it. Nothing is written anywhere.

The namespaces must be allowed to adopt (spec.adoption.namespaceSelector of the KafkaCluster). Topics are read from what the
syncer has found out, which may lack very long configs, and more than 40 of them; with --bootstrap, the brokers are asked for
the topics that are chosen. --all, --select and --origin choose among topics that nothing declares and nobody makes by nature;
what is ignored or a platform's must be named, and what is reserved is refused.

The code is 1 when a topic that was chosen gets no manifest.`,
		Example: `  kubectl topicgate adopt orders legacy.Payments -n shop
  kubectl topicgate adopt --all --namespace-from prefix > adopted.yaml
  kubectl topicgate adopt --select 'shop.*' --namespace-from label:kafka-prefix | kubectl apply -f -
  kubectl topicgate adopt --origin Released --namespace-from owner --bootstrap kafka.example:9092`,
		ValidArgsFunction: o.completeTopics,
		RunE: func(command *cobra.Command, args []string) error {
			o.choice.Names = args
			return o.run(command.Context(), command)
		},
	}
	o.addFlags(command)
	return command
}

func (o *adoptOptions) addFlags(command *cobra.Command) {
	classes, origins := report.AuditClasses()
	flags := command.Flags()
	flags.SortFlags = false
	o.addTo(command)
	flags.StringVar(&o.cluster, "cluster-name", "", "the KafkaCluster's `name`; may be left out where there is one only, or one is the default")
	flags.BoolVar(&o.all, "all", false, "every topic that nothing declares")
	flags.StringSliceVar(&o.choice.Globs, "select", nil, "topics whose name fits a `glob`, in which * stands for any characters; repeatable")
	flags.StringSliceVar(&o.choice.Words, "origin", nil, "topics of an `origin` or class of the audit ("+strings.Join(slices.Concat(origins, classes), ", ")+"); repeatable")
	flags.StringVar(&o.place, "namespace-from", "", "tell each topic's namespace by `how`: owner, label:KEY, prefix, prefix:SEPARATOR, or a template with {prefix} or {owner}")
	flags.StringVar(&o.now, "now", "", "`time` (RFC 3339) to judge at")
	// They fail only where there is no flag of the name.
	_ = flags.MarkHidden("now")
	_ = command.RegisterFlagCompletionFunc("origin", cobra.FixedCompletions(slices.Concat(origins, classes), cobra.ShellCompDirectiveNoFileComp))
	_ = command.RegisterFlagCompletionFunc("namespace-from", cobra.FixedCompletions([]string{"owner", "label:", "prefix"}, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveNoSpace))
	_ = command.RegisterFlagCompletionFunc("select", cobra.NoFileCompletions)
	_ = command.RegisterFlagCompletionFunc("cluster-name", func(command *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return completeClusters(command, o.from)
	})
	o.brokers.addTo(command)
	o.from.addTo(command)
}

func (o *adoptOptions) check() (time.Time, error) {
	_, wrongFormat := o.printed()
	now, wrongTime := (&inputs{now: o.now}).time()
	classes, origins := report.AuditClasses()
	var wrongWord, wrongChoice, wrongPlace, wrongBrokers error
	o.choice.Words, wrongWord = known("origin", o.choice.Words, slices.Concat(origins, classes))
	chosen := o.all || len(o.choice.Globs)+len(o.choice.Words) > 0
	if chosen == (len(o.choice.Names) > 0) {
		wrongChoice = fmt.Errorf("%w: want either topics by name, or --all, --select or --origin", cli.ErrBadFlag)
	}
	if o.place != "" {
		if err := adopt.CheckFrom(o.place); err != nil {
			wrongPlace = cli.BadFlag("namespace-from", o.place, strings.TrimPrefix(err.Error(), "want "))
		}
	}
	switch {
	case o.brokers.given():
		wrongBrokers = o.brokers.check()
	case o.brokers.tuned():
		wrongBrokers = cli.BadFlag("bootstrap", "", "host:port of a broker, as the other flags about Kafka are given")
	}
	return now, errors.Join(wrongFormat, wrongTime, wrongWord, wrongChoice, wrongPlace, wrongBrokers)
}

func (o *adoptOptions) run(ctx context.Context, command *cobra.Command) error {
	now, err := o.check()
	if err != nil {
		return err
	}
	stderr := command.ErrOrStderr()
	found, err := survey(ctx, o.from, o.cluster, now, stderr)
	if err != nil {
		return err
	}
	reserved := naming.Reservations{Add: found.cluster.Spec.ReservedNames.Add, Except: found.cluster.Spec.ReservedNames.Except}
	chosen, left := adopt.Choose(found.world, audit.Examine(found.world), reserved, o.choice)
	if o.brokers.given() {
		gone, err := o.brokers.readLive(ctx, &found, chosen)
		if err != nil {
			return err
		}
		chosen, left = present(chosen, gone), append(left, gone...)
	}
	made, without, err := o.make(found, chosen, now, stderr)
	if err != nil {
		return err
	}
	left = append(left, without...)
	o.warn(stderr, found, made, left)
	if err := o.write(command.OutOrStdout(), func(w io.Writer, format string) error { return report.WriteAdoptions(w, format, made) }); err != nil {
		return err
	}
	if len(left) > 0 {
		return errDenied
	}
	return nil
}

// make makes the manifests and has them judged.
func (o *adoptOptions) make(found surveyed, chosen []audit.Topic, now time.Time, stderr io.Writer) ([]report.Adoption, []adopt.Left, error) {
	namespace, err := o.from.namespace()
	if err != nil {
		return nil, nil, err
	}
	set, err := compile(found.manifests, stderr)
	if err != nil {
		return nil, nil, err
	}
	request := adopt.Request{
		Cluster: found.cluster, Taken: found.read.topics, Live: o.brokers.given(), Now: now,
		World: world.New(offline.Surround(found.manifests, offline.Manifests{}), set, now),
		Placement: adopt.Placement{
			Namespace: namespace, From: o.place, Labels: found.read.namespaces, OwnerLabel: auditworld.OwnerLabel(found.cluster.Spec),
		},
	}
	made, left, err := request.Make(chosen)
	if err != nil {
		return nil, nil, badInput(err)
	}
	return made, left, nil
}

// warn tells what the manifests themselves cannot.
func (o *adoptOptions) warn(stderr io.Writer, found surveyed, made []report.Adoption, left []adopt.Left) {
	for _, note := range found.notes {
		tell(stderr, "note", note)
	}
	for _, one := range left {
		tell(stderr, "left out", one.Topic+": "+one.Why)
	}
	found.warnNamespaces(stderr, made)
	if found.cluster.Spec.Sync.UnlistedConfig == v1alpha1.UnlistedReset && !o.brokers.given() {
		tell(stderr, "warning", "spec.sync.unlistedConfig of KafkaCluster "+found.cluster.Name+" is Reset, which removes configs that a manifest lacks: "+
			"ask the brokers with --bootstrap, in case the inventory has cut them short")
	}
}

// warnNamespaces tells which namespaces will not take the manifests.
func (s surveyed) warnNamespaces(stderr io.Writer, made []report.Adoption) {
	forbidden, missing := map[string]int{}, map[string]int{}
	for _, one := range made {
		if one.MayNotAdopt {
			forbidden[one.Object.Namespace]++
		}
		if _, there := s.read.namespaces[one.Object.Namespace]; !there && len(s.read.namespaces) > 0 {
			missing[one.Object.Namespace]++
		}
	}
	for _, namespace := range keys(missing) {
		tell(stderr, "warning", fmt.Sprintf("there is no namespace %s, which %d of the manifests are for", namespace, missing[namespace]))
	}
	for _, namespace := range keys(forbidden) {
		tell(stderr, "warning", fmt.Sprintf("namespace %s may not adopt, so admission refuses %d of the manifests: "+
			"spec.adoption.namespaceSelector of KafkaCluster %s does not select it", namespace, forbidden[namespace], s.cluster.Name))
	}
}

func present(chosen []audit.Topic, gone []adopt.Left) []audit.Topic {
	return slices.DeleteFunc(chosen, func(one audit.Topic) bool {
		return slices.ContainsFunc(gone, func(left adopt.Left) bool { return left.Topic == one.Name })
	})
}

// completeTopics are the names of topics that nothing declares, for shells.
func (o *adoptOptions) completeTopics(command *cobra.Command, given []string, _ string) ([]string, cobra.ShellCompDirective) {
	found, err := survey(command.Context(), o.from, o.cluster, time.Now(), io.Discard)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var names []string
	for _, name := range keys(found.world.Entries) {
		if audit.Undetermined(found.world.Entries[name].Class) && !slices.Contains(given, name) {
			names = append(names, name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
