package sync

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

// deletionsLeft is how many topics may still be deleted within the window. It is counted in the KafkaCluster's status:
// a restart must not open a new window.
func (r *round) deletionsLeft() int {
	most, window := deletionLimit(r.cluster.Spec)
	counted := r.cluster.Status.Deletions
	if counted == nil || r.now.Sub(counted.Since.Time) >= window {
		return most
	}
	return most - int(counted.Count)
}

// releasedDeletions is the number that a person let go ahead; a value that was made use of counts no more.
func (r *round) releasedDeletions() int {
	counted := r.cluster.Status.Deletions
	if counted != nil && counted.Released == r.cluster.Annotations[v1alpha1.ReleaseDeletionsAnnotation] {
		return 0
	}
	return annotatedCount(r.cluster, v1alpha1.ReleaseDeletionsAnnotation)
}

// reserveDeletions counts deletions before they are asked for, so that dying in the middle never gives a second helping.
func (r *round) reserveDeletions(ctx context.Context, count int) error {
	if count == 0 {
		return nil
	}
	_, window := deletionLimit(r.cluster.Spec)
	after := r.cluster.Status.DeepCopy()
	if after.Deletions == nil || r.now.Sub(after.Deletions.Since.Time) >= window {
		after.Deletions = &v1alpha1.DeletionCount{Since: metav1.NewTime(r.now.UTC())}
	}
	if count > r.deletionsLeft() {
		after.Deletions.Released = r.cluster.Annotations[v1alpha1.ReleaseDeletionsAnnotation]
	}
	after.Deletions.Count += int64(count)
	if err := r.writeClusterStatus(ctx, *after); err != nil {
		return fmt.Errorf("counting deletions: %w", err)
	}
	return nil
}

// countedDeletions is the count as it stands; taking the annotation off makes it usable again.
func (r *round) countedDeletions() *v1alpha1.DeletionCount {
	counted := r.cluster.Status.Deletions.DeepCopy()
	if counted != nil && r.cluster.Annotations[v1alpha1.ReleaseDeletionsAnnotation] == "" {
		counted.Released = ""
	}
	return counted
}
