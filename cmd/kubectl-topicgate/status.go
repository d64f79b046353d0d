package main

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/offline/world"
	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/pkg/topic"
)

func newStatus() *cobra.Command {
	o := newSubjectOptions()
	command := &cobra.Command{
		Use:   "status TOPIC",
		Short: "Tell everything about one topic in one screen",
		Long: `Tell everything about one topic in one screen: its KafkaTopic with its conditions in words, who owns the topic, each value beside the
brokers', what deleting the object would do or why its deletion waits, the policies that judge it, and what the audit knows.

TOPIC is a KafkaTopic of the namespace, or the name of a topic on the brokers, declared or not.`,
		Example: `  kubectl topicgate status orders -n shop
  kubectl topicgate status legacy.Payments --cluster-name prod -o yaml`,
		Args: cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			return o.status(command.Context(), command, args[0])
		},
	}
	o.addFlags(command)
	return command
}

func (o *subjectOptions) status(ctx context.Context, command *cobra.Command, arg string) error {
	now, err := o.check()
	if err != nil {
		return err
	}
	found, err := o.find(ctx, arg, now, command.ErrOrStderr())
	if err != nil {
		return err
	}
	made := found.status()
	if found.object != nil {
		explained, err := found.explain(now, command.ErrOrStderr())
		if err != nil {
			return err
		}
		made.Explanation = explained
	}
	return o.write(command.OutOrStdout(), func(w io.Writer, format string) error { return report.WriteTopicStatus(w, format, made) })
}

// status gathers it, policies apart.
func (s subject) status() report.TopicStatus {
	made := report.TopicStatus{
		APIVersion: report.APIVersion, Kind: "TopicStatus", Topic: s.name, Cluster: s.cluster.Name, Live: s.source, Notes: s.notes, Owner: s.owner(),
	}
	if s.live != nil {
		made.TopicID = s.live.ID
	}
	if found := meta.FindStatusCondition(s.cluster.Status.Conditions, v1alpha1.ConditionReachable); found != nil && found.Status == metav1.ConditionFalse {
		made.Unreachable = "not answering since " + found.LastTransitionTime.UTC().Format(time.RFC3339) + ": " + found.Message
	}
	if s.entry != nil {
		made.Inventory = s.inventory()
	}
	if s.object == nil {
		return made
	}
	made.Object = &report.AuditObject{Namespace: s.object.Namespace, Name: s.object.Name}
	made.Conditions, made.Claims, made.Deletion = s.conditions(), s.claims(), s.deletion()
	var notes []string
	made.Values, notes = s.compare()
	made.Notes = append(made.Notes, notes...)
	return made
}

// inventory is what the audit knows of the topic, with its advice where nothing declares it.
func (s subject) inventory() *report.AuditTopic {
	found := audit.Topic{Entry: *s.entry}
	for _, undeclared := range audit.Examine(s.world).Topics {
		if undeclared.Name == s.name {
			found = undeclared
		}
	}
	return new(report.AuditTopicOf(found))
}

// owner says whose the topic is.
func (s subject) owner() string {
	if s.entry == nil {
		if s.object != nil && s.object.Status.TopicID != "" {
			return "this object, by its status; the last look at the brokers did not show the topic"
		}
		return "nobody yet"
	}
	managed, owner := s.entry.Class == topic.ClassManaged, s.entry.Owner
	switch {
	case s.entry.Elsewhere != (topic.Ref{}):
		return strings.TrimSuffix("kafkatopic."+s.entry.Elsewhere.Group, ".") + " " + s.entry.Elsewhere.String()
	case !managed && owner != (topic.Ref{}):
		return "nobody now; KafkaTopic " + owner.String() + " owned it"
	case !managed:
		return "no KafkaTopic"
	case s.object != nil && owner.String() == s.object.Namespace+"/"+s.object.Name:
		return "this object"
	default:
		return "KafkaTopic " + owner.String() + ", not this object"
	}
}

// claims are other objects that declare the topic.
func (s subject) claims() []report.AuditObject {
	var others []report.AuditObject
	for _, object := range s.world.Objects {
		if object.Topic == s.name && object.Ref.UID != string(s.object.UID) {
			others = append(others, report.AuditObject{Namespace: object.Ref.Namespace, Name: object.Ref.Name})
		}
	}
	return others
}

func (s subject) conditions() []report.StatusCondition {
	var list []report.StatusCondition
	for _, condition := range s.object.Status.Conditions {
		made := report.StatusCondition{
			Type: condition.Type, Status: string(condition.Status), Reason: condition.Reason, Message: condition.Message,
			Since: condition.LastTransitionTime.UTC().Format(time.RFC3339),
		}
		switch topic.ConsequenceOf(topic.Reason(condition.Reason)) {
		case topic.Settled:
			made.Means = "nothing is left to do"
		case topic.Retry:
			made.Means = "the syncer goes on by itself"
		case topic.Stall:
			made.Means = "nothing happens until somebody changes something; " + offline.Runbook + strings.ToLower(condition.Reason)
		case topic.Notice:
			made.Means = "something to know; it holds nothing up"
		}
		list = append(list, made)
	}
	return list
}

// deletion says what deleting the object does, or why its deletion waits.
func (s subject) deletion() string {
	fallback := topic.DeletionPolicy(s.cluster.Spec.Deletion.Default)
	policy := s.declared.EffectiveDeletion(fallback)
	if s.declared.Deleting {
		return s.stuck(policy)
	}
	source := "deletionPolicy " + string(policy)
	if s.declared.Deletion == "" {
		source += ", by KafkaCluster " + s.cluster.Name
	}
	if policy == topic.Delete {
		return source + ": deleting the object deletes the topic and its records, once every guard has passed"
	}
	return source + ": deleting the object keeps the topic"
}

func (s subject) stuck(policy topic.DeletionPolicy) string {
	since := "being deleted since " + s.object.DeletionTimestamp.UTC().Format(time.RFC3339)
	others := slices.DeleteFunc(slices.Clone(s.object.Finalizers), func(f string) bool { return f == v1alpha1.TopicFinalizer })
	if !s.declared.Finalized {
		return since + "; only finalizers of others hold it: " + strings.Join(others, ", ")
	}
	why := "the syncer has not said why it waits; is it running?"
	for _, kind := range []string{v1alpha1.ConditionStalled, v1alpha1.ConditionReconciling, v1alpha1.ConditionReady} {
		if found := meta.FindStatusCondition(s.object.Status.Conditions, kind); found != nil && found.Reason != string(topic.Synced) {
			why = found.Reason + ": " + found.Message
			break
		}
	}
	return since + " (deletionPolicy " + cmp.Or(string(policy), "Retain") + "): " + why + "; to keep the topic and let the object go: kubectl topicgate release " +
		s.object.Name + " -n " + s.object.Namespace
}

// explain asks the policies.
func (s subject) explain(now time.Time, stderr io.Writer) (*report.Explanation, error) {
	set, err := compile(s.manifests, stderr)
	if err != nil {
		return nil, err
	}
	around := world.New(offline.Surround(s.manifests, offline.Manifests{}), set, now)
	explained, err := offline.Explain(around, []offline.Found[v1alpha1.KafkaTopic]{{Object: s.object}})
	if err != nil {
		return nil, badInput(err)
	}
	return &explained[0], nil
}
