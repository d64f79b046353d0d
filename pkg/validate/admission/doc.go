// Package admission is the shell around the engine of pkg/validate: it reads AdmissionReviews, looks up the facts that the
// rules need in the API server's cache, and words the verdict as kubectl prints it.
//
// # The way of a request
//
//		Server.Handle ── size, form, deadline, in-flight limit ─► Judge ── decode once ─► Lookup (cache) ─► validate ─► review
//
//	  - What is no AdmissionReview never reaches a judge: it gets 400 or 413 as plain text.
//	  - A program that breaks (a panic) or has no time left answers 500 or 503 without a review, so that the failurePolicy of
//	    the webhook configuration decides, as it does while no webhook is alive.
//	  - A fact that cannot be looked up is "could not decide": a review that refuses, with code 500. It never counts as "no
//	    match".
//	  - Nothing here talks to Kafka.
//
// # Caches lag
//
// What is about to be refused because of another object that the cache shows, or lacks, is first confirmed by one read of
// that object from the API server: deleting and re-applying one file, or applying a file that holds a namespace and its
// topics, is everyday work. What is admitted costs no such read.
package admission
