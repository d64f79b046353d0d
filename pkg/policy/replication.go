package policy

import (
	"fmt"
	"slices"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

const minInsync = "min.insync.replicas"

// compileReplication reads a rule about replicas and min.insync.replicas.
func (c *compiler) compileReplication(path string, spec *v1alpha1.ReplicationRule) func(*subject, []number) []number {
	c.positive(path+".min", spec.Min)
	c.positive(path+".max", spec.Max)
	c.positive(path+".minRacks", spec.MinRacks)
	for i := range spec.OneOf {
		c.positive(fmt.Sprintf("%s.oneOf[%d]", path, i), &spec.OneOf[i])
	}
	fixed := counts(spec.Min, spec.Max)
	if len(spec.OneOf) > 0 {
		fixed = append(fixed, oneOfCounts(spec.OneOf))
	}
	if spec.MinRacks != nil {
		fixed = append(fixed, limit{
			kind: atLeast, n: *spec.MinRacks, problem: "too few to spread",
			text: fmt.Sprintf("at least %d, to spread over %d racks", *spec.MinRacks, *spec.MinRacks),
		})
	}
	c.satisfiable(path, topic.Of(topic.KindReplicas), fixed)
	insync := c.compileMinInsync(path+".minInsyncReplicas", spec.MinInsyncReplicas)
	return func(s *subject, list []number) []number {
		list = addReplicas(list, s, spec, fixed)
		if insync != nil {
			list = append(list, insync(s))
		}
		return list
	}
}

func addReplicas(list []number, s *subject, spec *v1alpha1.ReplicationRule, fixed []limit) []number {
	n := number{field: topic.Of(topic.KindReplicas), reason: topic.PolicyViolation}
	value, source, known := s.replicas()
	if !known {
		n.undecided = "the number of replicas is left to the brokers, whose default is not known"
		return append(list, n)
	}
	n.value, n.source, n.limits = value, source, fixed
	list = append(list, n)
	if !spec.AtMostBrokers && !spec.AtMostRacks && spec.MinRacks == nil {
		return list
	}
	onBrokers := number{field: n.field, reason: n.reason, value: value, source: source}
	onBrokers.limits, onBrokers.undecided = brokerLimits(s.Facts.Cluster, spec)
	return append(list, onBrokers)
}

// brokerLimits are the limits that the brokers as they are set; why says what is not known of them.
func brokerLimits(cluster Cluster, spec *v1alpha1.ReplicationRule) (limits []limit, why string) {
	switch {
	case cluster.Brokers == 0:
		return nil, "the brokers were never seen"
	case cluster.Stale != "":
		return nil, "the brokers were not seen lately: " + cluster.Stale
	}
	if spec.AtMostBrokers {
		limits = append(limits, limit{
			kind: atMost, n: cluster.Brokers, problem: "more than there are brokers",
			text: fmt.Sprintf("at most %d, the live brokers", cluster.Brokers),
		})
	}
	if spec.AtMostRacks {
		limits = append(limits, limit{
			kind: atMost, n: cluster.Racks, problem: "more than there are racks",
			text: fmt.Sprintf("at most %d, the racks of the live brokers", cluster.Racks),
		})
	}
	if spec.MinRacks != nil && cluster.Racks < *spec.MinRacks {
		limits = append(limits, limit{
			kind: atMost, n: 0, problem: fmt.Sprintf("cannot spread over %d racks", *spec.MinRacks),
			text: fmt.Sprintf("brokers in at least %d racks, and there are %d", *spec.MinRacks, cluster.Racks),
		})
	}
	return limits, ""
}

// compileMinInsync reads what a rule asks of min.insync.replicas; nil for nothing.
func (c *compiler) compileMinInsync(path string, spec *v1alpha1.MinInsyncRule) func(*subject) number {
	if spec == nil {
		return nil
	}
	c.positive(path+".min", spec.Min)
	c.positive(path+".max", spec.Max)
	fixed := counts(spec.Min, spec.Max)
	c.satisfiable(path, topic.ConfigField(minInsync), fixed)
	return func(s *subject) number {
		n := number{field: topic.ConfigField(minInsync), reason: topic.PolicyViolation}
		value, readable := s.whole(minInsync)
		_, source, known := s.config(minInsync)
		switch {
		case !known:
			n.undecided = "the brokers' own " + minInsync + " is not known"
			return n
		case !readable:
			return n // not a number: Kafka refuses it, which another rule tells
		}
		relative, why := relativeLimits(s, spec)
		n.value, n.source, n.limits, n.undecided = value, source, slices.Concat(fixed, relative), why
		return n
	}
}

// relativeLimits are counted from the replicas.
func relativeLimits(s *subject, spec *v1alpha1.MinInsyncRule) (limits []limit, why string) {
	if spec.MinRelativeToReplicas == nil && spec.MaxRelativeToReplicas == nil {
		return nil, ""
	}
	replicas, _, known := s.replicas()
	if !known {
		return nil, "the number of replicas is left to the brokers, whose default is not known"
	}
	if offset := spec.MinRelativeToReplicas; offset != nil {
		limits = append(limits, limit{kind: atLeast, n: max(replicas+*offset, 1), relative: offset})
	}
	if offset := spec.MaxRelativeToReplicas; offset != nil {
		limits = append(limits, limit{kind: atMost, n: max(replicas+*offset, 1), relative: offset})
	}
	return limits, ""
}

// relative is an offset from the replicas in words: replicas - 1.
func relative(offset int64) string {
	switch {
	case offset < 0:
		return fmt.Sprintf("replicas - %d", -offset)
	case offset > 0:
		return fmt.Sprintf("replicas + %d", offset)
	default:
		return "replicas"
	}
}
