package differential

import (
	"strings"

	"github.com/topicgate/topicgate/pkg/topic"
)

// refusal is something that brokers accept and the engine refuses on purpose.
type refusal struct {
	what string
	// why no user is better off with the broker's answer.
	why string
	// is says whether a violation is one of these.
	is func(topic.Violation) bool
	// absent says in which lines of versions there is nothing to refuse beyond Kafka.
	absent func(version string) bool
}

// deliberate is everything that is refused beyond what brokers refuse. Whatever else the engine refuses and a broker
// accepts is a mistake, and so is an entry that a full run never meets.
func deliberate() []refusal {
	harmful := func(key string) func(topic.Violation) bool {
		return func(v topic.Violation) bool {
			return v.Reason == topic.ConfigValueHarmful && strings.HasSuffix(v.Field.Key(), key)
		}
	}
	return []refusal{
		{
			what: "reserved names", why: "Kafka lets any client make __consumer_offsets and the like, with counts the brokers cannot live with",
			is: func(v topic.Violation) bool { return v.Reason == topic.TopicNameReserved },
		},
		{
			what: "partitions: -1", why: "the protocol's word for the brokers' default; an object says that by leaving the field out",
			is: func(v topic.Violation) bool { return v.Reason == topic.PartitionsInvalid && v.Value == "-1" },
		},
		{
			what: "replicas: -1", why: "as for partitions",
			is: func(v topic.Violation) bool { return v.Reason == topic.ReplicasInvalid && v.Value == "-1" },
		},
		{
			what: "min.insync.replicas above the replicas", why: "Kafka counts with the replicas instead, so losing one stops every write with acks=all",
			is: func(v topic.Violation) bool { return v.Reason == topic.MinInsyncExceedsReplicas },
		},
		{
			what: "segment.index.bytes below 12", why: "the controller accepts it and no broker can make the log; topics created beside it stay without logs too",
			is: harmful("segment.index.bytes"),
		},
		{
			what: "segment.bytes below 1 MiB before 4.1", why: "after an upgrade no broker starts",
			is: harmful("segment.bytes"), absent: func(version string) bool { return version >= "4.1" },
		},
		{
			what: "throttled replicas that are not plainly written", why: "brokers then ignore all of the topic's new configs",
			is: harmful(".replication.throttled.replicas"),
		},
		{
			what: "internal.segment.bytes", why: "for Kafka's own tests; 0 makes a topic unwritable",
			is: harmful("internal.segment.bytes"), absent: func(version string) bool { return version < "4.1" },
		},
	}
}
