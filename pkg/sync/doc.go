// Package sync makes Kafka's topics match the KafkaTopics of the API server, one way: Kubernetes → Kafka.
//
// # The loop
//
// One Loop per KafkaCluster, on the leader only, fed by a coalescing work queue: an edit storm on one topic is one look
// at it, and whatever arrives within the linger is one round.
//
//	informer ─► queue ─► gather (linger) ─► observe ─► plan.Compute ─► apply ─► status, inventory
//	              ▲                                                      │
//	              └────────── look again, until the brokers show it ─────┘
//
// A round is either about the topics that the queue named, or about all of them (at the start, every resync or audit
// interval, and when the KafkaCluster or a namespace changed).
//
// # Not obvious
//
//   - Reads are stale for seconds after a write. An own write is expected to show (plan/expect.go) and not repeated meanwhile;
//     the absence of a topic that was there is believed only at a second look.
//   - The baseline inventory is written before the first mutation. Otherwise a crash after it would make topics of our
//     own look as if they had been there before us.
//   - Objects are released (finalizer off, topic kept) before Kafka is even dialled: a namespace must be able to go while
//     the brokers are down.
//   - The parents of an object being deleted are read past every cache: they are marked before their children, so one
//     look after the child's mark settles whose deletion it is.
//   - A status is compared in the process before it is written: the API server charges a no-op write like a real one.
package sync
