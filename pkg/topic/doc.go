// Package topic is the neutral record that every part of TopicGate speaks: what an object declares (Declared), what is
// on the brokers (Observed), what became of it (Reason), and how a refusal reads (Violation).
//
// It knows no Kubernetes kind and no Kafka client. A dialect turns an object into a Declared and a Field into that
// object's own path, so that other kinds of topic objects need no change here.
//
// The package is pure: no I/O, no clock, no logger, no globals.
package topic
