// Package e2e tries the shipped programs end to end: the real binaries under the rights of their ServiceAccounts, the
// shipped manifests, a real API server, certificates by cert-manager itself and, where a test needs it, real Kafka.
package e2e
