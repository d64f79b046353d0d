// Package inventory translates what is remembered of topics to TopicInventory and back. It is pure: the syncer writes with
// it, syncer and command line read with it.
package inventory

import (
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// Entries are the topics of one KafkaCluster in its shards, by name. Shards numbered count or above are leftovers; a count of
// 0 says that no inventory was ever taken.
func Entries(cluster string, shards []v1alpha1.TopicInventory, count int64) map[string]topic.Entry {
	entries := map[string]topic.Entry{}
	for i := range shards {
		if shards[i].Cluster != cluster || shards[i].Shard >= count {
			continue
		}
		for j := range shards[i].Topics {
			entries[shards[i].Topics[j].Name] = Entry(&shards[i].Topics[j])
		}
	}
	return entries
}

// Entry reads one topic back.
func Entry(from *v1alpha1.InventoryTopic) topic.Entry {
	entry := topic.Entry{
		Name: from.Name, TopicID: from.TopicID, Partitions: from.Partitions, Replicas: from.Replicas,
		Class: topic.Class(from.Class), Baseline: from.Baseline, FirstSeen: from.FirstSeen.Time,
		FormerID: from.FormerTopicID, LastWrite: timeOf(from.LastWrite), Config: from.Config,
	}
	entry.Size.Oldest = timeOf(from.OldestRecord)
	if from.Bytes != nil {
		entry.Size.Known, entry.Size.Bytes = true, *from.Bytes
	}
	if object := from.Object; object != nil {
		ref := topic.Ref{Group: object.Group, Namespace: object.Namespace, Name: object.Name, UID: object.UID}
		if ref.Group == "" {
			entry.Owner = ref
		} else {
			entry.Elsewhere = ref
		}
	}
	if from.Origin != nil {
		entry.Origin = topic.Origin{Kind: topic.OriginKind(from.Origin.Kind), Of: from.Origin.Of, Evidence: from.Origin.Evidence}
	}
	entry.Findings = findings(from)
	return entry
}

func findings(from *v1alpha1.InventoryTopic) topic.Findings {
	found := topic.Findings{Examined: timeOf(from.Examined), Principals: from.Principals, Unseen: from.Unseen}
	switch {
	case from.Records != nil:
		found.Records = *from.Records
	case from.Examined != nil: // unknown is not none
		found.Records = -1
	}
	for _, group := range from.Groups {
		use := topic.GroupUse{Name: group.Name, Lag: -1}
		if group.Active {
			use.Members = 1
		}
		if group.Lag != nil {
			use.Lag = *group.Lag
		}
		found.Groups = append(found.Groups, use)
	}
	return found
}

// Topic writes one topic. What is not kept in it (how many members a group has) is rounded away by pkg/audit before.
func Topic(entry topic.Entry) v1alpha1.InventoryTopic {
	made := v1alpha1.InventoryTopic{
		Name: entry.Name, TopicID: entry.TopicID, Partitions: entry.Partitions, Replicas: entry.Replicas,
		Class: v1alpha1.TopicClass(entry.Class), Baseline: entry.Baseline, FirstSeen: metav1.Time{Time: entry.FirstSeen},
		OldestRecord: stamp(entry.Size.Oldest), FormerTopicID: entry.FormerID, LastWrite: stamp(entry.LastWrite), Config: entry.Config,
		Object: object("", entry.Owner), Principals: entry.Findings.Principals, Examined: stamp(entry.Findings.Examined), Unseen: entry.Findings.Unseen,
	}
	if entry.Class == topic.ClassElsewhere {
		made.Object = object(entry.Elsewhere.Group, entry.Elsewhere)
	}
	if entry.Size.Known {
		made.Bytes = &entry.Size.Bytes
	}
	if entry.Origin.Kind != "" {
		made.Origin = &v1alpha1.TopicOrigin{Kind: v1alpha1.OriginKind(entry.Origin.Kind), Of: entry.Origin.Of, Evidence: entry.Origin.Evidence}
	}
	if !entry.Findings.Examined.IsZero() && entry.Findings.Records >= 0 {
		made.Records = &entry.Findings.Records
	}
	for _, use := range entry.Findings.Groups {
		group := v1alpha1.TopicGroup{Name: use.Name, Active: use.Members > 0}
		if use.Lag >= 0 {
			group.Lag = &use.Lag
		}
		made.Groups = append(made.Groups, group)
	}
	return made
}

// object names a KafkaTopic; ours go without their group.
func object(group string, ref topic.Ref) *v1alpha1.ObjectRef {
	if ref == (topic.Ref{}) {
		return nil
	}
	return &v1alpha1.ObjectRef{Group: group, Namespace: ref.Namespace, Name: ref.Name, UID: ref.UID}
}

func stamp(at time.Time) *metav1.Time {
	if at.IsZero() {
		return nil
	}
	return &metav1.Time{Time: at}
}

func timeOf(stamp *metav1.Time) time.Time {
	if stamp == nil {
		return time.Time{}
	}
	return stamp.UTC()
}

// Label is a KafkaCluster's name as a label holds it: 63 characters at most. Readers compare the whole name as well.
func Label(name string) string {
	const most = 63
	if len(name) > most {
		name = strings.TrimRight(name[:most], "-.")
	}
	return name
}
