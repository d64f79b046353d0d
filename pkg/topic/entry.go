package topic

import "time"

// Class says what a topic on the brokers is to Kubernetes.
type Class string

// What a topic on the brokers is to Kubernetes.
const (
	// ClassManaged belongs to an object.
	ClassManaged Class = "Managed"
	// ClassCandidate has no object, and was seen once only or is within the grace period.
	ClassCandidate Class = "Candidate"
	// ClassOrphan has no object.
	ClassOrphan Class = "Orphan"
	// ClassReleased had an object, which was deleted while the topic was kept.
	ClassReleased Class = "Released"
	// ClassInternal is Kafka's own.
	ClassInternal Class = "Internal"
	// ClassPlatform belongs to a known product.
	ClassPlatform Class = "Platform"
	// ClassIgnored is named by a rule.
	ClassIgnored Class = "Ignored"
	// ClassUnknown could not be described.
	ClassUnknown Class = "Unknown"
)

// Entry is what is remembered of one topic on the brokers.
type Entry struct {
	Name, TopicID        string
	Partitions, Replicas int64
	Class                Class
	// Baseline marks topics of the first complete scan: they were there before us.
	Baseline bool
	// FirstSeen is to the second. Kafka does not tell when a topic was created.
	FirstSeen time.Time
	// Owner is the object that owns the topic or, where it has none now, owned it last; the zero Ref when none ever did.
	Owner Ref
	// Size is rounded, so that a busy topic seldom changes its entry: bytes up to a power of two, the oldest record down to
	// its day (UTC).
	Size Size
	// Shrunk is when Size last became smaller; kept in memory only.
	Shrunk time.Time
	// Former is what was remembered of the topic of the same name with the ID before this one; kept in memory only. Reads
	// are stale for seconds: a look that shows the former ID once more must not make it, or its successor, look new.
	Former *Entry
	// MissedSince is the first of the complete looks in a row that did not show the topic; kept in memory only.
	MissedSince time.Time
}
