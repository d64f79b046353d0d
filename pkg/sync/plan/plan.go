package plan

import (
	"time"

	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// Input is everything a plan rests on.
type Input struct {
	// Cluster is what the rules may know of the cluster; its selectors are applied per object.
	Cluster validate.Cluster
	// Policies are all TopicPolicies with their exceptions; nil for none.
	Policies *policy.Set
	// InFlight names topics with own writes that the brokers may not show yet: they count as done against quotas.
	InFlight map[string]bool
	// Objects are all objects of the cluster, in any order: claims are decided among all of them.
	Objects []Object
	// Scope names the topics to decide about; nil decides about all. A snapshot covers its scope at least.
	Scope map[string]bool
	// Snapshot is what the brokers showed.
	Snapshot topic.Snapshot
	// Ledger is what is remembered of topics, by name.
	Ledger map[string]topic.Entry
	// Waiting names topics that cannot be judged yet, because an own write is not visible or an absence was seen only
	// once, with the reason.
	Waiting map[string]topic.Reason
	Guards  Guards
}

// Object is a declared topic with what only a shell can find out.
type Object struct {
	topic.Declared
	// AdmitsNamespace and MayAdopt are the cluster's selectors applied to the object's namespace.
	AdmitsNamespace, MayAdopt bool
	// Namespace is the object's, for policies.
	Namespace policy.Namespace
	// Parent tells whether the object's namespace and its CRD live on; looked up only for objects being deleted.
	Parent Parent
	// Usage tells whether somebody would miss the topic; looked up only for objects being deleted.
	Usage topic.Usage
}

// Parent tells whether what contains an object lives on.
type Parent string

// Whether what contains an object lives on. The empty value is not known, and holds every deletion back.
const (
	ParentAlive       Parent = "Alive"
	ParentTerminating Parent = "Terminating"
)

// Guards hold actions back.
type Guards struct {
	Now time.Time
	// Paused lets nothing be written to Kafka; what would be is said instead.
	Paused bool
	// ResetUnlisted removes configs that neither a spec nor the syncer set.
	ResetUnlisted bool
	// DeletionsLeft is how many topics may still be deleted within the window.
	DeletionsLeft int
	// ReleaseDeletions lets held deletions go ahead when it is exactly their number.
	ReleaseDeletions int
}

// Plan is what is to be done, and what is not and why.
type Plan struct {
	// Actions are sorted by topic, and within one by kind: finalizer, create, grow, alter; deletions come last of all.
	Actions  []Action
	Refusals []Refusal
	Settled  []Settled
	// Held are the topics whose deletion waits for a person, sorted.
	Held []string
	// Policies counts, by policy, the objects decided about.
	Policies map[string]policy.Counts
	// Excepted names the exceptions that some object decided about rests on.
	Excepted map[string]bool
	// Owners are the objects that own topics seen on the brokers, by topic name.
	Owners map[string]topic.Ref
}

// Action is one thing to do for one object.
//
//sumtype:decl
type Action interface {
	Object() topic.Ref
	isAction()
}

// For names the object that an action serves.
type For struct{ Ref topic.Ref }

// Object is the object that the action serves.
func (f For) Object() topic.Ref { return f.Ref }

func (AddFinalizer) isAction() {}
func (Create) isAction()       {}
func (Grow) isAction()         {}
func (Alter) isAction()        {}
func (Delete) isAction()       {}
func (Release) isAction()      {}

// AddFinalizer puts the finalizer on, before the topic is made, so that no deletion can be missed.
type AddFinalizer struct{ For }

// Create makes the topic.
type Create struct {
	For
	topic.Creation
	// Lost is the ID of the topic that was there before and was deleted behind Kubernetes' back; empty for a new one.
	Lost string
}

// Grow adds partitions.
type Grow struct {
	For
	topic.Growth
	// From is how many there are.
	From int64
}

// Alter sets and resets configs.
type Alter struct {
	For
	topic.ConfigChange
}

// Delete deletes the topic by its ID.
type Delete struct {
	For
	topic.Removal
}

// Release takes the finalizer off.
type Release struct {
	For
	// Kept says that the topic stays on the brokers.
	Kept    bool
	Message string
}

// Refusal says why nothing was done for an object.
type Refusal struct {
	Ref     topic.Ref
	Topic   string
	Reason  topic.Reason
	Message string
	// Live is the topic as seen, where there is one.
	Live *topic.Observed
}

// Settled is an object whose topic is as declared.
type Settled struct {
	Ref  topic.Ref
	Live topic.Observed
	// Managed are the config keys that the syncer answers for, sorted.
	Managed []string
	// Unlisted are configs that neither the spec nor the syncer set, sorted.
	Unlisted []string
	// Defaulted are the config keys that a policy's default gave the topic at its creation, sorted.
	Defaulted []string
	// Breaks are the rules of policies that the object breaks and is let, each with why, sorted.
	Breaks []string
	// Adopted says that the topic was taken over now; Recreated holds the former ID when it came back with another.
	Adopted   bool
	Recreated string
}
