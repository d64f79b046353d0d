package whocan

import (
	"fmt"

	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/pkg/topic"
)

// Kafka says who may create topics by asking the brokers; total is how many ACLs there are, of which the first are listed.
func Kafka(creators topic.Creators, total int64) report.KafkaMakers {
	made := report.KafkaMakers{Answer: string(creators.Answer), Message: creators.Message, Total: max(total, int64(len(creators.Grants)))}
	if made.Answer == "" {
		made.Answer = string(topic.CreatorsUnknown)
	}
	for _, grant := range creators.Grants {
		made.Grants = append(made.Grants, report.KafkaMaker{
			Principal: grant.Principal, Host: grant.Host, Operation: grant.Operation, Topics: covered(grant),
		})
	}
	return made
}

// covered are the names that an ACL is about.
func covered(grant topic.Grant) string {
	switch {
	case grant.Cluster:
		return "any, by an ACL on the cluster"
	case grant.Pattern == "*":
		return "any"
	case grant.Prefixed:
		return grant.Pattern + "…"
	default:
		return grant.Pattern
	}
}

// AutoCreation says what each broker does when a client asks for a topic that is not there.
func AutoCreation(brokers []topic.Broker, answer topic.CreatorsAnswer) []report.AutoMaker {
	made := make([]report.AutoMaker, 0, len(brokers))
	for _, broker := range brokers {
		one := report.AutoMaker{Broker: broker.ID, Enabled: broker.AutoCreate}
		switch {
		case broker.AutoCreate == nil && broker.Fenced:
			one.Means = "not known: it is fenced and serves nobody now"
		case broker.AutoCreate == nil:
			one.Means = "not known: its configuration could not be read"
		case !*broker.AutoCreate:
			one.Means = "nobody"
		case answer == topic.CreatorsEveryone:
			one.Means = fmt.Sprintf("anybody who reaches broker %d, by asking for a topic that is not there", broker.ID)
		default:
			one.Means = fmt.Sprintf("any principal with CREATE on the topic or the cluster, through broker %d, by asking for a topic that is not there", broker.ID)
		}
		made = append(made, one)
	}
	return made
}
