package model

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"time"

	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
)

// staleFor is how far back a read may lie: first reads after a creation were seen to be stale for up to 4 s.
const staleFor = 4 * time.Second

// held is one topic on the brokers. It is a value: former versions stay as they were.
type held struct {
	id         string
	partitions int64
	config     map[string]string
	records    int64
	born       time.Time
}

type version struct {
	until  time.Time
	topics map[string]held
}

// brokers are a Kafka cluster: the truth, and the past that reads may still show.
type brokers struct {
	topics map[string]held
	past   []version
	hidden map[string]bool
	// fresh makes every read show the truth.
	fresh bool
	ids   int
	rng   *rand.Rand
}

// change replaces one topic; nil removes it.
func (b *brokers) change(name string, to *held, now time.Time) {
	b.past = append(b.past, version{until: now, topics: maps.Clone(b.topics)})
	for len(b.past) > 0 && now.Sub(b.past[0].until) > staleFor {
		b.past = b.past[1:]
	}
	if to == nil {
		delete(b.topics, name)
		return
	}
	b.topics[name] = *to
}

// make creates a topic; the names of Kafka's metrics must not collide.
func (b *brokers) make(name string, partitions int64, config map[string]string, now time.Time) (id string, made bool) {
	for other := range b.topics {
		if other == name || naming.CollisionKey(other) == naming.CollisionKey(name) {
			return "", false
		}
	}
	b.ids++
	id = fmt.Sprintf("id-%d", b.ids)
	b.change(name, &held{id: id, partitions: max(partitions, 1), config: maps.Clone(config), born: now}, now)
	return id, true
}

// look shows the topics asked for, or all where names is nil. Each may come from another broker, so from another time.
func (b *brokers) look(names []string, now time.Time) topic.Snapshot {
	snapshot := topic.Snapshot{
		ClusterID: clusterID, Topics: map[string]topic.Observed{}, Unknown: map[string]string{}, Complete: names == nil,
	}
	asked := names
	if names == nil {
		asked = allTopics()
	}
	for _, name := range asked {
		found, exists := b.at(now)[name]
		switch {
		case !exists && names != nil:
			snapshot.Absent = append(snapshot.Absent, name)
		case !exists:
		case b.hidden[name]:
			snapshot.Unknown[name] = "not authorized"
		default:
			snapshot.Topics[name] = topic.Observed{
				Name: name, ID: found.id, Partitions: found.partitions, Replicas: 1,
				Config: maps.Clone(found.config), ConfigKnown: true,
			}
		}
	}
	// A topic that cannot be described for a moment leaves the look complete; one that never may be does not.
	if names == nil && len(snapshot.Unknown) > 0 && b.rng.IntN(2) == 0 {
		snapshot.Complete, snapshot.Incomplete = false, "some topics may not be described"
	}
	return snapshot
}

// at is the truth or, now and then, what a lagging broker takes for it.
func (b *brokers) at(now time.Time) map[string]held {
	if b.fresh || b.rng.IntN(3) > 0 {
		return b.topics
	}
	for _, former := range b.past {
		if now.Sub(former.until) <= staleFor && b.rng.IntN(3) == 0 {
			return former.topics
		}
	}
	return b.topics
}

// mostPartitions is the largest count that a read may show, and 1 at least.
func (b *brokers) mostPartitions(name string) int64 {
	most := max(b.topics[name].partitions, 1)
	for _, former := range b.past {
		most = max(most, former.topics[name].partitions)
	}
	return most
}

// has says that a topic of that ID exists now.
func (b *brokers) has(id string) bool {
	for _, found := range b.topics {
		if found.id == id {
			return true
		}
	}
	return false
}
