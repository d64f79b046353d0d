package policy

import "math"

// Usage is what topics have together.
type Usage struct {
	Topics, Partitions, Replicas int64
	// Storage is the most bytes that the topics with a bound can hold; Unbounded counts those without one.
	Storage, Unbounded int64
}

// Unlimited is the storage of topics that keep whatever is written.
const Unlimited = int64(math.MaxInt64)

// Add is what two usages make together. It saturates.
func (u Usage) Add(other Usage) Usage {
	return Usage{
		Topics: saturate(u.Topics, other.Topics), Partitions: saturate(u.Partitions, other.Partitions),
		Replicas: saturate(u.Replicas, other.Replicas), Storage: saturate(u.Storage, other.Storage),
		Unbounded: saturate(u.Unbounded, other.Unbounded),
	}
}

// Without is what is left of a usage that another one is part of. What has saturated stays so: too much is refused rather
// than too little.
func (u Usage) Without(part Usage) Usage {
	return Usage{
		Topics: minus(u.Topics, part.Topics), Partitions: minus(u.Partitions, part.Partitions),
		Replicas: minus(u.Replicas, part.Replicas), Storage: minus(u.Storage, part.Storage),
		Unbounded: minus(u.Unbounded, part.Unbounded),
	}
}

// Beyond says whether a usage is more than another in anything.
func (u Usage) Beyond(other Usage) bool {
	return u.Topics > other.Topics || u.Partitions > other.Partitions || u.Replicas > other.Replicas || u.storage() > other.storage()
}

// storage is the most bytes that all topics can hold.
func (u Usage) storage() int64 {
	if u.Unbounded > 0 {
		return Unlimited
	}
	return u.Storage
}

func saturate(a, b int64) int64 {
	if sum := a + b; sum >= a && sum >= b {
		return sum
	}
	return Unlimited
}

func minus(whole, part int64) int64 {
	if whole == Unlimited {
		return Unlimited
	}
	return max(whole-part, 0)
}

func product(a, b int64) int64 {
	if a == 0 || b == 0 {
		return 0
	}
	if result := a * b; result/b == a && a > 0 && b > 0 {
		return result
	}
	return Unlimited
}
