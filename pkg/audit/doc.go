// Package audit says what every topic on the brokers is to Kubernetes: managed by an object, released by one, Kafka's own
// or a platform's, ignored by a rule, or an orphan. It is pure: Take turns what was remembered and what was seen now into
// the new inventory and what is new in it. It recommends and never deletes.
//
// A topic without an object is a Candidate at its first sighting and an Orphan at the second one past the grace period.
// What could not be seen is Unknown, never an orphan; and after an incomplete look nothing is forgotten.
package audit
