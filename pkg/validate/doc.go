// Package validate is the one engine that judges declared topics, for webhook, syncer, audit and command line alike.
//
// A Verdict is data: every violation at once, each with the field, the bad value, the limit, who set it, and a fix. The
// package cannot fail: a fact that could not be looked up is the caller's error and never reaches a rule; a fact that is
// merely old or absent turns the rules that need it into warnings (a broker outage never blocks `kubectl apply`).
//
// Each rule has a file of its own, and the list in rules.go names them all. To add one: its file, its test, its line in
// that list, its row in docs/rules.md.
//
// # Ratcheting
//
// What exists counts as old. A violation that the old object had already, with the same value, is a warning; a new or a
// worse one is refused. Where an object takes over a topic that exists, or owns one, that topic stands in for the old object.
package validate
