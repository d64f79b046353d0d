package policy

import (
	"fmt"
	"strconv"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// compileQuota reads a rule about what a namespace may have.
func (c *compiler) compileQuota(path string, spec *v1alpha1.QuotaRule) func(*subject) []finding {
	storage := Unlimited
	if spec.Storage != nil {
		storage = c.amount(path+".storage", *spec.Storage, bytes)
	}
	for name, n := range map[string]*int64{"topics": spec.Topics, "partitions": spec.Partitions, "replicas": spec.Replicas} {
		c.notNegative(path+"."+name, n)
	}
	if spec.Topics == nil && spec.Partitions == nil && spec.Replicas == nil && spec.Storage == nil {
		c.problem(path, "", "limits nothing", "topics, partitions, replicas or storage")
	}
	return func(s *subject) []finding {
		if s.Facts.Usage == nil {
			return undecided(topic.Of(topic.KindObject), "what the namespace has already is not known")
		}
		if _, _, known := s.partitions(); !known {
			return undecided(topic.Of(topic.KindPartitions), "the number of partitions is left to the brokers, whose default is not known")
		}
		return s.quotaFindings(spec, storage)
	}
}

// resource is one thing that a quota limits.
type resource struct {
	name  string
	field topic.Field
	// limited is nil where the quota does not speak of it.
	limited                 *int64
	used, requested, before int64
}

func (s *subject) quotaFindings(spec *v1alpha1.QuotaRule, storage int64) []finding {
	used, requested, before := *s.Facts.Usage, s.amount(), s.amountBefore()
	resources := []resource{
		{"topics", topic.Of(topic.KindObject), spec.Topics, used.Topics, requested.Topics, before.Topics},
		{"partitions", topic.Of(topic.KindPartitions), spec.Partitions, used.Partitions, requested.Partitions, before.Partitions},
		{"replicas", topic.Of(topic.KindReplicas), spec.Replicas, used.Replicas, requested.Replicas, before.Replicas},
	}
	if spec.Storage != nil {
		resources = append(resources, resource{"storage", topic.ConfigField("retention.bytes"), &storage, used.storage(), requested.storage(), before.storage()})
	}
	var found []finding
	for _, r := range resources {
		// Who adds nothing is not asked: a quota that was lowered must not hold up a change of something else.
		if r.limited != nil && r.requested > r.before && saturate(r.used, r.requested) > *r.limited {
			found = append(found, r.finding(s))
		}
	}
	return found
}

// finding is worded as Kubernetes' own quotas are.
func (r resource) finding(s *subject) finding {
	f := finding{
		field: r.field, reason: topic.QuotaExceeded, change: true, over: saturate(r.used, r.requested) - *r.limited,
		problem: fmt.Sprintf("namespace %s would have too many %s on KafkaCluster %s: requested: %s=%d, used: %d, limited: %d",
			s.Facts.Namespace.Name, r.name, s.Facts.Cluster.Name, r.name, r.requested, r.used, *r.limited),
		limit: fmt.Sprintf("%s=%d", r.name, *r.limited),
		fix:   "delete what is not used, or ask for a larger quota",
	}
	if r.name != "storage" {
		return f
	}
	f.problem = fmt.Sprintf("namespace %s would have too much storage on KafkaCluster %s: requested: storage=%s, used: %s, limited: %s",
		s.Facts.Namespace.Name, s.Facts.Cluster.Name, storageText(r.requested), storageText(r.used), storageText(*r.limited))
	f.limit = "storage=" + storageText(*r.limited)
	if r.requested == Unlimited {
		f.fix = "set retention.bytes: it bounds a partition; what counts is that times partitions times replicas"
	}
	return f
}

func storageText(n int64) string {
	if n == Unlimited {
		return "unlimited"
	}
	for _, s := range bytes.steps() {
		if n >= s.size && n%s.size == 0 {
			return strconv.FormatInt(n/s.size, 10) + s.suffix
		}
	}
	return strconv.FormatInt(n, 10)
}

// amountBefore is what the topic counted before; nothing for a new one.
func (s *subject) amountBefore() Usage {
	if s.Old == nil {
		return Usage{}
	}
	old := subject{Input: s.Input, declared: *s.Old, defaults: s.defaults}
	return old.amount()
}
