package policy

import (
	"slices"
	"strconv"

	"github.com/topicgate/topicgate/pkg/topic"
)

// subject is a topic as rules judge it: what it declares, with what stands in where it declares nothing.
type subject struct {
	Input
	declared topic.Declared
	defaults Defaults
	// cost is what CEL has cost so far, over all rules of the topic.
	cost *uint64
	// read are the configs that were asked for; read once, since many rules ask for the same few.
	read map[string]reading
	// scratch is for the numbers of one rule at a time.
	scratch []number
	// asked is what expressions read, made for the first one.
	asked map[string]any
}

// reading is the effective value of a config in the form in which brokers show it.
type reading struct {
	text     string
	readable bool
}

// partitions is the effective number of partitions; unknown where nobody says.
func (s *subject) partitions() (n int64, source string, known bool) {
	live := int64(0)
	if s.Facts.Live != nil {
		live = s.Facts.Live.Partitions
	}
	return s.count(s.declared.Partitions, max(live, s.declared.Recorded.Partitions), s.defaults.Partitions, s.Facts.Cluster.DefaultPartitions)
}

// replicas is the effective number of replicas; unknown where nobody says.
func (s *subject) replicas() (n int64, source string, known bool) {
	live := int64(0)
	if s.Facts.Live != nil {
		live = s.Facts.Live.Replicas
	}
	if live == 0 {
		live = s.declared.Recorded.Replicas
	}
	return s.count(s.declared.Replicas, live, s.defaults.Replicas, s.Facts.Cluster.DefaultReplicas)
}

func (s *subject) count(declared *int64, live int64, filled *Default, brokers int64) (n int64, source string, known bool) {
	switch {
	case declared != nil:
		return *declared, sourceObject, true
	case live > 0:
		return live, sourceLive, true
	case filled != nil:
		n, _ := strconv.ParseInt(filled.Value, 10, 64)
		return n, "TopicPolicy " + filled.Policy, true
	case brokers > 0:
		return brokers, sourceBrokers, true
	default:
		return 0, "", false
	}
}

// Whose a value is.
const (
	sourceObject  = "object"
	sourceLive    = "topic on the brokers"
	sourceBrokers = "brokers"
)

// config is the effective value of a topic config as it is written, and whose it is. It is not known where nobody sets it
// and nobody told what the brokers go by then.
func (s *subject) config(key string) (text, source string, known bool) {
	if value, set := s.declared.Config[key]; set {
		return value.Text, sourceObject, value.Problem == ""
	}
	if live := s.Facts.Live; live != nil && live.ConfigKnown {
		if kept, set := live.Config[key]; set && !s.resets(key) {
			return kept, sourceLive, true
		}
	}
	if filled, ok := s.defaults.Config[key]; ok {
		return filled.Value, "TopicPolicy " + filled.Policy, true
	}
	if s.Facts.Cluster.ConfigDefaults == nil {
		return "", "", false
	}
	if own, told := s.Facts.Cluster.ConfigDefaults[key]; told {
		return own, sourceBrokers, true
	}
	if definition, ok := s.Facts.Cluster.Configs.Lookup(key); ok {
		return definition.Default, "Kafka " + s.Facts.Cluster.Configs.Line(), true
	}
	return "", "", false
}

// resets says that the object set a config and says nothing of it any more: the syncer takes it off the topic.
func (s *subject) resets(key string) bool {
	return slices.Contains(s.declared.Recorded.ManagedConfig, key) && !s.declared.HandsOff(key)
}

// canonical is the effective value in the form in which brokers show it; not readable where Kafka itself refuses it, which
// is another rule's to tell.
func (s *subject) canonical(key string) (text string, readable bool) {
	if known, asked := s.read[key]; asked {
		return known.text, known.readable
	}
	text, readable = s.readConfig(key)
	if s.read == nil {
		s.read = map[string]reading{}
	}
	s.read[key] = reading{text, readable}
	return text, readable
}

func (s *subject) readConfig(key string) (text string, readable bool) {
	written, _, known := s.config(key)
	if !known {
		return "", false
	}
	definition, ok := s.Facts.Cluster.Configs.Lookup(key)
	if !ok {
		return written, true
	}
	text, problem := definition.Parse(written)
	return text, problem == nil
}

// whole is the effective value of a config that is a whole number.
func (s *subject) whole(key string) (int64, bool) {
	text, readable := s.canonical(key)
	if !readable {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

// exists says that the topic is on the brokers, so what cannot change any more is no use to propose.
func (s *subject) exists() bool { return exists(s.Input, s.declared) }

func exists(in Input, declared topic.Declared) bool {
	return in.Facts.Live != nil || declared.Recorded.TopicID != ""
}

// amount is what the topic counts against quotas.
func (s *subject) amount() Usage {
	partitions, _, _ := s.partitions()
	replicas, _, known := s.replicas()
	if !known {
		replicas = 1
	}
	used := Usage{Topics: 1, Partitions: partitions, Replicas: product(partitions, replicas)}
	if bytes, ok := s.whole("retention.bytes"); ok && bytes >= 0 {
		used.Storage = product(product(bytes, partitions), replicas)
	} else {
		used.Unbounded = 1
	}
	return used
}
