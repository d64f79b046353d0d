// Package policy judges declared topics by TopicPolicies and their exceptions. It is pure: one engine for webhook, syncer,
// audit and command line.
//
// A policy is compiled once, when it is applied: what cannot work (a regular expression, a template, CEL, a range that
// holds nothing) is a [Problem] with its path then, never a surprise in the middle of a review. Compiled policies and
// exceptions make a [Set], which never changes and may be shared.
//
// # How several policies combine
//
// Every rule of every policy that matches must hold. One violation stands for one field and one limit, with the tags of
// all rules that set this limit; the strictest enforcement wins. A violation that the object had before, no worse, only
// warns, and so does one that an exception covers.
//
// # Effective values
//
// Rules judge what the topic will have: what the object says, else what is on the brokers, else a policy's default, else
// the brokers' own. Who leaves a field out does not get around a rule.
package policy
