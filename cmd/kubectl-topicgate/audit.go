package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/topicgate/topicgate/pkg/cli"
	"github.com/topicgate/topicgate/pkg/report"
)

// auditOptions are the flags of `audit`.
type auditOptions struct {
	outputs
	brokers   brokerFlags
	from      connection
	clusters  []string
	classes   []string
	failOn    []string
	files     []string
	baseline  string
	now       string
	selection report.AuditSelection
}

const (
	baselineInclude = "include"
	baselineExclude = "exclude"
)

func newAudit() *cobra.Command {
	o := auditOptions{outputs: outputs{formats: report.AuditFormats()}, from: newConnection()}
	command := &cobra.Command{
		Use:   "audit [CLUSTER...]",
		Short: "Name every topic that no KafkaTopic declares, and what else is wrong with those that one does",
		Long: `Name every topic that no KafkaTopic declares, say what it is, how large, who reads it and what to do about it; and what else
is wrong: topics that are missing, drift or break rules, brokers that create topics by themselves, and so on.

It reads what the syncer has found out (KafkaClusters, TopicInventories) and what is declared, so it needs rights in Kubernetes
only. With --bootstrap it asks Kafka itself, without any Kubernetes: then nothing is remembered, and every topic that is not
declared in the files of -f is an Orphan at once. Nothing is ever deleted or written anywhere: -o commands prints, for you to
read and run, what would remove topics that look auto-created, are empty and are read by nobody.

The code is 1 when something is found that --fail-on names; a severity stands for itself and all graver ones.`,
		Example: `  kubectl topicgate audit
  kubectl topicgate audit prod -o wide --class Orphan,Released
  kubectl topicgate audit -o html=audit.html -o json=audit.json
  kubectl topicgate audit prod --fail-on Orphan,AutoCreateEnabled --baseline=exclude
  kubectl topicgate audit --bootstrap kafka.example:9093 --tls --sasl-mechanism SCRAM-SHA-512 --username audit --password-file pw
  kubectl topicgate audit prod -o commands --class AutoCreated > remove.sh`,
		ValidArgsFunction: o.completeClusters,
		RunE: func(command *cobra.Command, args []string) error {
			o.clusters = args
			return o.run(command.Context(), command)
		},
	}
	o.addFlags(command)
	return command
}

func (o *auditOptions) addFlags(command *cobra.Command) {
	classes, origins := report.AuditClasses()
	flags := command.Flags()
	flags.SortFlags = false
	o.addTo(command)
	flags.StringSliceVar(&o.classes, "class", nil, "only topics of a `class` ("+strings.Join(classes, ", ")+") or origin ("+strings.Join(origins, ", ")+"); repeatable")
	flags.BoolVar(&o.selection.NoOwner, "no-owner", false, "only what nobody is known to own")
	flags.BoolVar(&o.selection.Ignored, "show-ignored", false, "list also topics that are Kafka's own, a platform's, ignored by a rule or declared elsewhere")
	flags.StringSliceVar(&o.failOn, "fail-on", nil, "end with 1 if a finding of such a `kind` ("+strings.Join(report.AuditKinds(), ", ")+") or severity ("+
		strings.Join(report.AuditSeverities(), ", ")+", or a graver one) is shown; repeatable")
	flags.StringVar(&o.baseline, "baseline", baselineInclude, "include or exclude `what` was on the brokers before TopicGate")
	flags.StringArrayVarP(&o.files, "filename", "f", nil, "`file`, directory or - with KafkaTopics that count as declared, with --bootstrap; repeatable")
	flags.StringVar(&o.now, "now", "", "`time` (RFC 3339) of the report")
	// It fails only where there is no flag of the name.
	_ = flags.MarkHidden("now")
	o.brokers.addTo(command)
	o.from.addTo(command)
	for flag, words := range map[string][]string{
		"class": slices.Concat(classes, origins), "fail-on": slices.Concat(report.AuditKinds(), report.AuditSeverities()),
		"baseline": {baselineInclude, baselineExclude},
	} {
		_ = command.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
	}
}

func (o *auditOptions) run(ctx context.Context, command *cobra.Command) error {
	now, err := o.check()
	if err != nil {
		return err
	}
	gather := o.fromKubernetes
	if o.brokers.given() {
		gather = o.fromBrokers
	}
	found, err := gather(ctx, command, now)
	if err != nil {
		return err
	}
	shown := report.NewAudit(now)
	shown.Selection = o.selection.Texts()
	for _, cluster := range found {
		shown.Clusters = append(shown.Clusters, o.selection.Select(cluster))
	}
	if err := o.write(command.OutOrStdout(), func(w io.Writer, format string) error { return report.WriteAudit(w, format, shown) }); err != nil {
		return err
	}
	if shown.Found(o.failOn) {
		return errDenied
	}
	return nil
}

// check finds out everything that is wrong with the flags before anything is asked.
func (o *auditOptions) check() (time.Time, error) {
	_, wrongFormat := o.printed()
	now, wrongTime := (&inputs{now: o.now}).time()
	classes, origins := report.AuditClasses()
	var wrongClass, wrongFailOn, wrongBaseline, wrongBrokers error
	o.selection.Words, wrongClass = known("class", o.classes, slices.Concat(classes, origins))
	o.failOn, wrongFailOn = known("fail-on", o.failOn, slices.Concat(report.AuditKinds(), report.AuditSeverities()))
	for _, word := range o.failOn {
		o.failOn = append(o.failOn, report.AtLeast(word)...)
	}
	switch o.baseline {
	case baselineInclude, baselineExclude:
		o.selection.WithoutBaseline = o.baseline == baselineExclude
	default:
		wrongBaseline = cli.BadFlag("baseline", o.baseline, "include or exclude")
	}
	switch {
	case o.brokers.given() && len(o.clusters) > 1:
		wrongBrokers = cli.BadFlag("bootstrap", strings.Join(o.brokers.bootstrap, ","), "at most one CLUSTER: whose KafkaTopics count as declared")
	case o.brokers.given():
		wrongBrokers = o.brokers.check()
	case o.brokers.tuned():
		wrongBrokers = cli.BadFlag("bootstrap", "", "host:port of a broker, as the other flags about Kafka are given")
	case len(o.files) > 0:
		wrongBrokers = cli.BadFlag("filename", o.files[0], "--bootstrap beside it; without it, what the cluster stores counts")
	}
	return now, errors.Join(wrongFormat, wrongTime, wrongClass, wrongFailOn, wrongBaseline, wrongBrokers)
}

// known spells words as they are known, however they were typed.
func known(flag string, given, words []string) ([]string, error) {
	var spelled []string
	var wrong []error
	for _, word := range given {
		at := slices.IndexFunc(words, func(known string) bool { return strings.EqualFold(known, strings.TrimSpace(word)) })
		if at < 0 {
			wrong = append(wrong, cli.BadFlag(flag, word, "one of "+strings.Join(words, ", ")))
			continue
		}
		spelled = append(spelled, words[at])
	}
	return spelled, errors.Join(wrong...)
}
