package validate

import (
	"strconv"

	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
)

// nameCollision: Kafka's metrics cannot tell '.' from '_', so it refuses a name that equals another's in that reading;
// and it overlooks names of the same request, so the syncer must not send two.
func nameCollision(in Input) finding {
	for _, claim := range in.Facts.Claims {
		if claim.TopicName != in.New.TopicName && naming.Collides(claim.TopicName, in.New.TopicName) {
			return refuse(collision(in, claim.TopicName, "declared by "+claim.Ref.String()))
		}
	}
	for _, name := range in.Facts.Colliding {
		if name != in.New.TopicName {
			return in.byBrokers(collision(in, name, "on the brokers"))
		}
	}
	return finding{}
}

func collision(in Input, other, where string) topic.Violation {
	return topic.Violation{
		Field:   nameField(in.New),
		Reason:  topic.TopicNameCollision,
		Value:   strconv.Quote(bounded(in.New.TopicName)),
		Problem: "collides with topic " + strconv.Quote(other) + ", which is " + where,
		Limit:   "names that differ in more than '.' against '_'",
		Source:  in.kafkaSource(),
		Fix:     "choose another name",
	}
}

// duplicateClaim: a topic has one owner. Here any object that exists already counts as older; the syncer decides for good.
func duplicateClaim(in Input) finding {
	for _, claim := range in.Facts.Claims {
		if claim.TopicName != in.New.TopicName {
			continue
		}
		return refuse(Duplicate(in.New, claim.Ref, in.clusterSource()))
	}
	return finding{}
}

// Duplicate is the violation of a claim that another object holds.
func Duplicate(declared topic.Declared, owner topic.Ref, source string) topic.Violation {
	return topic.Violation{
		Field:   nameField(declared),
		Reason:  topic.DuplicateClaim,
		Value:   strconv.Quote(bounded(declared.TopicName)),
		Problem: "the topic belongs to " + owner.String(),
		Limit:   "one object for a topic, the oldest",
		Source:  source,
		Fix:     "change " + owner.String() + " instead, or choose another topic name",
	}
}
