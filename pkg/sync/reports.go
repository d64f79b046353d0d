package sync

import (
	"context"
	"fmt"

	reports "github.com/openreports/reports-api/apis/openreports.io/v1alpha1"
	"go.uber.org/zap"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/audit/inventory"
	"github.com/topicgate/topicgate/pkg/audit/openreports"
	"github.com/topicgate/topicgate/pkg/audit/world"
)

// examine makes the report on the cluster after a scan, measures it and publishes it. Nothing else waits for it: what fails is
// logged and done at the next scan, and what was published before stays.
func (r *round) examine(ctx context.Context) {
	if !r.scanned() {
		return
	}
	surroundings, err := r.world(ctx)
	if err != nil {
		r.Log.Warn("gathering what the audit reports on", zap.Error(err))
		return
	}
	report := audit.Examine(surroundings)
	r.Metrics.examined(report, surroundings.Cluster.Brokers)
	if err := r.publishReports(ctx, report); err != nil {
		r.Log.Warn("publishing the audit's reports", zap.Error(err))
	}
}

// scanned says that this round asked the brokers what a report needs.
func (r *round) scanned() bool { return r.ledger.scannedAt.Equal(r.now) }

func (r *round) world(ctx context.Context) (audit.World, error) {
	in := world.Input{Now: r.now, Cluster: r.cluster, Entries: r.ledger.entries, Namespaces: map[string]map[string]string{}}
	for _, found := range r.store.all() {
		in.Topics = append(in.Topics, found.object)
		in.DefaultCluster = r.name // whatever the store holds without a cluster's name is here as the default's
	}
	var namespaces corev1.NamespaceList
	if err := r.Client.List(ctx, &namespaces, client.UnsafeDisableDeepCopy); err != nil {
		return audit.World{}, fmt.Errorf("listing namespaces: %w", err)
	}
	for i := range namespaces.Items {
		in.Namespaces[namespaces.Items[i].Name] = namespaces.Items[i].Labels
	}
	var exceptions v1alpha1.TopicPolicyExceptionList
	if err := r.Client.List(ctx, &exceptions, client.UnsafeDisableDeepCopy); err != nil {
		return audit.World{}, fmt.Errorf("listing exceptions: %w", err)
	}
	for i := range exceptions.Items {
		in.Exceptions = append(in.Exceptions, &exceptions.Items[i])
	}
	return world.Of(in), nil
}

// publishReports writes the reports that changed, and after a complete look removes those of ours that are left over. Without
// the CRDs of OpenReports, or the right to write there (a component of the manifests grants it), it does nothing.
func (r *round) publishReports(ctx context.Context, report audit.Report) error {
	there, err := r.publishedReports(ctx)
	if err != nil || there == nil {
		return err
	}
	rendered, err := openreports.Render(report)
	if err != nil {
		return err
	}
	for _, made := range rendered {
		key := reportKey{made.Kind, made.Namespace, made.Name}
		known := there[key] == made.Hash()
		delete(there, key)
		if known {
			continue
		}
		if err := r.applyReport(ctx, made); err != nil {
			return err
		}
	}
	if report.Incomplete != "" {
		return nil // what was not seen is not gone
	}
	for key := range there {
		if err := r.removeReport(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

type reportKey struct{ kind, namespace, name string }

// publishedReports are the hashes of our reports; nil where there can be none.
func (r *round) publishedReports(ctx context.Context) (map[reportKey]string, error) {
	there := map[reportKey]string{}
	for _, kind := range []string{"ClusterReport", "Report"} {
		list := &metav1.PartialObjectMetadataList{}
		list.SetGroupVersionKind(reportKind(kind + "List"))
		err := r.Direct.List(ctx, list, client.MatchingLabels{
			openreports.ManagedBy: openreports.Source, openreports.ClusterLabel: inventory.Label(r.name),
		})
		switch {
		case meta.IsNoMatchError(err), apierrors.IsNotFound(err), apierrors.IsForbidden(err):
			return nil, nil //nolint:nilnil // "no reports can be" is neither an error nor an empty list of them
		case err != nil:
			return nil, fmt.Errorf("listing reports: %w", err)
		}
		for i := range list.Items {
			found := &list.Items[i]
			there[reportKey{kind, found.Namespace, found.Name}] = found.Labels[openreports.HashLabel]
		}
	}
	return there, nil
}

func reportKind(kind string) schema.GroupVersionKind {
	return reports.SchemeGroupVersion.WithKind(kind)
}

// applyReport writes one report; results that were there before keep their times.
func (r *round) applyReport(ctx context.Context, made openreports.Rendered) error {
	was, err := r.reportAsItIs(ctx, made)
	if err != nil {
		return err
	}
	made.Date(was, metav1.NewTime(r.now))
	// They end with their KafkaCluster; whoever reads them cannot tell that nobody looks after them any more.
	made.OwnerReferences = []metav1.OwnerReference{{
		APIVersion: v1alpha1.GroupVersion().String(), Kind: "KafkaCluster", Name: r.cluster.Name, UID: r.cluster.UID,
	}}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&made.Report)
	if err != nil {
		return fmt.Errorf("encoding report %q: %w", made.Name, err)
	}
	if err := r.applyObject(ctx, content, reportKind(made.Kind)); err != nil {
		if apierrors.IsNotFound(err) || apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause) {
			return nil // the namespace goes, and its reports with it
		}
		return fmt.Errorf("writing %s %q: %w", made.Kind, made.Name, err)
	}
	return nil
}

func (r *round) reportAsItIs(ctx context.Context, made openreports.Rendered) ([]reports.ReportResult, error) {
	found := &unstructured.Unstructured{}
	found.SetGroupVersionKind(reportKind(made.Kind))
	err := r.Direct.Get(ctx, client.ObjectKey{Namespace: made.Namespace, Name: made.Name}, found)
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s %q: %w", made.Kind, made.Name, err)
	}
	var was reports.Report
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(found.Object, &was); err != nil {
		return nil, nil //nolint:nilerr // somebody else's edit broke it: it is written anew, with new times
	}
	return was.Results, nil
}

func (r *round) removeReport(ctx context.Context, key reportKey) error {
	found := &metav1.PartialObjectMetadata{}
	found.SetGroupVersionKind(reportKind(key.kind))
	found.SetNamespace(key.namespace)
	found.SetName(key.name)
	if err := client.IgnoreNotFound(r.Client.Delete(ctx, found)); err != nil {
		return fmt.Errorf("removing %s %q: %w", key.kind, key.name, err)
	}
	return nil
}
