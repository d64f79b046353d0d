package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/audit/inventory"
	"github.com/topicgate/topicgate/pkg/audit/world"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/report"
)

// shardsAtOnce is how many TopicInventories are asked for at a time: each may have 700 kB.
const shardsAtOnce = 16

var errNoCluster = errors.New("there is none of that name")

// auditReader reads what an audit is made from, as far as the caller may.
type auditReader struct {
	client   client.Client
	progress io.Writer
	// namespace is read alone where the caller may not read all.
	namespace string
	notes     []string
	// ownersUnknown says that no namespace's labels could be read.
	ownersUnknown bool
}

// auditObjects is everything that Kubernetes holds for an audit.
type auditObjects struct {
	clusters   []v1alpha1.KafkaCluster
	shards     []v1alpha1.TopicInventory
	topics     []*v1alpha1.KafkaTopic
	namespaces map[string]map[string]string
	exceptions []*v1alpha1.TopicPolicyException
}

// fromKubernetes reports what the syncer has found out.
func (o *auditOptions) fromKubernetes(ctx context.Context, command *cobra.Command, now time.Time) ([]report.AuditCluster, error) {
	from, err := o.from.client()
	if err != nil {
		return nil, err
	}
	namespace, err := o.from.namespace()
	if err != nil {
		return nil, err
	}
	reader := auditReader{client: from, progress: progressOf(command.ErrOrStderr()), namespace: namespace}
	read, err := reader.read(ctx, o.clusters)
	if err != nil {
		return nil, err
	}
	var made []report.AuditCluster
	for i := range read.clusters {
		cluster := &read.clusters[i]
		if len(o.clusters) == 0 || slices.Contains(o.clusters, cluster.Name) {
			made = append(made, reader.report(read, cluster, now))
		}
	}
	return made, nil
}

// report makes the report on one cluster.
func (r *auditReader) report(read auditObjects, cluster *v1alpha1.KafkaCluster, now time.Time) report.AuditCluster {
	found := audit.Examine(world.Of(world.Input{
		Now: now, Cluster: cluster, Entries: inventory.Entries(cluster.Name, read.shards, cluster.Status.InventoryShards),
		Topics: read.topics, DefaultCluster: dialect.DefaultCluster(read.clusters), Namespaces: read.namespaces, Exceptions: read.exceptions,
	}))
	if r.ownersUnknown { // a label that may not be read is not one that is absent
		found.Findings = slices.DeleteFunc(found.Findings, func(f audit.Finding) bool {
			return f.Kind == audit.KindNoOwner && f.Object.Name != ""
		})
	}
	made := report.AuditOf(found)
	made.Notes = append(made.Notes, r.notes...)
	if reachable := meta.FindStatusCondition(cluster.Status.Conditions, v1alpha1.ConditionReachable); reachable != nil && reachable.Status == "False" {
		made.Notes = append(made.Notes, "the brokers have not answered the syncer since "+reachable.LastTransitionTime.UTC().Format(time.RFC3339)+
			", so all this is as it was then: "+reachable.Message)
	}
	brokers := brokerFlags{bootstrap: cluster.Spec.BootstrapServers}
	made.Connection = brokers.args()
	made.Reserved = naming.Reservations{Add: cluster.Spec.ReservedNames.Add, Except: cluster.Spec.ReservedNames.Except}
	return made
}

// read reads everything; what the caller may not read and can do without is noted.
func (r *auditReader) read(ctx context.Context, names []string) (auditObjects, error) {
	var read auditObjects
	var of []client.ListOption
	if len(names) == 1 {
		of = append(of, client.MatchingLabels{v1alpha1.ClusterLabel: names[0]})
	}
	err := errors.Join(
		pages(ctx, r, pageSize, func(l *v1alpha1.KafkaClusterList) { read.clusters = append(read.clusters, l.Items...) }),
		pages(ctx, r, shardsAtOnce, func(l *v1alpha1.TopicInventoryList) { read.shards = append(read.shards, l.Items...) }, of...),
	)
	if err != nil {
		return read, unreachable(err)
	}
	for _, name := range names {
		if !slices.ContainsFunc(read.clusters, func(c v1alpha1.KafkaCluster) bool { return c.Name == name }) {
			return read, badInput(fmt.Errorf("KafkaCluster %s: %w", name, errNoCluster))
		}
	}
	if err := errors.Join(r.readTopics(ctx, &read), r.readNamespaces(ctx, &read), r.readExceptions(ctx, &read)); err != nil {
		return read, unreachable(err)
	}
	return read, nil
}

func (r *auditReader) readTopics(ctx context.Context, read *auditObjects) error {
	take := func(l *v1alpha1.KafkaTopicList) {
		for i := range l.Items {
			read.topics = append(read.topics, &l.Items[i])
		}
	}
	err := pages(ctx, r, pageSize, take)
	if !apierrors.IsForbidden(err) {
		return err
	}
	read.topics = nil
	err = pages(ctx, r, pageSize, take, client.InNamespace(r.namespace))
	switch {
	case apierrors.IsForbidden(err):
		r.notes = append(r.notes, "you may not list KafkaTopics, so nothing is said of those that are declared: missing, drift, violations, owners")
	case err != nil:
		return err
	default:
		r.notes = append(r.notes, "you may list KafkaTopics of namespace "+r.namespace+" only, so nothing is said of those that others declare")
	}
	return nil
}

func (r *auditReader) readNamespaces(ctx context.Context, read *auditObjects) error {
	read.namespaces = map[string]map[string]string{}
	err := pages(ctx, r, pageSize, func(l *corev1.NamespaceList) {
		for i := range l.Items {
			read.namespaces[l.Items[i].Name] = l.Items[i].Labels
		}
	})
	if !apierrors.IsForbidden(err) {
		return err
	}
	r.ownersUnknown = true
	r.notes = append(r.notes, "you may not list Namespaces, so their owner labels are not known, and no KafkaTopic is said to have no owner")
	return nil
}

func (r *auditReader) readExceptions(ctx context.Context, read *auditObjects) error {
	err := pages(ctx, r, pageSize, func(l *v1alpha1.TopicPolicyExceptionList) {
		for i := range l.Items {
			read.exceptions = append(read.exceptions, &l.Items[i])
		}
	})
	if !apierrors.IsForbidden(err) {
		return err
	}
	r.notes = append(r.notes, "you may not list TopicPolicyExceptions, so nothing is said of those that end or are unused")
	return nil
}

// pages lists a kind page after page. A kind that is not installed has no objects.
func pages[T any, L interface {
	*T
	client.ObjectList
}](ctx context.Context, r *auditReader, limit int64, take func(L), options ...client.ListOption) error {
	for read, token := 0, ""; ; {
		page := L(new(T)) // what was taken of the page before is kept
		err := r.client.List(ctx, page, append(slices.Clone(options), client.Limit(limit), client.Continue(token))...)
		if meta.IsNoMatchError(err) {
			return nil // an installation from before there was such a kind
		}
		if err != nil {
			return fmt.Errorf("listing %T: %w", page, err)
		}
		take(page)
		read += meta.LenList(page)
		if token = page.GetContinue(); token == "" {
			return nil
		}
		_, _ = fmt.Fprintf(r.progress, "read %d of %T\n", read, page)
	}
}

// completeClusters are the names of KafkaClusters, for shells.
func (o *auditOptions) completeClusters(command *cobra.Command, given []string, _ string) ([]string, cobra.ShellCompDirective) {
	from, err := o.from.client()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var list v1alpha1.KafkaClusterList
	if err := from.List(command.Context(), &list); err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var names []string
	for i := range list.Items {
		if !slices.Contains(given, list.Items[i].Name) {
			names = append(names, list.Items[i].Name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
