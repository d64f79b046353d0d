// Package naming owns the whole policy of names between Kafka and Kubernetes: which topic names Kafka accepts, which of
// them collide, which are reserved for the brokers and for platform products, and how a topic name relates to the
// metadata.name of the object that declares it.
//
// The two rule sets overlap only in part. Every DNS-1123 name of at most 249 characters is a legal topic name, but Kafka
// also allows upper case, underscores and dots anywhere; so an object either carries the topic's name beside its own
// (Explicit), or is named by an injective encoding of it (Derived), or gives up the difference (Strict).
//
// The package is pure: no I/O, clock or log. A refusal is data (Problem), never an error, so that a caller can collect
// all of them.
package naming
