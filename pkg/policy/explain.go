package policy

import (
	"strconv"
)

// Setting is a value that a topic will have, and whose it is.
type Setting struct {
	Value string
	// Source says whose: object, topic on the brokers, TopicPolicy x, brokers or Kafka 4.4; empty when nobody knows.
	Source string
}

// Effective is what a topic will have.
type Effective struct {
	Partitions, Replicas Setting
	Config               map[string]Setting
}

// Effective is what the topic will have, and whose each value is. Configs that cannot be read are shown as they are written.
func (s *Set) Effective(in Input) Effective {
	subject := s.subject(in)
	var e Effective
	if n, source, known := subject.partitions(); known {
		e.Partitions = Setting{strconv.FormatInt(n, 10), source}
	}
	if n, source, known := subject.replicas(); known {
		e.Replicas = Setting{strconv.FormatInt(n, 10), source}
	}
	e.Config = map[string]Setting{}
	keys := in.Facts.Cluster.Configs.Keys()
	for key := range in.New.Config {
		keys = append(keys, key)
	}
	for _, key := range keys {
		text, source, known := subject.config(key)
		if !known {
			continue
		}
		if canonical, readable := subject.canonical(key); readable {
			text = canonical
		}
		e.Config[key] = Setting{text, source}
	}
	return e
}

// Amount is what one topic counts against quotas. Storage is Unlimited where nothing bounds it.
func (s *Set) Amount(in Input) Usage { return s.subject(in).amount() }

// HasQuotas says that some rule needs to know the usage of namespaces: a quota, or an expression that reads it.
func (s *Set) HasQuotas() bool {
	if s.Empty() {
		return false
	}
	for _, p := range s.policies {
		for i := range p.rules {
			if p.rules[i].usage {
				return true
			}
		}
	}
	return false
}

func (s *Set) subject(in Input) *subject {
	e := &evaluation{set: s, in: in}
	if !s.Empty() {
		e.policies = s.matching(in).policies
	}
	return e.subjectOf(in.New)
}
