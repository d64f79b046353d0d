package naming

import "strings"

// CollisionKey returns what Kafka's metrics make of a topic name: "." and "_" are the same there, so brokers refuse a new
// topic whose key an existing one has. Two topics with one key cannot live in one cluster.
func CollisionKey(name string) string {
	return strings.ReplaceAll(name, ".", "_")
}

// Collides reports whether a and b are different names that Kafka will not hold side by side. Equal names are no
// collision: they are one topic, claimed twice. KRaft itself misses a collision between two topics of one request, so a
// caller must look inside its own batch too.
func Collides(a, b string) bool {
	return a != b && CollisionKey(a) == CollisionKey(b)
}
