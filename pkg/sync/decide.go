package sync

import (
	"context"
	"fmt"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
	"github.com/topicgate/topicgate/pkg/validate"
)

// decide makes the plan of the round.
func (r *round) decide(ctx context.Context) plan.Plan {
	r.lookForUsage(ctx)
	facts := r.facts()
	waiting := r.expected.Waiting(r.objects, r.snapshot, r.inScope, facts.Configs, r.now)
	return plan.Compute(plan.Input{
		Cluster:  facts,
		Policies: r.policies.set(),
		InFlight: r.expected.InFlight(),
		Objects:  r.objects,
		Scope:    r.scope,
		Snapshot: r.snapshot,
		Ledger:   r.ledger.entries,
		Waiting:  waiting,
		Guards: plan.Guards{
			Now:              r.now,
			Paused:           r.cluster.Spec.Paused,
			ResetUnlisted:    r.cluster.Spec.Sync.UnlistedConfig == v1alpha1.UnlistedReset,
			DeletionsLeft:    r.deletionsLeft(),
			ReleaseDeletions: r.releasedDeletions(),
		},
	})
}

// facts are what the rules may know of the cluster: what was seen just now, never the status that the webhook reads.
func (r *round) facts() validate.Cluster {
	seen := r.Loop.cluster
	live := int64(len(seen.Brokers))
	version := or(r.cluster.Spec.KafkaVersion, seen.Version)
	return validate.Cluster{
		Configs:         r.table.of(version),
		Name:            r.name,
		ID:              seen.ID,
		Version:         version,
		Naming:          naming.Mode(or(string(r.cluster.Spec.Naming), string(naming.Explicit))),
		Reserved:        naming.Reservations{Add: r.cluster.Spec.ReservedNames.Add, Except: r.cluster.Spec.ReservedNames.Except},
		Protection:      or(string(r.cluster.Spec.Deletion.Protection), validate.ProtectInUse),
		DefaultDeletion: deletionDefault(r.cluster),
		LiveBrokers:     live,
		MaxBrokers:      max(r.cluster.Status.MaxBrokersSeen, live),
		Racks:           racks(seen.Brokers),
		DefaultReplicas: seen.DefaultReplicas, DefaultPartitions: seen.DefaultPartitions,
		ConfigKeys:     seen.ConfigKeys,
		UnknownConfig:  string(r.cluster.Spec.UnknownConfig),
		ConfigDefaults: seen.ConfigDefaults,
		Tiering:        topicconfig.TieringOf(seen.Tiered),
	}
}

// policyFacts is the cluster as policies see it.
func (r *round) policyFacts() policy.Cluster {
	facts := r.facts()
	return validate.Input{Facts: validate.Facts{Cluster: &facts}}.ForPolicies().Facts.Cluster
}

// racks counts the racks of the brokers.
func racks(brokers []topic.Broker) int64 {
	names := make([]string, len(brokers))
	for i, broker := range brokers {
		names[i] = broker.Rack
	}
	return topic.Racks(names)
}

// versionTable keeps the config table of the version that was asked for last: a table costs more to build than a round
// about a few topics.
type versionTable struct {
	known   bool
	version string
	table   topicconfig.Table
}

func (t *versionTable) of(version string) topicconfig.Table {
	if !t.known || t.version != version {
		*t = versionTable{known: true, version: version, table: topicconfig.For(version)}
	}
	return t.table
}

// lookForUsage asks the brokers who would miss the topics whose deletion is due.
func (r *round) lookForUsage(ctx context.Context) {
	var asked []topic.Observed
	var indices []int
	for i, object := range r.objects {
		live, seen := r.snapshot.Topics[object.TopicName]
		if object.Parent == plan.ParentAlive && seen && r.inScope(object.TopicName) {
			asked, indices = append(asked, live), append(indices, i)
		}
	}
	if len(asked) == 0 {
		return
	}
	usage := r.kafka.Usage(ctx, asked)
	for _, i := range indices {
		r.objects[i].Usage = usage[r.objects[i].TopicName]
	}
}

// mostLost is how many vanished topics are an accident of everyday life whatever their share.
const mostLost = 10

// checkCluster freezes all writes when these are not the brokers that the objects' topics are on: another cluster ID,
// many known topics gone at once, or an older KafkaCluster that speaks for the same brokers.
func (r *round) checkCluster(ctx context.Context) {
	id := or(r.snapshot.ClusterID, r.Loop.cluster.ID)
	pinned := r.cluster.Status.ClusterID
	if pinned != "" && id != pinned && r.cluster.Annotations[v1alpha1.AcceptClusterIDAnnotation] != id {
		r.frozen = freeze{topic.ClusterChanged, fmt.Sprintf(
			"the brokers are Kafka cluster %s, and were %s before: nothing is written; if that is meant: kubectl annotate tgc %s %s=%s",
			id, pinned, r.name, v1alpha1.AcceptClusterIDAnnotation, id)}
		return
	}
	if other, ok := r.olderTwin(ctx, id); ok {
		r.frozen = freeze{topic.DuplicateCluster, "KafkaCluster " + other + " is older and speaks for the same brokers; delete one of the two"}
		return
	}
	if r.scope == nil && r.snapshot.Complete {
		r.checkLost()
		return
	}
	if r.frozen.reason != topic.ClusterChanged {
		r.frozen = freeze{}
	}
}

// checkFirstLook freezes all writes until one look has shown every topic: before that, a topic that was there all along
// could pass for one that an object brought about.
func (r *round) checkFirstLook() {
	if r.frozen.reason == "" && r.first() && !r.snapshot.Complete {
		r.frozen = freeze{topic.ScanIncomplete, "nothing is written before one look has shown every topic: " + r.snapshot.Incomplete}
		r.incomplete = r.snapshot.Incomplete
	}
}

func (r *round) checkLost() {
	known, lost := 0, 0
	for _, object := range r.objects {
		if object.Recorded.TopicID == "" || object.Recorded.ClusterID != r.Loop.cluster.ID || object.Deleting {
			continue
		}
		known++
		if live, seen := r.snapshot.Topics[object.TopicName]; !seen || live.ID != object.Recorded.TopicID {
			lost++
		}
	}
	r.frozen = freeze{}
	if lost > mostLost && lost*10 > known && annotatedCount(r.cluster, v1alpha1.AcceptLostTopicsAnnotation) != lost {
		r.frozen = freeze{topic.ClusterChanged, fmt.Sprintf(
			"%d of %d known topics are gone or were recreated: nothing is written; to have them made again, empty: kubectl annotate tgc %s %s=%d",
			lost, known, r.name, v1alpha1.AcceptLostTopicsAnnotation, lost)}
	}
}

// olderTwin is another KafkaCluster for the same brokers that came first.
func (r *round) olderTwin(ctx context.Context, id string) (string, bool) {
	var clusters v1alpha1.KafkaClusterList
	if err := r.Client.List(ctx, &clusters); err != nil {
		return "", false
	}
	own := topic.Ref{UID: string(r.cluster.UID), Created: r.cluster.CreationTimestamp.Time}
	for i := range clusters.Items {
		other := &clusters.Items[i]
		ref := topic.Ref{UID: string(other.UID), Created: other.CreationTimestamp.Time}
		if other.UID != r.cluster.UID && id != "" && other.Status.ClusterID == id && ref.Older(own) {
			return other.Name, true
		}
	}
	return "", false
}
