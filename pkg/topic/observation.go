package topic

// Snapshot is what the brokers showed in one look.
type Snapshot struct {
	// ClusterID is the cluster that answered; empty when it did not say.
	ClusterID string
	// Topics are the topics seen, by name.
	Topics map[string]Observed
	// Unknown are topics that exist but could not be described, by name, with the reason.
	Unknown map[string]string
	// Absent lists names that were asked for and are not there. A fresh creation may be absent for seconds.
	Absent []string
	// Complete says that every topic of the cluster is in Topics or Unknown: the look was at all of them, and the
	// syncer's principal may see them all. Without it, absence says nothing.
	Complete bool
	// Incomplete says why, where Complete is false after a look at all.
	Incomplete string
}

// Broker is one broker as the cluster shows it.
type Broker struct {
	ID   int64
	Rack string
	// Fenced brokers are registered and serve nobody: they are starting, or gone for a while. They cannot be asked.
	Fenced bool
	// AutoCreate is the broker's own auto.create.topics.enable; nil when it could not be read.
	AutoCreate *bool
	// AutoCreateSource is where the value comes from, in Kafka's words.
	AutoCreateSource string
}

// Cluster is a Kafka cluster as its brokers show it.
type Cluster struct {
	ID      string
	Brokers []Broker
	// Version is the lowest release among the brokers, such as 4.4; empty when it cannot be told.
	Version string
	// DefaultPartitions and DefaultReplicas are the brokers' defaults for a new topic; zero when they could not be read.
	DefaultPartitions, DefaultReplicas int64
	// ConfigKeys are the topic configs that the brokers know; nil when they could not be read.
	ConfigKeys []string
	// ConfigDefaults are the topic configs for which the brokers' own configuration says something, with what topics get; nil
	// when they could not be read.
	ConfigDefaults map[string]string
	// Tiered says whether topics may keep segments in remote storage; nil unless all brokers that answered agree.
	Tiered *bool
}
