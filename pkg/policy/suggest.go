package policy

import (
	"maps"
	"slices"
	"strconv"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
)

// mostSuggested bounds the work for one topic: whoever breaks more is helped with the first ones.
const mostSuggested = 16

// suggestions are values for fields in the wrong that keep every rule of every matching policy. Each is found with those before it
// in place, and checked by the rules themselves.
func (e *evaluation) suggestions() map[topic.Field]string {
	found := map[topic.Field]string{}
	fixed := e.in.New
	fixed.Config = maps.Clone(fixed.Config)
	for _, field := range e.refusedFields() {
		if value, ok := e.suggest(field, &fixed); ok {
			found[field] = value
		}
	}
	return found
}

// refusedFields are what a value can be suggested for, in the order of a refusal.
func (e *evaluation) refusedFields() []topic.Field {
	var fields []topic.Field
	for _, t := range e.told {
		if t.wanting() && t.reason != topic.PolicyUndecided && !slices.Contains(fields, t.field) && len(fields) < mostSuggested {
			fields = append(fields, t.field)
		}
	}
	return fields
}

// wanting says that a finding asks for another value: what was there before, or is excepted, may stay.
func (t told) wanting() bool {
	return t.outcome == string(v1alpha1.EnforcementDeny) || t.outcome == string(v1alpha1.EnforcementWarn)
}

// suggest finds a value for one field and puts it in place.
func (e *evaluation) suggest(field topic.Field, fixed *topic.Declared) (string, bool) {
	for _, candidate := range e.candidates(field, fixed) {
		tried := *fixed
		tried.Config = maps.Clone(fixed.Config)
		if put(&tried, field, candidate) && e.passes(field, tried) {
			*fixed = tried
			return shownSuggestion(field, candidate), true
		}
	}
	return "", false
}

func shownSuggestion(field topic.Field, value string) string {
	if field.Kind() == topic.KindConfig || field.Kind() == topic.KindTopicName {
		return strconv.Quote(value)
	}
	return value
}

// candidates are values worth a try, the likeliest first.
func (e *evaluation) candidates(field topic.Field, fixed *topic.Declared) []string {
	s := e.subjectOf(*fixed)
	switch field.Kind() {
	case topic.KindTopicName:
		if s.exists() || e.in.Old != nil { // a name cannot change any more
			return nil
		}
		return e.nameCandidates(s, fixed.TopicName)
	case topic.KindPartitions:
		return e.numberCandidates(s, field, max(s.before(), 1))
	case topic.KindReplicas:
		if s.exists() {
			return nil
		}
		return e.numberCandidates(s, field, 1)
	case topic.KindConfig:
		return append(e.numberCandidates(s, field, -1), e.configCandidates(s, field.Key())...)
	case topic.KindObject, topic.KindObjectName, topic.KindCluster, topic.KindUnmanaged, topic.KindDeletion,
		topic.KindLabel, topic.KindAnnotation, topic.KindSpec:
	}
	return nil
}

// numberCandidates is the whole number nearest to what is there that keeps all limits of all rules.
func (e *evaluation) numberCandidates(s *subject, field topic.Field, floor int64) []string {
	var limits []limit
	value, found := int64(0), false
	for _, p := range e.policies {
		for i := range p.rules {
			if p.rules[i].numbers == nil || p.rules[i].broken != "" {
				continue
			}
			for _, n := range p.rules[i].numbers(s, nil) {
				if n.field == field && n.undecided == "" {
					limits, value, found = append(limits, n.limits...), n.value, true
				}
			}
		}
	}
	if !found {
		return nil
	}
	if n, ok := fit(limits, value, floor, Unlimited-1); ok {
		return []string{strconv.FormatInt(n, 10)}
	}
	return nil
}

// configCandidates are values that some rule lists, then the brokers' default.
func (e *evaluation) configCandidates(s *subject, key string) []string {
	var values []string
	for _, p := range e.policies {
		for i := range p.rules {
			for _, config := range p.rules[i].spec.Config {
				if config.Key == key {
					values = append(values, config.OneOf...)
				}
			}
		}
	}
	if definition, known := s.Facts.Cluster.Configs.Lookup(key); known {
		values = append(values, definition.Default)
	}
	return values
}

// nameRules are the sound rules about names.
func (e *evaluation) nameRules() []*nameRule {
	var rules []*nameRule
	for _, p := range e.policies {
		for i := range p.rules {
			if p.rules[i].names != nil && p.rules[i].broken == "" {
				rules = append(rules, p.rules[i].names)
			}
		}
	}
	return rules
}

// nameCandidates are what the rules propose, each by itself and then all of them in turn.
func (e *evaluation) nameCandidates(s *subject, name string) []string {
	const most = 24
	names := []string{name}
	add := func(proposal string) {
		if len(names) < most && len(naming.Legal(proposal)) == 0 && !slices.Contains(names, proposal) {
			names = append(names, proposal)
		}
	}
	add(naming.Suggest(name))
	for _, r := range e.nameRules() {
		for _, base := range slices.Clone(names) {
			for _, proposal := range r.proposals(s, base) {
				add(proposal)
			}
		}
	}
	return names
}

// put sets a field to a value; false for a field that has no such value.
func put(declared *topic.Declared, field topic.Field, value string) bool {
	switch field.Kind() {
	case topic.KindTopicName:
		if (naming.Reservations{}).Check(value) != nil {
			return false
		}
		declared.TopicName = value
		return true
	case topic.KindPartitions, topic.KindReplicas:
		n, err := strconv.ParseInt(value, 10, 64)
		if field.Kind() == topic.KindPartitions {
			declared.Partitions = &n
		} else {
			declared.Replicas = &n
		}
		return err == nil
	case topic.KindConfig:
		if declared.Config == nil {
			declared.Config = map[string]topic.Value{}
		}
		declared.Config[field.Key()] = topic.Value{Text: value}
		return true
	case topic.KindObject, topic.KindObjectName, topic.KindCluster, topic.KindUnmanaged, topic.KindDeletion,
		topic.KindLabel, topic.KindAnnotation, topic.KindSpec:
	}
	return false
}

// passes says whether nothing is wrong with a field of a topic any more, by any rule of any policy that matches it, and by
// Kafka.
func (e *evaluation) passes(field topic.Field, declared topic.Declared) bool {
	if !e.readable(field, declared) || !e.sameMatch(field, declared) {
		return false
	}
	s := e.subjectOf(declared)
	wrong := func(r *rule) bool {
		return r.concerns(field) && slices.ContainsFunc(r.findings(s), func(f finding) bool { return f.field == field || e.isNew(r, f) })
	}
	for _, p := range e.policies {
		for i := range p.rules {
			if wrong(&p.rules[i]) {
				return false
			}
		}
	}
	return true
}

// readable says whether Kafka takes the value of a config.
func (e *evaluation) readable(field topic.Field, declared topic.Declared) bool {
	definition, known := e.in.Facts.Cluster.Configs.Lookup(field.Key())
	if field.Kind() != topic.KindConfig || !known {
		return true
	}
	_, problem := definition.Parse(declared.Config[field.Key()].Text)
	return problem == nil
}

// sameMatch says whether the same policies speak of the topic still: another name may be another policy's.
func (e *evaluation) sameMatch(field topic.Field, declared topic.Declared) bool {
	if field.Kind() != topic.KindTopicName {
		return true
	}
	in := e.in
	in.New = declared
	return slices.Equal(e.set.matching(in).policies, e.policies)
}

// isNew says of a finding that the rule finds nothing wrong there with the topic as it is.
func (e *evaluation) isNew(r *rule, f finding) bool {
	return !slices.ContainsFunc(e.told, func(t told) bool { return t.rule == r && t.field == f.field })
}

// concerns says whether another value of a field may make a difference to a rule.
func (r *rule) concerns(field topic.Field) bool {
	kind := field.Kind()
	switch r.kind {
	case kindCEL:
		return true
	case kindName:
		return kind == topic.KindTopicName
	case kindPartitions:
		return kind == topic.KindPartitions
	case kindQuota:
		return kind != topic.KindTopicName
	case kindReplication:
		return kind == topic.KindReplicas || field == topic.ConfigField(minInsync)
	case kindConfig, kindConfigKeys:
		return kind == topic.KindConfig
	case kindMetadata, kindDeletion:
	}
	return false
}
