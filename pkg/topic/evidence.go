package topic

import "time"

// Group is one consumer group as the brokers list it.
type Group struct {
	Name string
	// Type is classic, consumer, share or streams, in lower case; classic where the brokers do not say.
	Type string
	// Protocol is what a classic group's members meet for: consumer, connect, …; empty where the brokers do not say.
	Protocol string
	// State is in Kafka's words, such as Stable or Empty; empty where the brokers do not say.
	State string
}

// Groups are the consumer groups of a cluster.
type Groups struct {
	// Known says that no group is missing.
	Known bool
	List  []Group
}

// GroupUse is what one consumer group has to do with one topic: it committed offsets there, or its members read it.
type GroupUse struct {
	Name string
	// Members counts the group's members now, whatever they read; zero in a group that only left its offsets behind.
	Members int64
	// Lag is how many records the group has not read yet; negative when it is not known.
	Lag int64
}

// Evidence is what the brokers tell of a topic that no object declares, so that somebody can find out whose it is. Looking
// for it costs several requests, so it is looked for only there.
type Evidence struct {
	// Records is at most how many records the topic holds; negative when it is not known.
	Records int64
	// LastRecord is the latest time among its records, as producers or brokers stamped them; zero when there are none, or when
	// it is not known.
	LastRecord time.Time
	// GroupsKnown says that no group is missing from Groups, which are sorted by name.
	GroupsKnown bool
	Groups      []GroupUse
	// PrincipalsKnown says that no principal is missing from Principals: those that an ACL of the brokers' own store names this
	// very topic to, or a prefix of its name, other than our own; sorted. Where there is no authorizer there are none.
	PrincipalsKnown bool
	Principals      []string
}

// CreatorsAnswer says what is known of who may create topics.
type CreatorsAnswer string

// What is known of who may create topics.
const (
	// CreatorsListed: those whom the brokers' ACLs allow it are listed; super users are never among them.
	CreatorsListed CreatorsAnswer = "Listed"
	// CreatorsEveryone: any client may, for no authorizer is at work, or allow.everyone.if.no.acl.found leaves it what no ACL
	// mentions. Grants are then those that the ACLs make beside it.
	CreatorsEveryone CreatorsAnswer = "Everyone"
	// CreatorsUnknown: the ACLs cannot be read, or are not what decides.
	CreatorsUnknown CreatorsAnswer = "Unknown"
)

// Creators are the principals that may create topics, other than our own.
type Creators struct {
	Answer CreatorsAnswer
	// Message says why Answer is what it is, and what it does not cover: super users, allow.everyone.if.no.acl.found, another
	// authorizer. It never holds addresses.
	Message string
	// Grants are the ACLs that allow it, sorted by principal.
	Grants []Grant
}

// Grant is one ACL that lets a principal create topics.
type Grant struct {
	// Principal is as in the ACL, such as User:billing.
	Principal string
	// Host is the only address that it counts for; empty for any.
	Host string
	// Operation is Create or All.
	Operation string
	// Cluster says that the ACL is one on the cluster, which covers topics of any name; otherwise it is one on topics.
	Cluster bool
	// Pattern is the topic's name, or the beginning of names when Prefixed; * covers all. Empty for one on the cluster.
	Pattern  string
	Prefixed bool
}
