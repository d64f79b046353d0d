// Package vap asks a real API server whether the policy of `kubectl-topicgate render vap` refuses what it must, in the
// words of the webhook, and nothing that the webhook admits. No webhook is there.
package vap
