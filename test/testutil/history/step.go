package history

// Kind says what happens in a step.
type Kind string

// What can happen.
const (
	// CreateObject applies a new object: Object, Topic, Partitions, Policy.
	CreateObject Kind = "CreateObject"
	// EditPartitions sets Partitions, also to what a webhook would refuse.
	EditPartitions Kind = "EditPartitions"
	// Rename sets topicName to Topic, which a webhook would refuse.
	Rename Kind = "Rename"
	// SetPolicy sets deletionPolicy to Policy, also on an object that is being deleted.
	SetPolicy Kind = "SetPolicy"
	// DeleteObject deletes that one object.
	DeleteObject Kind = "DeleteObject"
	// Finalize puts our finalizer on by hand.
	Finalize Kind = "Finalize"
	// AllowDelete lifts deletion protection from Object for an hour.
	AllowDelete Kind = "AllowDelete"
	// PermitAdoption annotates Object, so that taking a topic over may change it.
	PermitAdoption Kind = "PermitAdoption"
	// PauseObject and PauseCluster flip a pause.
	PauseObject  Kind = "PauseObject"
	PauseCluster Kind = "PauseCluster"
	// DeleteNamespace deletes Namespace with all in it; CreateNamespace makes it anew, once it is gone.
	DeleteNamespace Kind = "DeleteNamespace"
	CreateNamespace Kind = "CreateNamespace"
	// DeleteCRD deletes the definition of KafkaTopics, and so every object; it is installed again once they are gone.
	DeleteCRD Kind = "DeleteCRD"
	// Admit flips whether the cluster admits Namespace, MayAdopt whether Namespace may adopt.
	Admit    Kind = "Admit"
	MayAdopt Kind = "MayAdopt"
	// MakeTopic, DropTopic, RemakeTopic and AlterTopic are outside hands on the brokers; Produce and Drain change
	// whether Topic holds records.
	MakeTopic   Kind = "MakeTopic"
	DropTopic   Kind = "DropTopic"
	RemakeTopic Kind = "RemakeTopic"
	AlterTopic  Kind = "AlterTopic"
	Produce     Kind = "Produce"
	Drain       Kind = "Drain"
	// Hide flips whether the syncer may describe Topic.
	Hide Kind = "Hide"
	// Round lets the syncer look at Topic, or at everything where Topic is empty; Mid happens between its look and its
	// writes.
	Round Kind = "Round"
	// Restart ends the syncer between two rounds. CrashLater kills it after N more of its writes.
	Restart    Kind = "Restart"
	CrashLater Kind = "CrashLater"
)

// Step is one thing that happens. Fields that the kind does not speak of are empty.
type Step struct {
	Kind Kind
	// Object is namespace/name.
	Object, Namespace, Topic string
	Partitions               int64
	// Policy is Retain, Delete or empty.
	Policy string
	N      int
	// Millis is how much time passes before the step.
	Millis int64
	Mid    []Step
}
