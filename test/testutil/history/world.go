package history

import "context"

// World is where a history happens.
type World interface {
	// Do carries out one step, or nothing where it does not apply.
	Do(ctx context.Context, step Step) error
	// Topics are the topics on the brokers, their IDs by name.
	Topics(ctx context.Context) (map[string]string, error)
	// Objects are the objects in the API server.
	Objects(ctx context.Context) ([]Object, error)
	// Settle undoes what hinders the syncer and lets it work until it has nothing left to do.
	Settle(ctx context.Context) error
}

// Object is what a history needs to know of a stored object.
type Object struct {
	// Name is namespace/name.
	Name, UID string
	// Topic is the effective topic name, TopicID the ID in the status.
	Topic, TopicID string
	// Deletes says that the effective deletion policy is Delete.
	Deletes bool
}
