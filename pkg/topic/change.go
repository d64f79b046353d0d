package topic

import "time"

// BrokerDefault stands for a count that is left to the brokers (KIP-464).
const BrokerDefault = -1

// Creation asks for a new topic.
type Creation struct {
	Name string
	// Partitions and Replicas are counts, or BrokerDefault.
	Partitions, Replicas int64
	Config               map[string]string
}

// Growth asks for more partitions, up to a total.
type Growth struct {
	Name       string
	Partitions int64
}

// ConfigChange asks for topic-level configs to be set and others to go back to the brokers' default.
type ConfigChange struct {
	Name  string
	Set   map[string]string
	Reset []string
}

// Removal asks for the deletion of a topic by its ID, so that a topic recreated under the same name is never hit.
type Removal struct {
	Name, ID string
}

// Outcome is what became of one asked change.
type Outcome struct {
	Name string
	// ID is the new topic's ID, where Kafka told it.
	ID string
	// Failure is nil when Kafka committed the change.
	Failure *Failure
}

// Failure says why a change was not made, or not seen to be made.
type Failure struct {
	Reason Reason
	// Message is in our own words or Kafka's; it never holds addresses or secrets.
	Message string
}

// Usage says whether somebody would miss a topic.
type Usage struct {
	// Known is false when it could not be found out; then the topic counts as in use.
	Known bool
	// Records is an upper bound of the records held: latest minus earliest offsets.
	Records int64
	// Groups are the consumer groups with members that read the topic.
	Groups []string
}

// Size is what a topic holds.
type Size struct {
	// Known is false when it was not measured.
	Known bool
	// Bytes counts each partition once.
	Bytes int64
	// Oldest is the time of the oldest record; zero where there is none, or it was not told.
	Oldest time.Time
}
