package audit_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/audit/inventory"
	"github.com/topicgate/topicgate/pkg/topic"
)

func entries(count int) map[string]topic.Entry {
	made := make(map[string]topic.Entry, count)
	for i := range count {
		name := fmt.Sprintf("topic-%d", i)
		made[name] = topic.Entry{Name: name}
	}
	return made
}

func TestShards(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		topics int
		least  int64
	}{
		"an empty cluster has one shard":      {0, 0},
		"a full shard is not split":           {1000, 1},
		"one more is":                         {1001, 1},
		"many topics take many shards":        {20_000, 1},
		"the number never shrinks":            {10, 8},
		"a number that is no power is raised": {10, 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := entries(tt.topics)
			shards := audit.Shards(all, tt.least)
			count := int64(len(shards))
			assert.Zero(t, count&(count-1), "%d is no power of two", count)
			assert.GreaterOrEqual(t, count, tt.least)
			found := 0
			for i, shard := range shards {
				assert.LessOrEqual(t, len(shard), 1000)
				assert.True(t, slices.IsSortedFunc(shard, cmpNames))
				for _, entry := range shard {
					require.Equal(t, int64(i), audit.Shard(entry.Name, count))
				}
				found += len(shard)
			}
			assert.Equal(t, tt.topics, found)
		})
	}
}

func TestDoublingSplitsEachShardInTwo(t *testing.T) {
	t.Parallel()
	for name := range entries(2000) {
		for shards := int64(1); shards <= 64; shards *= 2 {
			half := audit.Shard(name, 2*shards) / 2
			require.Equal(t, audit.Shard(name, shards), half, "%s moved when %d shards became %d", name, shards, 2*shards)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	list := []topic.Entry{{Name: "a"}, {Name: "b"}, {Name: "c"}}
	assert.Equal(t, "a, b, c", audit.Names(list, 3))
	assert.Equal(t, "a, b, …", audit.Names(list, 2))
}

func cmpNames(a, b topic.Entry) int {
	switch {
	case a.Name < b.Name:
		return -1
	case a.Name > b.Name:
		return 1
	default:
		return 0
	}
}

func TestNoShardIsTooLargeForTheAPIServerHoweverMuchThereIsToSayOfTopics(t *testing.T) {
	t.Parallel()
	entries := map[string]topic.Entry{}
	for i := range 1000 {
		entry := topic.Entry{Name: fmt.Sprintf("%d-%s", i, strings.Repeat("n", 240)), Class: topic.ClassOrphan, Config: map[string]string{}}
		entry.Origin = topic.Origin{Kind: topic.OriginAutoCreated, Evidence: strings.Repeat("e", 200)}
		for j := range 40 {
			entry.Config[fmt.Sprintf("some.config.of.a.vendor.%d", j)] = strings.Repeat("v", 256)
		}
		for range 10 {
			entry.Findings.Groups = append(entry.Findings.Groups, topic.GroupUse{Name: strings.Repeat("g", 128), Lag: 1 << 40})
			entry.Findings.Principals = append(entry.Findings.Principals, strings.Repeat("p", 128))
		}
		entries[entry.Name] = entry
	}
	for _, shard := range audit.Shards(entries, 1) {
		var topics []v1alpha1.InventoryTopic
		for _, entry := range shard {
			topics = append(topics, inventory.Topic(entry))
		}
		written, err := json.Marshal(topics)
		require.NoError(t, err)
		assert.Less(t, len(written), 1_200_000)
	}
}
