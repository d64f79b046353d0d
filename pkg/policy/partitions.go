package policy

import (
	"fmt"
	"slices"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// compilePartitions reads a rule about the number of partitions.
func (c *compiler) compilePartitions(path string, spec *v1alpha1.PartitionsRule) func(*subject, []number) []number {
	c.positive(path+".min", spec.Min)
	c.positive(path+".max", spec.Max)
	c.positive(path+".multipleOf", spec.MultipleOf)
	c.positive(path+".maxGrowthPercent", spec.MaxGrowthPercent)
	c.positive(path+".maxGrowth", spec.MaxGrowth)
	fixed := counts(spec.Min, spec.Max)
	if spec.MultipleOf != nil && *spec.MultipleOf > 0 {
		fixed = append(fixed, limit{kind: multipleOf, n: *spec.MultipleOf, text: fmt.Sprintf("a multiple of %d", *spec.MultipleOf)})
	}
	if spec.PowerOfTwo {
		fixed = append(fixed, limit{kind: powerOfTwo, text: "a power of two"})
	}
	c.satisfiable(path, topic.Of(topic.KindPartitions), fixed)
	return func(s *subject, list []number) []number {
		n := number{field: topic.Of(topic.KindPartitions), reason: topic.PolicyViolation}
		value, source, known := s.partitions()
		if !known {
			n.undecided = "the number of partitions is left to the brokers, whose default is not known"
			return append(list, n)
		}
		n.value, n.source = value, source
		n.limits = fixed
		if grown := growth(s, spec); len(grown) > 0 {
			n.limits = slices.Concat(fixed, grown)
		}
		return append(list, n)
	}
}

func counts(lowest, highest *int64) []limit {
	var limits []limit
	if lowest != nil {
		limits = append(limits, least(*lowest, plain))
	}
	if highest != nil {
		limits = append(limits, most(*highest, plain))
	}
	return limits
}

// growth are the limits of one change. What is on the brokers counts as the beginning, where it is known: else two edits in a
// row, before the syncer acts on the first, would be one change that is too large.
func growth(s *subject, spec *v1alpha1.PartitionsRule) []limit {
	from := s.before()
	if from <= 0 || s.declared.Partitions == nil || *s.declared.Partitions <= from {
		return nil
	}
	var limits []limit
	if percent := spec.MaxGrowthPercent; percent != nil {
		limits = append(limits, limit{
			kind: atMost, n: saturate(from, product(from, *percent)/100), change: true,
			text:    fmt.Sprintf("at most %d %% more than the %d that there are", *percent, from),
			problem: "more than one change may add",
		})
	}
	if added := spec.MaxGrowth; added != nil {
		limits = append(limits, limit{
			kind: atMost, n: saturate(from, *added), change: true,
			text:    fmt.Sprintf("at most %d more than the %d that there are", *added, from),
			problem: "more than one change may add",
		})
	}
	return limits
}

// before is how many partitions there were, as far as anybody knows; zero for a new topic.
func (s *subject) before() int64 {
	switch {
	case s.Facts.Live != nil:
		return s.Facts.Live.Partitions
	case s.declared.Recorded.Partitions > 0:
		return s.declared.Recorded.Partitions
	case s.Old != nil && s.Old.Partitions != nil:
		return *s.Old.Partitions
	default:
		return 0
	}
}
