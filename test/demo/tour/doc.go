// Package tour shows, with a real kubectl, what TopicGate does, and checks that it does: every line behind a "$" is run
// by a shell exactly as it is printed, and what it printed follows.
package tour
