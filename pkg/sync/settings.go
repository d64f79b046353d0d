package sync

import (
	"strconv"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// What a KafkaCluster that sets nothing gets.
const (
	defaultResync    = 2 * time.Minute
	defaultAudit     = 5 * time.Minute
	defaultGrace     = 10 * time.Minute
	defaultDeletions = 20
	defaultWindow    = time.Hour
	shortestInterval = time.Second
)

// interval is the time between two looks at everything: whichever of resync and audit comes sooner, for one look serves both.
func interval(spec v1alpha1.KafkaClusterSpec) time.Duration {
	resync := max(duration(spec.Sync.ResyncInterval, defaultResync), shortestInterval)
	return min(resync, auditInterval(spec))
}

func auditInterval(spec v1alpha1.KafkaClusterSpec) time.Duration {
	return max(duration(spec.Audit.Interval, defaultAudit), shortestInterval)
}

func duration(value *metav1.Duration, fallback time.Duration) time.Duration {
	if value == nil {
		return fallback
	}
	return value.Duration
}

func grace(spec v1alpha1.KafkaClusterSpec) time.Duration {
	return max(duration(spec.Audit.GracePeriod, defaultGrace), 0)
}

// deletionLimit is how many deletions may fall into which window.
func deletionLimit(spec v1alpha1.KafkaClusterSpec) (topics int, window time.Duration) {
	topics, window = defaultDeletions, defaultWindow
	if limit := spec.Deletion.Limit; limit != nil {
		if limit.Topics != nil {
			topics = int(max(*limit.Topics, 0))
		}
		window = duration(limit.Window, defaultWindow)
	}
	return topics, window
}

// annotatedCount is the exact count that a person wrote into an annotation; zero when there is none.
func annotatedCount(cluster *v1alpha1.KafkaCluster, annotation string) int {
	count, err := strconv.Atoi(cluster.Annotations[annotation])
	if err != nil {
		return 0
	}
	return count
}

func deletionDefault(cluster *v1alpha1.KafkaCluster) topic.DeletionPolicy {
	return topic.DeletionPolicy(cluster.Spec.Deletion.Default)
}
