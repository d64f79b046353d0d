package admission

import (
	"math/bits"

	"github.com/topicgate/topicgate/pkg/policy"
)

// sum adds amounts that may each be the largest there is, and takes them out again exactly.
type sum struct{ high, low uint64 }

func (s *sum) add(amount int64) {
	var carry uint64
	s.low, carry = bits.Add64(s.low, uint64(max(amount, 0)), 0)
	s.high += carry
}

func (s *sum) subtract(amount int64) {
	var borrow uint64
	s.low, borrow = bits.Sub64(s.low, uint64(max(amount, 0)), 0)
	s.high -= borrow
}

func (s *sum) value() int64 {
	if s.high > 0 || s.low > uint64(policy.Unlimited) {
		return policy.Unlimited
	}
	return int64(s.low)
}

// sums are a policy.Usage that can be taken back.
type sums struct{ topics, partitions, replicas, storage sum }

func (s *sums) add(amount policy.Usage) {
	s.topics.add(amount.Topics)
	s.partitions.add(amount.Partitions)
	s.replicas.add(amount.Replicas)
	s.storage.add(amount.Storage)
}

func (s *sums) subtract(amount policy.Usage) {
	s.topics.subtract(amount.Topics)
	s.partitions.subtract(amount.Partitions)
	s.replicas.subtract(amount.Replicas)
	s.storage.subtract(amount.Storage)
}

func (s *sums) usage() policy.Usage {
	return policy.Usage{
		Topics: s.topics.value(), Partitions: s.partitions.value(), Replicas: s.replicas.value(), Storage: s.storage.value(),
	}
}

// beyond is what one amount has more than another, each count by itself.
func beyond(one, other policy.Usage) policy.Usage {
	return policy.Usage{
		Topics: max(one.Topics-other.Topics, 0), Partitions: max(one.Partitions-other.Partitions, 0),
		Replicas: max(one.Replicas-other.Replicas, 0), Storage: max(one.Storage-other.Storage, 0),
	}
}
