// Package differential asks the engine and real brokers about the same topics, and holds them to one answer: what the
// engine admits, every broker accepts, and what it refuses, every broker refuses too, but for one explicit list of what
// is refused on purpose (deliberate).
//
// A generator makes topics from a seed: names, counts and configs, most of them good or nearly so, some absurd. The
// engine judges each as the creation of a new object; the brokers judge it by CreateTopics, or by
// IncrementalAlterConfigs where it is about configs alone, both with validateOnly. A refusal must also be about the same
// field on both sides. What depends on the state of a cluster (topics that exist, collisions) is tested elsewhere.
//
// `make test` runs a small, fixed part on the three releases that all tests run on; `make differential` runs 20,000 topics a
// release, on the newest of every minor from 3.7 on, from another seed each time. A part of it, again:
//
//	make differential SEED=7 SPECS=20000 TEST_ARGS='-v -run TestTheEngineAgreesWithTheBrokers/4.4.0'
//
// A failure names its seed, and shows our words and the broker's side by side.
package differential
