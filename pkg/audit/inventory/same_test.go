package inventory_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/topicgate/topicgate/pkg/audit/inventory"
	"github.com/topicgate/topicgate/pkg/topic"
)

func TestEntriesAreTheSameExactlyWhenTheyAreWrittenAlike(t *testing.T) {
	const seed = 7
	rng := rand.New(rand.NewPCG(seed, seed))
	alike := 0
	for range 20_000 {
		a := random(rng)
		b := a
		for range rng.IntN(3) {
			change(rng, &b)
		}
		same := equality.Semantic.DeepEqual(inventory.Topic(a), inventory.Topic(b))
		require.Equal(t, same, inventory.Same(a, b), "%+v\n%+v", a, b)
		if same {
			alike++
		}
	}
	require.Greater(t, alike, 5000, "or nothing was compared")
	require.Less(t, alike, 15_000, "or nothing differed")
}

func random(rng *rand.Rand) topic.Entry {
	entry := topic.Entry{Name: "a", Class: topic.ClassManaged}
	for range rng.IntN(12) {
		change(rng, &entry)
	}
	return entry
}

// change changes one thing about an entry, often to what it was.
func change(rng *rand.Rand, entry *topic.Entry) {
	word := func() string { return []string{"", "a", "b"}[rng.IntN(3)] }
	number := func() int64 { return rng.Int64N(3) - 1 }
	day := func() time.Time {
		return []time.Time{{}, time.Unix(86400, 0), time.Unix(86400, 0).UTC(), time.Unix(172800, 0)}[rng.IntN(4)]
	}
	ref := func() topic.Ref {
		if rng.IntN(3) == 0 {
			return topic.Ref{}
		}
		return topic.Ref{Group: word(), Kind: word(), Namespace: "n" + word(), Name: "o", UID: word(), Created: day()}
	}
	changes := []func(){
		func() { entry.TopicID, entry.FormerID = word(), word() },
		func() { entry.Partitions, entry.Replicas = rng.Int64N(2), rng.Int64N(2) },
		func() {
			entry.Class = []topic.Class{topic.ClassManaged, topic.ClassOrphan, topic.ClassElsewhere}[rng.IntN(3)]
		},
		func() { entry.Baseline = rng.IntN(2) == 0 },
		func() { entry.FirstSeen = day() },
		func() { entry.LastWrite, entry.Size.Oldest = day(), day() },
		func() { entry.Size.Known, entry.Size.Bytes = rng.IntN(2) == 0, rng.Int64N(2) },
		func() { entry.Owner = ref() },
		func() { entry.Elsewhere = ref() },
		func() { entry.Origin = topic.Origin{Kind: "Plain", Of: word(), Evidence: word()} },
		func() { entry.Config = []map[string]string{nil, {}, {"a": "1"}, {"a": "2"}}[rng.IntN(4)] },
		func() { entry.Findings.Examined, entry.Findings.Records = day(), number() },
		func() {
			entry.Findings.Groups = []topic.GroupUse{{Name: word(), Members: rng.Int64N(3), Lag: number()}}[:rng.IntN(2)]
		},
		func() { entry.Findings.Principals = []string{word()}[:rng.IntN(2)] },
		func() { entry.Findings.Unseen = []string{word()}[:rng.IntN(2)] },
		func() { entry.End, entry.Ended, entry.ExaminedAt, entry.Shrunk = number(), day(), day(), day() },
	}
	changes[rng.IntN(len(changes))]()
}
