package policy

import (
	"cmp"
	"slices"
)

// Set is compiled policies with their exceptions. It never changes and may be shared.
type Set struct {
	policies   []*Policy
	exceptions []*Exception
}

// NewSet makes a set. The order of its arguments makes no difference.
func NewSet(policies []*Policy, exceptions []*Exception) *Set {
	s := &Set{policies: slices.Clone(policies), exceptions: slices.Clone(exceptions)}
	slices.SortFunc(s.policies, func(a, b *Policy) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(s.exceptions, func(a, b *Exception) int { return cmp.Compare(a.Name, b.Name) })
	return s
}

// Empty says that the set holds no policy. A nil set is empty.
func (s *Set) Empty() bool { return s == nil || len(s.policies) == 0 }
