package validate

import (
	"slices"
	"time"

	"github.com/topicgate/topicgate/pkg/topic"
)

// Protection of topics against the deletion of their objects.
const (
	ProtectNone         = "None"
	ProtectWhenNotEmpty = "WhenNotEmpty"
	ProtectWhenConsumed = "WhenConsumed"
	ProtectInUse        = "InUse"
	ProtectAlways       = "Always"
)

// Protected is the stricter of what the cluster and what policies protect topics by. Two halves of InUse make a whole; what
// nobody knows counts as InUse.
func Protected(cluster, policies string) string {
	order := []string{ProtectNone, ProtectWhenNotEmpty, ProtectWhenConsumed, ProtectInUse, ProtectAlways}
	if !slices.Contains(order, cluster) {
		cluster = ProtectInUse
	}
	a, b := slices.Index(order, cluster), max(slices.Index(order, policies), 0)
	if a+b == 3 && a*b > 0 {
		return ProtectInUse
	}
	return order[max(a, b)]
}

// LongestAllowance is how far ahead topicgate.io/allow-delete-until may lie: a forgotten one must not stay a hole.
const LongestAllowance = 24 * time.Hour

// DeletionAllowed says whether the object's own allowance lifts protection now.
func DeletionAllowed(declared topic.Declared, now time.Time) bool {
	until := declared.AllowDeleteUntil
	return now.Before(until) && !until.After(now.Add(LongestAllowance))
}

// deletionProtected: a courtesy at admission; the lock is the syncer's, which looks at records and groups first.
func deletionProtected(in Input) finding {
	cluster := in.Facts.Cluster
	if cluster == nil || in.Facts.NamespaceTerminating || in.New.Recorded.TopicID == "" ||
		in.New.EffectiveDeletion(cluster.DefaultDeletion) != topic.Delete || DeletionAllowed(in.New, in.Facts.Now) {
		return finding{}
	}
	violation := topic.Violation{
		Field:  topic.Of(topic.KindObject),
		Reason: topic.DeletionProtected,
		Source: in.clusterSource(),
		Fix: "annotate the object with topicgate.io/allow-delete-until=" +
			in.Facts.Now.Add(time.Hour).UTC().Format(time.RFC3339) + " (at most 24 h ahead), or set deletionPolicy: Retain to keep the topic",
	}
	policies, rules := in.Facts.Policies.Protection(in.ForPolicies())
	protection := Protected(cluster.Protection, policies)
	if protection != cluster.Protection {
		violation.Rules, violation.Source = rules, "TopicPolicy"
	}
	switch protection {
	case ProtectNone:
		return finding{}
	case ProtectAlways:
		violation.Problem = "deleting this object would delete the topic and its records, and it is protected whatever it holds"
		violation.Limit = "deletion.protection: Always"
		return refuse(violation)
	default:
		violation.Problem = "the topic goes too, unless it holds records or a consumer group reads it; then this object waits, and the topic stays"
		violation.Limit = "deletion.protection: " + protection
		return warn(violation)
	}
}
