package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/cli"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

var (
	errNoSubject = errors.New("there is neither a KafkaTopic nor a topic of that name")
	errNoObject  = errors.New("no KafkaTopic declares it, so there is no spec to compare; `adopt` prints one")
)

// subjectOptions are the flags of commands about one topic.
type subjectOptions struct {
	outputs
	brokers brokerFlags
	from    connection
	cluster string
	now     string
}

func newSubjectOptions() subjectOptions {
	return subjectOptions{outputs: outputs{formats: report.StatusFormats()}, from: newConnection()}
}

func (o *subjectOptions) addFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.SortFlags = false
	o.addTo(command)
	flags.StringVar(&o.cluster, "cluster-name", "", "the KafkaCluster's `name`, for a topic that no KafkaTopic declares")
	flags.StringVar(&o.now, "now", "", "`time` (RFC 3339) to judge at")
	// They fail only where there is no flag of the name.
	_ = flags.MarkHidden("now")
	_ = command.RegisterFlagCompletionFunc("cluster-name", func(command *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return completeClusters(command, o.from)
	})
	command.ValidArgsFunction = o.completeObjects
	o.brokers.addTo(command)
	o.from.addTo(command)
}

func (o *subjectOptions) check() (time.Time, error) {
	_, wrongFormat := o.printed()
	now, wrongTime := (&inputs{now: o.now}).time()
	var wrongBrokers error
	switch {
	case o.brokers.given():
		wrongBrokers = o.brokers.check()
	case o.brokers.tuned():
		wrongBrokers = cli.BadFlag("bootstrap", "", "host:port of a broker, as the other flags about Kafka are given")
	}
	return now, errors.Join(wrongFormat, wrongTime, wrongBrokers)
}

// subject is one topic with everything around it.
type subject struct {
	surveyed
	// object is the KafkaTopic that is meant; nil where none declares the topic.
	object *v1alpha1.KafkaTopic
	// declared is what object declares.
	declared topic.Declared
	name     string
	// entry is what the inventory holds; nil where the last look did not show the topic.
	entry *topic.Entry
	// live is what the brokers hold as far as it is known, source where that comes from.
	live   *topic.Observed
	source string
}

// find finds what an argument means: a KafkaTopic of the namespace, else one that declares a topic of that name, else a topic.
func (o *subjectOptions) find(ctx context.Context, arg string, now time.Time, stderr io.Writer) (subject, error) {
	name, err := topicName(arg)
	if err != nil {
		return subject{}, err
	}
	reader, read, err := gather(ctx, o.from, stderr)
	if err != nil {
		return subject{}, err
	}
	made := subject{name: name, object: o.pickObject(read, reader.namespace, name)}
	wanted := o.cluster
	if made.object != nil {
		made.declared = dialect.Declared(made.object)
		made.name = made.declared.TopicName
		if made.declared.Cluster != "" {
			wanted = made.declared.Cluster
		}
	}
	cluster, err := pick(read.clusters, wanted)
	if err != nil {
		return made, badInput(err)
	}
	if made.surveyed, err = reader.around(ctx, read, cluster, now); err != nil {
		return made, err
	}
	if entry, there := made.world.Entries[made.name]; there {
		made.entry = &entry
	}
	if made.object == nil && made.entry == nil {
		return made, badInput(fmt.Errorf("%s: %w", arg, errNoSubject))
	}
	return made, o.look(ctx, &made)
}

func (o *subjectOptions) pickObject(read auditObjects, namespace, name string) *v1alpha1.KafkaTopic {
	var declaring []*v1alpha1.KafkaTopic
	for _, object := range read.topics {
		if object.Namespace == namespace && object.Name == name {
			return object
		}
		declared := dialect.Declared(object)
		if declared.TopicName == name && (o.cluster == "" || declared.Cluster == o.cluster) {
			declaring = append(declaring, object)
		}
	}
	slices.SortStableFunc(declaring, func(a, b *v1alpha1.KafkaTopic) int { // one that owns the topic tells more than one that lost it
		return cmp.Or(cmp.Compare(lost(a), lost(b)), strings.Compare(a.Namespace+"/"+a.Name, b.Namespace+"/"+b.Name))
	})
	if len(declaring) == 0 {
		return nil
	}
	return declaring[0]
}

// lost is 1 for an object that was never synced, else 0.
func lost(object *v1alpha1.KafkaTopic) int {
	if object.Status.TopicID == "" {
		return 1
	}
	return 0
}

// look finds out what is on the brokers: asked now, or as the syncer keeps it.
func (o *subjectOptions) look(ctx context.Context, made *subject) error {
	if o.brokers.given() {
		chosen := []audit.Topic{{Entry: topic.Entry{Name: made.name}}}
		gone, err := o.brokers.readLive(ctx, &made.surveyed, chosen)
		if err != nil {
			return err
		}
		made.source = "asked now"
		if len(gone) > 0 {
			made.notes = append(made.notes, gone[0].Why)
			return nil
		}
		made.live = observed(chosen[0].Entry, true)
		return nil
	}
	made.source = "as the syncer last saw it"
	switch {
	case made.entry != nil:
		made.live = observed(*made.entry, audit.Undetermined(made.entry.Class))
	case made.object != nil && made.object.Status.TopicID != "":
		made.live = &topic.Observed{Name: made.name, ID: made.object.Status.TopicID, Partitions: made.object.Status.Partitions, Replicas: made.object.Status.Replicas}
	}
	return nil
}

func observed(entry topic.Entry, configKnown bool) *topic.Observed {
	return &topic.Observed{
		Name: entry.Name, ID: entry.TopicID, Partitions: entry.Partitions, Replicas: entry.Replicas, Config: entry.Config, ConfigKnown: configKnown,
	}
}

// table is the topic configs of the cluster's Kafka.
func (s subject) table() topicconfig.Table {
	version := s.cluster.Spec.KafkaVersion
	if version == "" && s.cluster.Status.KafkaVersion != nil {
		version = s.cluster.Status.KafkaVersion.Value
	}
	return topicconfig.For(version)
}

// compare puts the spec beside the brokers, and says what could not be compared.
func (s subject) compare() (values []report.TopicValue, notes []string) {
	values = report.Compare(s.declared, s.live, s.table())
	unknown := report.Uncompared(values)
	if len(unknown) == 0 {
		return values, nil
	}
	fields := make([]string, len(unknown))
	for i := range unknown {
		fields[i] = unknown[i].Field
	}
	note := "not compared: " + strings.Join(fields, ", ")
	if s.live != nil && !s.live.ConfigKnown {
		note += "; the inventory does not hold live configs of topics that a KafkaTopic declares, so ask the brokers with --bootstrap"
	}
	if ready := meta.FindStatusCondition(s.object.Status.Conditions, v1alpha1.ConditionReady); ready != nil && ready.Status == "True" &&
		s.object.Status.ObservedGeneration == s.object.Generation {
		note += " (the syncer found them as the spec says: " + ready.Reason + ")"
	}
	return values, []string{note}
}

// drift is what the condition Drifted says; empty while it is not True.
func (s subject) drift() string {
	if found := meta.FindStatusCondition(s.object.Status.Conditions, v1alpha1.ConditionDrifted); found != nil && found.Status == "True" {
		return found.Message
	}
	return ""
}

// completeObjects are the names of KafkaTopics in the namespace, for shells.
func (o *subjectOptions) completeObjects(command *cobra.Command, given []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(given) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return completeObjects(command, o.from)
}
