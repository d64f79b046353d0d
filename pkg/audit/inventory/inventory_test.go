package inventory_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit/inventory"
	"github.com/topicgate/topicgate/pkg/topic"
)

func TestWhatIsRememberedOfATopicSurvivesARestart(t *testing.T) {
	day := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	object := topic.Ref{Namespace: "payments", Name: "orders", UID: "u1"}
	tests := map[string]topic.Entry{
		"a topic that was only seen":                   {Name: "a", TopicID: "t1", Partitions: 3, Replicas: 1, Class: topic.ClassCandidate, FirstSeen: day},
		"one that an object owns":                      {Name: "a", Class: topic.ClassManaged, Owner: object, Baseline: true, FirstSeen: day},
		"one that its object released":                 {Name: "a", Class: topic.ClassReleased, Owner: object, Origin: topic.Origin{Kind: topic.OriginDeletedObject, Of: "payments/orders"}},
		"one that another product's object declares":   {Name: "a", Class: topic.ClassElsewhere, Elsewhere: topic.Ref{Group: "kafka.strimzi.io", Namespace: "kafka", Name: "a"}},
		"one that took another's place":                {Name: "a", Class: topic.ClassManaged, Owner: object, FormerID: "t0"},
		"one that holds nothing":                       {Name: "a", Class: topic.ClassOrphan, Size: topic.Size{Known: true}},
		"one that was measured and written to lately":  {Name: "a", Class: topic.ClassOrphan, Size: topic.Size{Known: true, Bytes: 1024, Oldest: day}, LastWrite: day},
		"one that was examined, and nothing was found": {Name: "a", Class: topic.ClassOrphan, Findings: topic.Findings{Examined: day}},
		"one of which not all could be found out": {Name: "a", Class: topic.ClassOrphan, Findings: topic.Findings{
			Examined: day, Records: -1, Unseen: []string{"records", "groups"},
		}, Origin: topic.Origin{Kind: topic.OriginPlain}},
		"one that groups read, with its configs": {Name: "a", Class: topic.ClassOrphan, Config: map[string]string{"retention.ms": "1"}, Findings: topic.Findings{
			Examined: day, Records: 8, Principals: []string{"User:billing"},
			Groups: []topic.GroupUse{{Name: "billing", Members: 1, Lag: 4}, {Name: "old", Lag: -1}, {Name: "done", Lag: 0}},
		}},
	}
	for name, entry := range tests {
		t.Run(name, func(t *testing.T) {
			written, err := json.Marshal(inventory.Topic(entry))
			require.NoError(t, err)
			var read v1alpha1.InventoryTopic
			require.NoError(t, json.Unmarshal(written, &read))
			entry.FirstSeen = entry.FirstSeen.UTC()
			back := inventory.Entry(&read)
			back.FirstSeen = back.FirstSeen.UTC()
			assert.Equal(t, entry, back)
		})
	}
}

func TestLeftoverShardsAndThoseOfOtherClustersAreNotRead(t *testing.T) {
	shard := func(cluster string, number int64, name string) v1alpha1.TopicInventory {
		return v1alpha1.TopicInventory{Cluster: cluster, Shard: number, Topics: []v1alpha1.InventoryTopic{{Name: name, Class: "Orphan"}}}
	}
	shards := []v1alpha1.TopicInventory{shard("prod", 0, "a"), shard("prod", 1, "b"), shard("prod", 2, "left over"), shard("test", 0, "c")}
	found := inventory.Entries("prod", shards, 2)
	assert.Len(t, found, 2)
	assert.Contains(t, found, "a")
	assert.Contains(t, found, "b")
	assert.Empty(t, inventory.Entries("prod", shards, 0), "no inventory was taken")
}
