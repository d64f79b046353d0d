package validate

import (
	"fmt"
	"strconv"

	"github.com/topicgate/topicgate/pkg/topic"
)

// oneReplica: the first broker that goes down takes the topic with it, be it for a rolling restart. What was so before
// anybody declared it is not said again, and where there is one broker nothing better can be written.
func oneReplica(in Input) finding {
	replicas, whose := expectedReplicas(in)
	_, live := in.liveCounts()
	onlyBroker := in.Facts.Cluster != nil && in.Facts.Cluster.MaxBrokers == 1
	if replicas != 1 || onlyBroker || in.New.Replicas == nil && live > 0 {
		return finding{}
	}
	advice := topic.Violation{
		Field: topic.Of(topic.KindReplicas), Reason: topic.SingleReplica, Value: "1", Source: "TopicGate",
		Problem: "one replica: records are lost with the first disk, and unavailable while its broker restarts",
		Fix:     fmt.Sprintf("set replicas to %d", usualReplicas(in)),
	}
	if in.New.Replicas == nil {
		advice.Problem = "by " + whose + ", " + advice.Problem
	}
	return warn(advice)
}

// insyncHeadroom: where each write needs every replica, the first broker that goes down stops all writes.
func insyncHeadroom(in Input) finding {
	replicas, whose := expectedReplicas(in)
	insync, known := in.number(MinInsync)
	if replicas < 2 || !known || insync != replicas {
		return finding{}
	}
	return warn(topic.Violation{
		Field: topic.ConfigField(MinInsync), Reason: topic.MinInsyncEqualsReplicas, Value: strconv.FormatInt(insync, 10), Source: "TopicGate",
		Problem: fmt.Sprintf("as many as the topic's replicas (%s): writes with acks=all stop whenever one broker is down", whose),
		Fix:     fmt.Sprintf("set %s to %d", MinInsync, replicas-1),
	})
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
