package kafka_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

func TestRequestsStayWithinKafkasLimits(t *testing.T) {
	t.Run("2,500 small topics are three requests", func(t *testing.T) {
		cluster, client := fake(t)
		sizes := counted(cluster, createSize)
		done(t, client.Create(t.Context(), creations(2500, 1)))
		assert.Equal(t, []int{1000, 1000, 500}, *sizes)
		assert.Len(t, observe(t, client).Topics, 2500)
	})
	t.Run("wide topics are fewer a request", func(t *testing.T) {
		cluster, client := fake(t)
		sizes := counted(cluster, createSize)
		done(t, client.Create(t.Context(), append(creations(5, 1999), topic.Creation{Name: "giant", Partitions: 6000, Replicas: 1})))
		assert.Equal(t, []int{2, 2, 1, 1}, *sizes)
	})
	t.Run("configs change 300 topics at a time", func(t *testing.T) {
		cluster, client := fake(t)
		done(t, client.Create(t.Context(), creations(700, 1)))
		sizes := counted(cluster, func(r *kmsg.IncrementalAlterConfigsRequest) int { return len(r.Resources) })
		changes := make([]topic.ConfigChange, 700)
		for i, c := range creations(700, 1) {
			changes[i] = topic.ConfigChange{Name: c.Name, Set: map[string]string{"retention.ms": "1"}}
		}
		done(t, client.Alter(t.Context(), changes))
		assert.Equal(t, []int{300, 300, 100}, *sizes)
	})
	t.Run("at most 200 topics are deleted at a time", func(t *testing.T) {
		cluster, client := fake(t)
		var removals []topic.Removal
		for _, made := range done(t, client.Create(t.Context(), creations(450, 1))) {
			removals = append(removals, topic.Removal{Name: made.Name, ID: made.ID})
		}
		sizes := counted(cluster, func(r *kmsg.DeleteTopicsRequest) int { return len(r.Topics) })
		done(t, client.Delete(t.Context(), removals))
		assert.Equal(t, []int{200, 200, 50}, *sizes)
		assert.Empty(t, observe(t, client).Topics)
	})
	t.Run("at most 5,000 partitions are added at a time", func(t *testing.T) {
		cluster, client := fake(t)
		done(t, client.Create(t.Context(), creations(4, 10)))
		sizes := counted(cluster, func(r *kmsg.CreatePartitionsRequest) int { return len(r.Topics) })
		done(t, client.Grow(t.Context(), []topic.Growth{
			{Name: "t-00000", Partitions: 2010}, {Name: "t-00001", Partitions: 2010}, {Name: "t-00002", Partitions: 2010}, {Name: "t-00003", Partitions: 11},
		}))
		assert.Equal(t, []int{2, 2}, *sizes)
	})
	t.Run("a topic grows by 5,000 partitions a step", func(t *testing.T) {
		_, client := fake(t)
		done(t, client.Create(t.Context(), creations(1, 10)))
		ask := []topic.Growth{{Name: "t-00000", Partitions: 6000}}
		got := client.Grow(t.Context(), ask)
		assert.Equal(t, &topic.Failure{Reason: topic.Pending, Message: "grown to 5010 of 6000 partitions; the rest follows"}, got[0].Failure)
		done(t, client.Grow(t.Context(), ask))
		assert.EqualValues(t, 6000, observe(t, client).Topics["t-00000"].Partitions)
	})
}
