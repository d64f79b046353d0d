// Package cli is what the programs of TopicGate share: one way to log and one way to refuse a flag.
package cli
