package sync

import (
	"context"

	"github.com/topicgate/topicgate/pkg/sync/plan"
)

// releaseWithoutKafka lets go of objects whose deletion deletes no topic, before any broker is asked: a namespace must be
// able to end while Kafka is down.
func (r *round) releaseWithoutKafka(ctx context.Context) {
	var releases []plan.Release
	kept := r.objects[:0]
	for _, object := range r.objects {
		message, released := "", false
		if object.Deleting && object.Finalized && r.inScope(object.TopicName) {
			message, released = plan.ReleasedWithoutKafka(object, deletionDefault(r.cluster))
		}
		if !released {
			kept = append(kept, object)
			continue
		}
		releases = append(releases, plan.Release{For: plan.For{Ref: object.Ref}, Kept: true, Message: message})
	}
	r.objects = kept
	r.release(ctx, releases)
}
