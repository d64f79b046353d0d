// Package offline judges manifests without a webhook: objects and facts in, verdicts out, by the engine that the webhook
// and the syncer judge by ([validate.Evaluate]). It is pure; reading files and clusters is elsewhere, and so is the [World]
// that answers what is around an object.
//
// # What is not known
//
// A pull request comes without a cluster. A rule that lacks a fact is skipped with the reason: it never passes, and it
// fails only where the caller asks for that. What came with the manifests, or from `facts export`, is believed.
//
// # The order of things
//
// Objects are judged as if they were applied one after the other, in the order of the files: the second object that
// declares one topic is refused, not the first, and quotas fill up. One that is refused counts all the same, for it is going to
// be mended. What is deleted is gone before anything is judged.
package offline
