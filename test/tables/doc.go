// Package tables asks real brokers for the topic configs of their version and holds the committed tables
// (pkg/topicconfig/data) against the answers.
//
// `make tables` writes the tables of all versions anew, from the newest release of each minor. `make test` compares those
// of the releases that all tests run on, and fails when a committed table differs; `make differential` compares all.
package tables
