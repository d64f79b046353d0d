package audit

import (
	"time"

	"github.com/topicgate/topicgate/pkg/topic"
)

// World is what the report on one cluster is made from. Syncer and command line make theirs from the same objects, so both
// say the same.
type World struct {
	Now     time.Time
	Cluster Cluster
	// Entries are what is remembered of the topics on the brokers, by name.
	Entries map[string]topic.Entry
	// Objects are the KafkaTopics that name the cluster.
	Objects []Object
	Ignore  []Rule
	// Exceptions are those TopicPolicyExceptions that could speak of the cluster's topics.
	Exceptions []Exception
}

// Cluster is what is known of the cluster itself.
type Cluster struct {
	// Name is the KafkaCluster's; empty where there is none.
	Name string
	ID   string
	// Incomplete says why not every topic could be seen; empty when all were.
	Incomplete string
	Brokers    []topic.Broker
	// AutoCreate is the fix for brokers that create topics by themselves.
	AutoCreateFix string
	Creators      topic.Creators
	// OwnerLabel is the label that says whose a topic is.
	OwnerLabel string
}

// Object is one KafkaTopic.
type Object struct {
	Ref      topic.Ref
	Topic    string
	Deleting bool
	// Owner is what the owner label says, of the object or else of its namespace; empty where it is on neither.
	Owner string
	// Reason and Message are those of the condition Ready while it is not True; both empty otherwise.
	Reason  topic.Reason
	Message string
	// Drift and Violation are the messages of the conditions Drifted and PolicyViolation while they are True.
	Drift, Violation string
}

// Exception is one TopicPolicyException.
type Exception struct {
	Name      string
	ExpiresAt time.Time
	// Unused says that no topic rests on it.
	Unused bool
}

// Report is what the audit says of one cluster: data, for whoever prints or publishes it.
type Report struct {
	// Cluster is the KafkaCluster's name; empty where there is none.
	Cluster, ClusterID string
	Taken              time.Time
	// Incomplete says why not every topic could be seen; empty when all were. Then there may be more orphans than are listed.
	Incomplete string
	Counts     Counts
	// Topics are all that no KafkaTopic of ours declares, with those that are somebody's by nature (Internal, Platform,
	// Ignored, ManagedElsewhere), the largest first, then by name.
	Topics []Topic
	// Findings are what somebody should know, the gravest first, then by kind, namespace and topic.
	Findings []Finding
}

// Topic is one that no KafkaTopic declares.
type Topic struct {
	topic.Entry
	// CandidateOwner is who could know more of it; the zero value where nothing hints at anybody.
	CandidateOwner CandidateOwner
	Recommendation Recommendation
	// Reasons say why, each a clause such as "no record was written for 91 days".
	Reasons []string
}

// CandidateOwner is a guess, with what it rests on.
type CandidateOwner struct {
	// Name is a namespace, a principal, a group or an application.
	Name string
	// Evidence says what hints at it, such as "the only ACL on it is for User:billing".
	Evidence string
}

// Recommendation is what a person is advised to do about a topic.
type Recommendation string

// What a person is advised to do.
const (
	// Adopt: declare it; somebody uses it.
	Adopt Recommendation = "Adopt"
	// Ignore: it is somebody's by nature.
	Ignore Recommendation = "Ignore"
	// Investigate: nothing speaks clearly for either.
	Investigate Recommendation = "Investigate"
	// DeleteCandidate: nothing speaks for keeping it. Nothing deletes it by itself.
	DeleteCandidate Recommendation = "DeleteCandidate"
)

// Severity is how much a finding matters.
type Severity string

// How much a finding matters, the gravest first.
const (
	High   Severity = "high"
	Medium Severity = "medium"
	Low    Severity = "low"
	Info   Severity = "info"
)

// Kind is what a finding is about.
type Kind string

// What findings are about.
const (
	// KindOrphan: a topic is on the brokers and no object declares it.
	KindOrphan Kind = "Orphan"
	// KindMissing: an object's topic is not on the brokers.
	KindMissing Kind = "Missing"
	// KindDrift: the topic differs from what its object declares, and is left so.
	KindDrift Kind = "Drift"
	// KindViolation: a managed topic breaks a rule, and is let.
	KindViolation Kind = "Violation"
	// KindDuplicate: an object declares a topic that another one owns.
	KindDuplicate Kind = "Duplicate"
	// KindNameCollision: two names that differ in '.' and '_' only.
	KindNameCollision Kind = "NameCollision"
	// KindRecreated: a topic came back with another ID, without its records.
	KindRecreated Kind = "Recreated"
	// KindRefused: an object is not carried out, for another reason than the ones above.
	KindRefused Kind = "Refused"
	// KindNoOwner: nothing says whose a topic is.
	KindNoOwner Kind = "NoOwner"
	// KindIgnoreExpired: a rule of audit.ignore has ended, and still covers topics.
	KindIgnoreExpired Kind = "IgnoreExpired"
	// KindExceptionExpiring: a TopicPolicyException ends within a week.
	KindExceptionExpiring Kind = "ExceptionExpiring"
	// KindExceptionExpired: a TopicPolicyException has ended.
	KindExceptionExpired Kind = "ExceptionExpired"
	// KindExceptionUnused: no topic rests on a TopicPolicyException.
	KindExceptionUnused Kind = "ExceptionUnused"
	// KindAutoCreateEnabled: a broker creates topics by itself.
	KindAutoCreateEnabled Kind = "AutoCreateEnabled"
	// KindCreateAclTooBroad: somebody but the syncer may create topics.
	KindCreateAclTooBroad Kind = "CreateAclTooBroad"
	// KindUnknown: a topic could not be described, so nothing is said of it.
	KindUnknown Kind = "Unknown"
)

// Finding is one thing that somebody should know. Its message holds no sizes, offsets or times: it stays the same as long as
// the finding does, so that nobody is told of it twice.
type Finding struct {
	Kind     Kind
	Severity Severity
	// Topic is the topic's name, empty when the finding is about the cluster; TopicID is set where it is known.
	Topic, TopicID string
	// Object is the KafkaTopic, or the TopicPolicyException, that it is about; the zero Ref when there is none.
	Object topic.Ref
	// Subject is the broker, the principal or the rule that it is about; empty where a topic or an object is.
	Subject string
	Message string
	// Fix says what to do; may hold a command.
	Fix string
	// Baseline marks topics that were there before us.
	Baseline bool
}
