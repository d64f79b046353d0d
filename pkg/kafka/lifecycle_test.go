package kafka_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/pkg/topic"
)

func TestATopicLivesAndDies(t *testing.T) {
	_, client := fake(t)
	made := done(t, client.Create(t.Context(), []topic.Creation{
		{Name: "a", Partitions: 2, Replicas: 1, Config: map[string]string{"retention.ms": "1000"}},
		{Name: "b", Partitions: 5, Replicas: 1},
	}))
	snap := observe(t, client)
	assert.True(t, snap.Complete, snap.Incomplete)
	assert.Equal(t, topic.Observed{
		Name: "a", ID: made[0].ID, Partitions: 2, Replicas: 1, Config: map[string]string{"retention.ms": "1000"}, ConfigKnown: true,
	}, snap.Topics["a"])
	done(t, client.Grow(t.Context(), []topic.Growth{{Name: "a", Partitions: 3}}))
	done(t, client.Alter(t.Context(), []topic.ConfigChange{
		{Name: "a", Set: map[string]string{"cleanup.policy": "compact"}, Reset: []string{"retention.ms"}},
	}))
	snap = observe(t, client, "a", "none")
	assert.Equal(t, []string{"none"}, snap.Absent)
	assert.EqualValues(t, 3, snap.Topics["a"].Partitions)
	assert.Equal(t, map[string]string{"cleanup.policy": "compact"}, snap.Topics["a"].Config)
	usage := client.Usage(t.Context(), []topic.Observed{snap.Topics["a"]})
	assert.Equal(t, topic.Usage{Known: true}, usage["a"])
	done(t, client.Delete(t.Context(), []topic.Removal{{Name: "a", ID: made[0].ID}}))
	assert.NotContains(t, observe(t, client).Topics, "a")
	done(t, client.Delete(t.Context(), []topic.Removal{{Name: "a", ID: made[0].ID}}))
}
