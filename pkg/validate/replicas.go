package validate

import (
	"fmt"
	"math"
	"strconv"

	"github.com/topicgate/topicgate/pkg/topic"
)

// replicasInRange: at least 1, and a number that Kafka can hold.
func replicasInRange(in Input) finding {
	want := in.New.Replicas
	if want == nil || (*want >= 1 && *want <= math.MaxInt16) {
		return finding{}
	}
	violation := replicasViolation(in, topic.ReplicasInvalid)
	violation.Problem = "each partition has at least one replica"
	violation.Limit = "1 or more"
	violation.Fix = fmt.Sprintf("set replicas to %d, or leave it out for the brokers' default", usualReplicas(in))
	if *want > math.MaxInt16 {
		violation.Problem = "more replicas than Kafka can count"
		violation.Limit = strconv.Itoa(math.MaxInt16) + " or fewer"
		violation.Fix = "set the number that was meant"
	}
	return refuse(violation)
}

// usualReplicas is what most topics have, as far as the brokers go round.
func usualReplicas(in Input) int64 {
	const usual = 3
	if cluster := in.Facts.Cluster; cluster != nil && cluster.MaxBrokers > 0 {
		return min(usual, cluster.MaxBrokers)
	}
	return usual
}

// replicasWithinBrokers: each replica needs a broker of its own. Brokers that are down may come back, so the most ever
// seen is the limit and those alive now only a warning.
func replicasWithinBrokers(in Input) finding {
	want, cluster := in.New.Replicas, in.Facts.Cluster
	if want == nil || cluster == nil || cluster.MaxBrokers == 0 || *want > math.MaxInt16 {
		return finding{}
	}
	violation := replicasViolation(in, topic.ReplicasExceedBrokers)
	switch {
	case *want > cluster.MaxBrokers:
		violation.Problem = fmt.Sprintf("more replicas than the cluster has brokers (%d)", cluster.MaxBrokers)
		violation.Limit = fmt.Sprintf("%d or fewer", cluster.MaxBrokers)
		violation.Source = in.clusterSource()
		violation.Fix = fmt.Sprintf("set replicas to %d or fewer", cluster.MaxBrokers)
		return in.byBrokers(violation)
	case *want > cluster.LiveBrokers:
		violation.Problem = fmt.Sprintf("only %d of %d brokers are up now", cluster.LiveBrokers, cluster.MaxBrokers)
		violation.Limit = fmt.Sprintf("%d until they are back", cluster.LiveBrokers)
		violation.Source = in.clusterSource()
		return warn(violation)
	default:
		return finding{}
	}
}

// replicasStay: replicas are moved by reassignment, which nothing here does; so the count may only become what is there.
func replicasStay(in Input) finding {
	want := in.New.Replicas
	_, live := in.liveCounts()
	if want == nil || *want < 1 || live == 0 || *want == live || unchangedReplicas(in) {
		return finding{}
	}
	violation := replicasViolation(in, topic.ReplicasChanged)
	violation.Problem = fmt.Sprintf("the topic has %d on the brokers, and changing that is not supported", live)
	violation.Limit = strconv.FormatInt(live, 10)
	violation.Source = "TopicGate"
	violation.Fix = fmt.Sprintf("set replicas to %d, or leave it out; to change it, reassign the partitions with Kafka's own tool first", live)
	return in.byBrokers(violation)
}

// unchangedReplicas lets an edit elsewhere pass where the brokers differ from what was declared all along.
func unchangedReplicas(in Input) bool {
	return in.Old != nil && in.Old.Replicas != nil && *in.Old.Replicas == *in.New.Replicas
}

func replicasViolation(in Input, reason topic.Reason) topic.Violation {
	return topic.Violation{
		Field:  topic.Of(topic.KindReplicas),
		Reason: reason,
		Value:  strconv.FormatInt(*in.New.Replicas, 10),
		Source: in.kafkaSource(),
	}
}
