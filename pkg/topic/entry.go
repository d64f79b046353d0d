package topic

import "time"

// Class says what a topic on the brokers is to Kubernetes.
type Class string

// What a topic on the brokers is to Kubernetes.
const (
	// ClassManaged belongs to an object.
	ClassManaged Class = "Managed"
	// ClassElsewhere is declared by another product's object.
	ClassElsewhere Class = "ManagedElsewhere"
	// ClassCandidate has no object, and was seen once only or is within the grace period.
	ClassCandidate Class = "Candidate"
	// ClassOrphan has no object.
	ClassOrphan Class = "Orphan"
	// ClassReleased had an object, which was deleted while the topic was kept.
	ClassReleased Class = "Released"
	// ClassInternal is Kafka's own.
	ClassInternal Class = "Internal"
	// ClassPlatform belongs to a known product, or to an application that makes its own topics; Entry.Origin says which.
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
	// FormerID is the ID of the topic whose place this one took behind its object's back; empty otherwise.
	FormerID string
	// LastWrite is the last day (UTC) on which something is known to have been written.
	LastWrite time.Time
	// Elsewhere is the object of another product that declares the topic; the zero Ref when none does.
	Elsewhere Ref
	// Origin, Config and Findings are kept of topics only that no object of ours declares.
	Origin Origin
	// Config holds the topic-level configs.
	Config   map[string]string
	Findings Findings
	// End is the sum of the partitions' latest offsets when they were last asked for, which is at Ended; kept in memory only.
	End   int64
	Ended time.Time
	// ExaminedAt is the time of the last examination; OriginGone is since when nothing speaks for Origin any more. Both are kept
	// in memory only.
	ExaminedAt, OriginGone time.Time
	// Shrunk is when Size last became smaller; kept in memory only.
	Shrunk time.Time
	// Former is what was remembered of the topic of the same name with the ID before this one; kept in memory only. Reads
	// are stale for seconds: a look that shows the former ID once more must not make it, or its successor, look new.
	Former *Entry
	// MissedSince is the first of the complete looks in a row that did not show the topic; kept in memory only.
	MissedSince time.Time
}

// Findings are an examination of a topic that no object declares, rounded so that a busy topic seldom changes its entry.
type Findings struct {
	// Examined is the day (UTC) of the examination; zero before the first.
	Examined time.Time
	// Records is at most how many records there are, a power of two.
	Records int64
	// Groups and Principals are the first of those in Evidence; a lag is rounded up to a power of two.
	Groups     []GroupUse
	Principals []string
	// Unseen lists what could not be found out: of records, groups, principals.
	Unseen []string
}

// OriginKind is a way in which topics come about.
type OriginKind string

// The ways in which topics come about.
const (
	// OriginKafka: the brokers made it for themselves.
	OriginKafka OriginKind = "Kafka"
	// OriginProduct: a known product made it for itself.
	OriginProduct OriginKind = "Product"
	// OriginStreams: a Kafka Streams application that the brokers know made it.
	OriginStreams OriginKind = "Streams"
	// OriginStreamsLeftover: it is named like one of a Kafka Streams application, and the brokers know none of that name.
	OriginStreamsLeftover OriginKind = "StreamsLeftover"
	// OriginConnect: Kafka Connect workers keep their state there.
	OriginConnect OriginKind = "Connect"
	// OriginMirrorMaker: MirrorMaker 2 made it, for its bookkeeping or as a copy.
	OriginMirrorMaker OriginKind = "MirrorMaker"
	// OriginDeadLetter: it is named like the dead letter queue of a share group (KIP-1191).
	OriginDeadLetter OriginKind = "DeadLetter"
	// OriginDeletedObject: its object was deleted, and it was kept.
	OriginDeletedObject OriginKind = "DeletedObject"
	// OriginAutoCreated: it looks as a broker would have made it for a client that asked for a topic of that name.
	OriginAutoCreated OriginKind = "AutoCreated"
	// OriginPlain: somebody made it; nothing tells who.
	OriginPlain OriginKind = "Plain"
)

// Origin says where a topic comes from; the zero value when an object of ours declares it.
type Origin struct {
	Kind OriginKind
	// Of is the application, product or object that it comes from; may be empty.
	Of string
	// Evidence says what that rests on.
	Evidence string
}
