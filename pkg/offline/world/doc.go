// Package world answers what is around an object from objects in memory. It asks the webhook's own look-up, which reads from
// an index of those objects instead of the API server's cache, so that facts are made in one way only.
package world
