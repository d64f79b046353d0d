package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/cli"
	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/whocan"
)

// whoCanOptions are the flags of `who-can-create`.
type whoCanOptions struct {
	outputs
	brokers brokerFlags
	from    connection
}

func newWhoCanCreate() *cobra.Command {
	o := whoCanOptions{outputs: outputs{formats: report.WhoCanFormats()}, from: newConnection()}
	command := &cobra.Command{
		Use:   "who-can-create [CLUSTER]",
		Short: "Tell who can create topics on a cluster: by KafkaTopics, by ACLs, by auto-creation",
		Long: `Tell who can create topics on a cluster: who may create KafkaTopics in the namespaces that its namespaceSelector admits (by
Kubernetes' roles), whom the brokers' ACLs allow it, and which brokers create topics by themselves for whoever asks for one.

It reads roles and bindings with your own rights; what you may not read is listed at the end, for then somebody may be missing.
The brokers' side is what the syncer last found out; with --bootstrap, the brokers are asked. CLUSTER may be left out where there
is one KafkaCluster only, or one is the default.`,
		Example: `  kubectl topicgate who-can-create prod
  kubectl topicgate who-can-create prod -o csv > creators.csv
  kubectl topicgate who-can-create prod --bootstrap kafka.example:9093 --tls --sasl-mechanism SCRAM-SHA-512 --username audit --password-file pw`,
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(command *cobra.Command, given []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(given) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return completeClusters(command, o.from)
		},
		RunE: func(command *cobra.Command, args []string) error { return o.run(command.Context(), command, args) },
	}
	command.Flags().SortFlags = false
	o.addTo(command)
	o.brokers.addTo(command)
	o.from.addTo(command)
	return command
}

func (o *whoCanOptions) check() error {
	_, wrongFormat := o.printed()
	var wrongBrokers error
	switch {
	case o.brokers.given():
		wrongBrokers = o.brokers.check()
	case o.brokers.tuned():
		wrongBrokers = cli.BadFlag("bootstrap", "", "host:port of a broker, as the other flags about Kafka are given")
	}
	return errors.Join(wrongFormat, wrongBrokers)
}

func (o *whoCanOptions) run(ctx context.Context, command *cobra.Command, args []string) error {
	if err := o.check(); err != nil {
		return err
	}
	from, err := o.from.client()
	if err != nil {
		return err
	}
	if err := rbacv1.AddToScheme(from.Scheme()); err != nil {
		return err
	}
	reader := auditReader{client: from, progress: progressOf(command.ErrOrStderr())}
	var clusters []v1alpha1.KafkaCluster
	if err := pages(ctx, &reader, pageSize, func(l *v1alpha1.KafkaClusterList) { clusters = append(clusters, l.Items...) }); err != nil {
		return unreachable(err)
	}
	cluster, err := pick(clusters, slices.Concat(args, []string{""})[0])
	if err != nil {
		return badInput(err)
	}
	who := report.WhoCan{
		APIVersion: report.APIVersion, Kind: "WhoCanCreate", Cluster: cluster.Name, ClusterID: cluster.Status.ClusterID,
		Unseen: []string{}, Outside: outside(),
	}
	if err := o.kafkaSide(ctx, cluster, &who); err != nil {
		return err
	}
	if err := reader.kubernetesSide(ctx, cluster, &who); err != nil {
		return unreachable(err)
	}
	return o.write(command.OutOrStdout(), func(w io.Writer, format string) error { return report.WriteWhoCan(w, format, who) })
}

// outside is what the report never covers.
func outside() []string {
	return []string{
		"group system:masters, which the API server never refuses anything, and other authorizers of the API server than its roles",
		"who may change KafkaClusters, TopicPolicies, webhook configurations, roles or the labels of namespaces, and so let others in",
		"who may impersonate somebody, or use the syncer's or an operator's ServiceAccount or password",
		"super.users of the brokers, and another authorizer than their own ACLs",
		"topics that brokers make for their own groups and transactions, and for Kafka Streams groups of KIP-1071",
	}
}

// kafkaSide fills in what the brokers allow: as the syncer saw it, or asked now.
func (o *whoCanOptions) kafkaSide(ctx context.Context, cluster *v1alpha1.KafkaCluster, who *report.WhoCan) error {
	if o.brokers.given() {
		return o.asked(ctx, cluster, who)
	}
	creators, total := topic.Creators{Answer: topic.CreatorsUnknown, Message: "the syncer has not found out yet"}, int64(0)
	if seen := cluster.Status.TopicCreators; seen != nil {
		total = seen.Total
		creators = topic.Creators{Answer: topic.CreatorsAnswer(seen.Answer), Message: seen.Message}
		for _, grant := range seen.Grants {
			creators.Grants = append(creators.Grants, topic.Grant{
				Principal: grant.Principal, Host: grant.Host, Operation: grant.Operation, Cluster: grant.Cluster, Pattern: grant.Pattern, Prefixed: grant.Prefixed,
			})
		}
	}
	var brokers []topic.Broker
	for _, broker := range cluster.Status.Brokers {
		brokers = append(brokers, topic.Broker{ID: broker.ID, Fenced: broker.Fenced, AutoCreate: broker.AutoCreate})
	}
	if len(brokers) == 0 {
		who.Unseen = append(who.Unseen, "the brokers: the syncer has not looked at them yet")
	}
	fillKafka(who, creators, total, brokers)
	return nil
}

func fillKafka(who *report.WhoCan, creators topic.Creators, total int64, brokers []topic.Broker) {
	who.Kafka = whocan.Kafka(creators, total)
	who.AutoCreation = whocan.AutoCreation(brokers, creators.Answer)
	if creators.Answer == topic.CreatorsUnknown {
		who.Unseen = append(who.Unseen, "whom the brokers allow it: "+creators.Message)
	}
	for _, broker := range brokers {
		if broker.AutoCreate == nil {
			who.Unseen = append(who.Unseen, fmt.Sprintf("whether broker %d creates topics by itself", broker.ID))
		}
	}
}

// asked asks the brokers now.
func (o *whoCanOptions) asked(ctx context.Context, cluster *v1alpha1.KafkaCluster, who *report.WhoCan) error {
	client, err := o.brokers.dial()
	if err != nil {
		return err
	}
	defer client.Close()
	seen, err := client.DescribeCluster(ctx)
	switch {
	case err != nil && ctx.Err() == nil:
		return unreachable(fmt.Errorf("asking the brokers: %s", kafka.Classify(err).Message))
	case err != nil:
		return err
	}
	if err := sameCluster(cluster, seen.ID); err != nil {
		return err
	}
	who.ClusterID = seen.ID
	fillKafka(who, client.Creators(ctx), 0, seen.Brokers)
	return ctx.Err()
}

// kubernetesSide fills in who may create KafkaTopics, as far as the caller may see it.
func (r *auditReader) kubernetesSide(ctx context.Context, cluster *v1alpha1.KafkaCluster, who *report.WhoCan) error {
	selector, err := metav1.LabelSelectorAsSelector(cluster.Spec.NamespaceSelector) // absent selects none
	if err != nil {
		return fmt.Errorf("reading spec.namespaceSelector: %w", err)
	}
	who.Selector = selectorText(cluster.Spec.NamespaceSelector, selector)
	read := auditObjects{}
	if err := r.readNamespaces(ctx, &read); err != nil {
		return err
	}
	if !r.ownersUnknown {
		who.Namespaces = []string{}
	}
	for _, namespace := range keys(read.namespaces) {
		if selector.Matches(labels.Set(read.namespaces[namespace])) {
			who.Namespaces = append(who.Namespaces, namespace)
		}
	}
	if r.ownersUnknown {
		who.Unseen = append(who.Unseen, "which namespaces the cluster admits: you may not list Namespaces, so RoleBindings of all count")
	}
	if cluster.Spec.NamespaceSelector == nil {
		who.Kubernetes = []report.TopicMaker{}
		return nil
	}
	rules, err := r.readRules(ctx, who)
	if err != nil {
		return err
	}
	makers, unseen := rules.Kubernetes(func(namespace string) bool { return r.ownersUnknown || slices.Contains(who.Namespaces, namespace) })
	who.Kubernetes, who.Unseen = append([]report.TopicMaker{}, makers...), append(who.Unseen, unseen...)
	return nil
}

func selectorText(given *metav1.LabelSelector, selector labels.Selector) string {
	switch {
	case given == nil:
		return "no namespace, as spec.namespaceSelector is absent"
	case selector.Empty():
		return "every namespace"
	default:
		return "those with " + selector.String()
	}
}

// readRules reads roles and bindings; those that may not be listed everywhere are looked for in each namespace.
func (r *auditReader) readRules(ctx context.Context, who *report.WhoCan) (whocan.Rules, error) {
	var rules whocan.Rules
	var wrong [4]error
	rules.ClusterRolesRead, wrong[0] = r.may(who, "ClusterRoles", pages(ctx, r, pageSize, func(l *rbacv1.ClusterRoleList) {
		rules.ClusterRoles = append(rules.ClusterRoles, l.Items...)
	}))
	_, wrong[1] = r.may(who, "ClusterRoleBindings, so whoever may create KafkaTopics in every namespace may be missing", pages(ctx, r, pageSize,
		func(l *rbacv1.ClusterRoleBindingList) {
			rules.ClusterRoleBindings = append(rules.ClusterRoleBindings, l.Items...)
		}))
	rules.RolesRead, wrong[2] = everywhere(ctx, r, who, "Roles", func(l *rbacv1.RoleList) { rules.Roles = append(rules.Roles, l.Items...) })
	_, wrong[3] = everywhere(ctx, r, who, "RoleBindings", func(l *rbacv1.RoleBindingList) { rules.RoleBindings = append(rules.RoleBindings, l.Items...) })
	return rules, errors.Join(wrong[:]...)
}

// may notes what the caller may not read, and says whether it was read.
func (r *auditReader) may(who *report.WhoCan, what string, err error) (bool, error) {
	if apierrors.IsForbidden(err) {
		who.Unseen = append(who.Unseen, what)
		return false, nil
	}
	return err == nil, err
}

// everywhere lists a kind in all namespaces or, where that is not allowed, in each admitted one.
func everywhere[T any, L interface {
	*T
	client.ObjectList
}](ctx context.Context, r *auditReader, who *report.WhoCan, what string, take func(L)) (bool, error) {
	err := pages(ctx, r, pageSize, take)
	if !apierrors.IsForbidden(err) {
		return err == nil, err
	}
	if who.Namespaces == nil {
		who.Unseen = append(who.Unseen, what)
		return false, nil
	}
	all := true
	for _, namespace := range who.Namespaces {
		read, err := r.may(who, what+" of namespace "+namespace, pages(ctx, r, pageSize, take, client.InNamespace(namespace)))
		if err != nil {
			return false, err
		}
		all = all && read
	}
	return all, nil
}
