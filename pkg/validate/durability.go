package validate

import (
	"fmt"
	"strconv"

	"github.com/topicgate/topicgate/pkg/topic"
)

// replicaToSpare: with one replica, or with every replica needed for each write, the first broker that goes down takes
// records or writes with it, be it for a rolling restart.
func replicaToSpare(in Input) finding {
	replicas, whose := expectedReplicas(in)
	_, live := in.liveCounts()
	if replicas < 1 || in.Facts.Cluster != nil && in.Facts.Cluster.MaxBrokers == 1 {
		return finding{} // where there is one broker, nothing better can be written
	}
	advice := topic.Violation{Field: topic.Of(topic.KindReplicas), Value: strconv.FormatInt(replicas, 10), Source: "TopicGate"}
	if replicas == 1 && in.New.Replicas == nil && live > 0 {
		return finding{} // so it was before anybody declared it
	}
	if replicas == 1 {
		advice.Reason = topic.SingleReplica
		advice.Problem = "one replica: records are lost with the first disk, and unavailable while its broker restarts"
		if in.New.Replicas == nil {
			advice.Problem = "by " + whose + ", " + advice.Problem
		}
		advice.Fix = fmt.Sprintf("set replicas to %d", usualReplicas(in))
		return warn(advice)
	}
	insync, known := in.number(MinInsync)
	if !known || insync != replicas {
		return finding{}
	}
	advice.Field, advice.Reason = topic.ConfigField(MinInsync), topic.MinInsyncEqualsReplicas
	advice.Problem = fmt.Sprintf("as many as the topic's replicas (%s): writes with acks=all stop whenever one broker is down", whose)
	advice.Fix = fmt.Sprintf("set %s to %d", MinInsync, replicas-1)
	return warn(advice)
}

// uncleanElection: a replica that lags behind may become leader, and what it lacks is gone without an error.
func uncleanElection(in Input) finding {
	const key = "unclean.leader.election.enable"
	value, set := in.New.Config[key]
	if !set || in.canonical(key) != "true" {
		return finding{}
	}
	return warn(topic.Violation{
		Field: topic.ConfigField(key), Reason: topic.UncleanElection, Value: strconv.Quote(bounded(value.Text)), Source: "TopicGate",
		Problem: "a replica that lags behind may become leader, and acknowledged records that it lacks are lost",
		Fix:     "remove the line, unless being writable matters more than what was written",
	})
}
