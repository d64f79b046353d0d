package world

import (
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/topic"
)

// Input is what a World is gathered from.
type Input struct {
	Now     time.Time
	Cluster *v1alpha1.KafkaCluster
	// Entries are what the inventory remembers of the cluster's topics, by name.
	Entries map[string]topic.Entry
	// Topics are KafkaTopics; those of other clusters are left out.
	Topics []*v1alpha1.KafkaTopic
	// DefaultCluster is the KafkaCluster of KafkaTopics that name none and are pinned to none; empty when there is none.
	DefaultCluster string
	// Namespaces are the labels of namespaces, by name. One that is missing is without labels as far as anybody knows.
	Namespaces map[string]map[string]string
	// Exceptions are all TopicPolicyExceptions; those that cannot speak of the cluster's topics are left out.
	Exceptions []*v1alpha1.TopicPolicyException
}

// notScanned says why nothing is known of a cluster that the syncer has not looked at.
const notScanned = "the syncer has not looked at all topics of this cluster yet"

// Of gathers the world of one cluster.
func Of(in Input) audit.World {
	world := audit.World{Now: in.Now, Cluster: cluster(in.Cluster), Entries: in.Entries, Ignore: Rules(in.Cluster.Spec)}
	for _, object := range in.Topics {
		if in.names(object) {
			world.Objects = append(world.Objects, in.object(object, world.Cluster.OwnerLabel))
		}
	}
	for _, object := range in.Exceptions {
		if speaksOf(object, in.Cluster.Name) {
			world.Exceptions = append(world.Exceptions, exception(object))
		}
	}
	return world
}

func cluster(object *v1alpha1.KafkaCluster) audit.Cluster {
	status := object.Status
	made := audit.Cluster{
		Name: object.Name, ID: status.ClusterID, Incomplete: incomplete(status),
		Brokers: brokers(status.Brokers), Creators: creators(status.TopicCreators), OwnerLabel: OwnerLabel(object.Spec),
	}
	if message, is := says(status.Conditions, v1alpha1.ConditionAutoCreateDisabled, metav1.ConditionFalse); is {
		made.AutoCreateFix = message
	}
	return made
}

// OwnerLabel is the label that says whose a topic is.
func OwnerLabel(spec v1alpha1.KafkaClusterSpec) string {
	if spec.Audit.OwnerLabel != "" {
		return spec.Audit.OwnerLabel
	}
	return v1alpha1.OwnerLabel
}

// Rules are the rules of audit.ignore.
func Rules(spec v1alpha1.KafkaClusterSpec) []audit.Rule {
	rules := make([]audit.Rule, len(spec.Audit.Ignore))
	for i, rule := range spec.Audit.Ignore {
		rules[i].Pattern, rules[i].Reason = rule.Pattern, rule.Reason
		if rule.ExpiresAt != nil {
			rules[i].ExpiresAt = rule.ExpiresAt.Time
		}
	}
	return rules
}

func incomplete(status v1alpha1.KafkaClusterStatus) string {
	if message, is := says(status.Conditions, v1alpha1.ConditionAuditComplete, metav1.ConditionFalse); is {
		return message
	}
	if status.InventoryShards == 0 {
		return notScanned
	}
	return ""
}

// says is the message of a condition that has the given value.
func says(conditions []metav1.Condition, kind string, value metav1.ConditionStatus) (message string, is bool) {
	found := meta.FindStatusCondition(conditions, kind)
	if found == nil || found.Status != value {
		return "", false
	}
	return found.Message, true
}

func brokers(seen []v1alpha1.Broker) []topic.Broker {
	list := make([]topic.Broker, len(seen))
	for i, broker := range seen {
		list[i] = topic.Broker{
			ID: broker.ID, Rack: broker.Rack, Fenced: broker.Fenced,
			AutoCreate: broker.AutoCreate, AutoCreateSource: broker.AutoCreateSource,
		}
	}
	return list
}

// creators without an answer were never looked for, which is not the same as nobody.
func creators(seen *v1alpha1.TopicCreators) topic.Creators {
	if seen == nil {
		return topic.Creators{Answer: topic.CreatorsUnknown}
	}
	made := topic.Creators{Answer: topic.CreatorsAnswer(seen.Answer), Message: seen.Message}
	for _, grant := range seen.Grants {
		made.Grants = append(made.Grants, topic.Grant{
			Principal: grant.Principal, Host: grant.Host, Operation: grant.Operation,
			Cluster: grant.Cluster, Pattern: grant.Pattern, Prefixed: grant.Prefixed,
		})
	}
	return made
}

// speaksOf says whether an exception could be for topics of a cluster.
func speaksOf(object *v1alpha1.TopicPolicyException, cluster string) bool {
	for _, glob := range object.Spec.Match.Clusters {
		if audit.Match(glob, cluster) {
			return true
		}
	}
	return len(object.Spec.Match.Clusters) == 0
}

func exception(object *v1alpha1.TopicPolicyException) audit.Exception {
	active := meta.FindStatusCondition(object.Status.Conditions, v1alpha1.ConditionActive)
	return audit.Exception{
		Name: object.Name, ExpiresAt: object.Spec.ExpiresAt.Time,
		Unused: active != nil && active.Reason == string(topic.ExceptionUnused),
	}
}
