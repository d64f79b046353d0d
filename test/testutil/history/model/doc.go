// Package model is a history's world in memory: an API server with namespaces, finalizers and a lagging cache, brokers
// whose reads are stale, and a syncer that drives the real plan, audit and status packages in the order of pkg/sync.
//
// Beside what any world shows, the model looks inside: an oracle that knows the truth (who made which topic, what was
// seen when) judges every action as it reaches the brokers, without asking the code under test.
package model
