// Package history makes random histories of what people, controllers and brokers do around topics, as data from a seed,
// and watches that no topic vanishes unless its deletion was asked of its own object.
//
// A history is a list of steps. A World carries them out: an in-memory model (package model), which also looks inside
// the syncer, or a real API server with a real Kafka and the real syncer. A step that does not apply, such as an edit of
// an object that is not there, does nothing, so the same history fits every world.
package history
