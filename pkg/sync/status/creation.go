package status

import (
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// autoCreateByFile is what to do where nothing but the brokers' own configuration files decides.
const autoCreateByFile = "It is read-only over the Kafka protocol: " +
	"write auto.create.topics.enable=false into server.properties of each of these brokers and restart them one by one"

// autoCreate: off everywhere, on somewhere, or not known. The setting cannot be changed over the Kafka protocol, so the
// message says what to do where.
func (c conditions) autoCreate(brokers []topic.Broker, remedy string) {
	var on, unread []string
	for _, broker := range brokers {
		switch {
		case broker.Fenced:
			unread = append(unread, fmt.Sprintf("%d (fenced: it cannot be asked)", broker.ID))
		case broker.AutoCreate == nil:
			unread = append(unread, fmt.Sprint(broker.ID))
		case *broker.AutoCreate:
			on = append(on, fmt.Sprintf("%d (%s)", broker.ID, broker.AutoCreateSource))
		}
	}
	switch {
	case len(on) > 0:
		c.set(v1alpha1.ConditionAutoCreateDisabled, metav1.ConditionFalse, topic.EnabledOnBrokers,
			"auto.create.topics.enable is true on broker "+strings.Join(on, ", ")+
				": any client that asks for a topic by name can create it there. "+or(remedy, autoCreateByFile))
	case len(unread) > 0 || len(brokers) == 0:
		c.set(v1alpha1.ConditionAutoCreateDisabled, metav1.ConditionUnknown, topic.NotReadable,
			"auto.create.topics.enable could not be read from broker "+strings.Join(unread, ", ")+
				"; the syncer's principal needs DESCRIBE_CONFIGS on the cluster, and the broker must be up")
	default:
		c.set(v1alpha1.ConditionAutoCreateDisabled, metav1.ConditionTrue, topic.DisabledEverywhere,
			"auto.create.topics.enable is false on every broker")
	}
}

// mostGrants bounds what a status holds of a cluster's ACLs; the first by name, and how many there are, are enough to act on.
const mostGrants = 100

// mostNamed is how many principals a message names.
const mostNamed = 5

// creation: nobody else may create topics, somebody may, or it is not known. Principals that are super users show nowhere.
func (c conditions) creation(creators topic.Creators) {
	switch {
	case creators.Answer == topic.CreatorsListed && len(creators.Grants) == 0:
		c.set(v1alpha1.ConditionCreationRestricted, metav1.ConditionTrue, topic.OnlySyncerCreates,
			because("no ACL lets anybody but the syncer create topics", creators.Message))
	case creators.Answer == topic.CreatorsListed:
		c.set(v1alpha1.ConditionCreationRestricted, metav1.ConditionFalse, topic.OthersMayCreate, because(fmt.Sprintf(
			"%s may create topics on the brokers: remove CREATE and ALL from their ACLs on topics and on the cluster", someOf(creators.Grants)), creators.Message))
	case creators.Answer == topic.CreatorsEveryone:
		c.set(v1alpha1.ConditionCreationRestricted, metav1.ConditionFalse, topic.OthersMayCreate,
			or(creators.Message, "any client may create topics on the brokers"))
	default:
		c.set(v1alpha1.ConditionCreationRestricted, metav1.ConditionUnknown, topic.CreationUnknown,
			because("who may create topics on the brokers is not known", creators.Message))
	}
}

func or(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

func because(what, why string) string {
	if why == "" {
		return what
	}
	return what + ". " + why
}

// someOf names the first principals.
func someOf(grants []topic.Grant) string {
	var names []string
	for _, grant := range grants {
		if !slices.Contains(names, grant.Principal) {
			names = append(names, grant.Principal)
		}
	}
	if len(names) > mostNamed {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:mostNamed], ", "), len(names)-mostNamed)
	}
	return strings.Join(names, ", ")
}

func topicCreators(creators topic.Creators) *v1alpha1.TopicCreators {
	made := &v1alpha1.TopicCreators{
		Answer: v1alpha1.CreatorsAnswer(creators.Answer), Message: creators.Message, Total: int64(len(creators.Grants)),
	}
	for _, grant := range creators.Grants[:min(len(creators.Grants), mostGrants)] {
		made.Grants = append(made.Grants, v1alpha1.CreateGrant(grant))
	}
	return made
}
