package policy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// Contradiction is why no topic can satisfy a policy, or why its defaults are beaten.
type Contradiction struct {
	// Policy and Rule are who cannot be satisfied; Rule is empty for defaults.
	Policy, Rule string
	// Other is the policy on the other side, with OtherRule; empty where the brokers are.
	Other, OtherRule string
	// Cluster is the KafkaCluster whose brokers stand against it.
	Cluster string
	// Defaults says that it is about defaults, which never refuse a topic.
	Defaults bool
	Message  string
}

// Contradictions are what no topic can satisfy, among the policies' rules that deny and on the given clusters, and defaults
// that disagree. Policies that cannot be about the same topic do not contradict each other; where that cannot be told from
// their globs and labels, they are taken to.
func (s *Set) Contradictions(clusters []Cluster) []Contradiction {
	if s.Empty() {
		return nil
	}
	var found []Contradiction
	byField := map[topic.Field][]bounded{}
	for _, p := range s.policies {
		for i := range p.rules {
			r := &p.rules[i]
			if r.enforcement != v1alpha1.EnforcementDeny || r.broken != "" {
				continue
			}
			for field, limits := range r.static {
				byField[field] = append(byField[field], bounded{p, r, limits})
			}
			found = append(found, onBrokers(p, r, clusters)...)
		}
	}
	for field, rules := range byField {
		found = append(found, amongRules(field, rules)...)
	}
	found = append(found, s.requiredAndDenied()...)
	found = append(found, s.defaultsDisagree()...)
	slices.SortFunc(found, func(a, b Contradiction) int {
		return cmp.Or(cmp.Compare(a.Policy, b.Policy), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Other, b.Other),
			cmp.Compare(a.OtherRule, b.OtherRule), cmp.Compare(a.Cluster, b.Cluster), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(found)
}

// bounded is a rule that bounds a field.
type bounded struct {
	policy *Policy
	rule   *rule
	limits []limit
}

// amongRules are pairs of rules that no number keeps both of.
func amongRules(field topic.Field, rules []bounded) []Contradiction {
	var found []Contradiction
	for i, a := range rules {
		for _, b := range rules[i+1:] {
			if _, ok := fit(slices.Concat(a.limits, b.limits), 1, -1, Unlimited); ok || !mayMeet(a.policy, b.policy) {
				continue
			}
			found = append(found, both(a, b, fmt.Sprintf("%s: %s of %s and %s of %s contradict each other, so that no topic satisfies both",
				fieldText(field), texts(a.limits), a.rule.tag(), texts(b.limits), b.rule.tag()))...)
		}
	}
	return found
}

func both(a, b bounded, message string) []Contradiction {
	return []Contradiction{
		{Policy: a.policy.Name, Rule: a.rule.name, Other: b.policy.Name, OtherRule: b.rule.name, Message: message},
		{Policy: b.policy.Name, Rule: b.rule.name, Other: a.policy.Name, OtherRule: a.rule.name, Message: message},
	}
}

func texts(limits []limit) string {
	all := make([]string, len(limits))
	for i, l := range limits {
		all[i] = l.words()
	}
	return strings.Join(all, ", ")
}

func fieldText(field topic.Field) string {
	if field.Key() != "" {
		return field.Key()
	}
	return strings.ToLower(string(field.Kind()))
}

// onBrokers is a rule that wants more replicas, or racks, than the brokers of a cluster have.
func onBrokers(p *Policy, r *rule, clusters []Cluster) []Contradiction {
	wants, racks := r.wantsReplicas(), int64(0)
	if r.spec.Replication != nil && r.spec.Replication.MinRacks != nil {
		racks = *r.spec.Replication.MinRacks
	}
	var found []Contradiction
	add := func(cluster Cluster, format string, args ...any) {
		found = append(found, Contradiction{Policy: p.Name, Rule: r.name, Cluster: cluster.Name, Message: r.tag() + " " + fmt.Sprintf(format, args...)})
	}
	for _, cluster := range clusters {
		if p.match.clusters != nil && !anyGlob(p.match.clusters, cluster.Name) || cluster.Brokers == 0 {
			continue
		}
		if wants > cluster.Brokers {
			add(cluster, "wants at least %d replicas, and KafkaCluster %s has %d live brokers", wants, cluster.Name, cluster.Brokers)
		}
		if racks > cluster.Racks {
			add(cluster, "wants %d racks, and the brokers of KafkaCluster %s have %d", racks, cluster.Name, cluster.Racks)
		}
	}
	return found
}

// wantsReplicas is the fewest replicas that a rule lets pass.
func (r *rule) wantsReplicas() int64 {
	fewest := int64(0)
	for _, l := range r.static[topic.Of(topic.KindReplicas)] {
		if l.kind == atLeast {
			fewest = max(fewest, l.n)
		}
		if l.kind == among {
			fewest = max(fewest, l.set[0])
		}
	}
	return fewest
}

// requiredAndDenied are configs that one rule wants set and another lets nobody set, and configs of which no value is left.
func (s *Set) requiredAndDenied() []Contradiction {
	wanting, denying := s.denying(kindConfig), s.denying(kindConfigKeys)
	var found []Contradiction
	for i, a := range wanting {
		for _, b := range denying {
			if key := deniedKey(a.rule, b.rule); key != "" && mayMeet(a.policy, b.policy) {
				found = append(found, both(a, b, fmt.Sprintf("%s: %s wants it set, and %s lets nobody set it", key, a.rule.tag(), b.rule.tag()))...)
			}
		}
		for _, b := range wanting[i+1:] {
			if key := disjointKey(a.rule, b.rule); key != "" && mayMeet(a.policy, b.policy) {
				found = append(found, both(a, b, fmt.Sprintf("%s: %s and %s allow no value in common", key, a.rule.tag(), b.rule.tag()))...)
			}
		}
	}
	return found
}

// denying are the rules of a kind that deny.
func (s *Set) denying(kind ruleKind) []bounded {
	var found []bounded
	for _, p := range s.policies {
		for i := range p.rules {
			if r := &p.rules[i]; r.kind == kind && r.enforcement == v1alpha1.EnforcementDeny && r.broken == "" {
				found = append(found, bounded{policy: p, rule: r})
			}
		}
	}
	return found
}

func deniedKey(wants, denies *rule) string {
	for _, config := range wants.spec.Config {
		if config.Required && keyLimit(denies.spec.ConfigKeys, config.Key) != "" {
			return config.Key
		}
	}
	return ""
}

func disjointKey(a, b *rule) string {
	for _, one := range a.spec.Config {
		for _, other := range b.spec.Config {
			if one.Key == other.Key && len(one.OneOf) > 0 && len(other.OneOf) > 0 &&
				!slices.ContainsFunc(one.OneOf, func(value string) bool { return slices.Contains(other.OneOf, value) }) {
				return one.Key
			}
		}
	}
	return ""
}

// defaultsDisagree are policies whose default another policy's beats.
func (s *Set) defaultsDisagree() []Contradiction {
	var found []Contradiction
	for i, a := range s.policies {
		for _, b := range s.policies[i+1:] {
			field := disagreement(a.fill, b.fill)
			if field == "" || !mayMeet(a, b) {
				continue
			}
			winner, loser := a, b
			if b.priority > a.priority {
				winner, loser = b, a
			}
			found = append(found, Contradiction{Policy: loser.Name, Other: winner.Name, Defaults: true, Message: fmt.Sprintf(
				"%s: the default of TopicPolicy %s wins over that of %s, by its priority or name", field, winner.Name, loser.Name)})
		}
	}
	return found
}

func disagreement(a, b fill) string {
	switch {
	case a.partitions != nil && b.partitions != nil && *a.partitions != *b.partitions:
		return "partitions"
	case a.replicas != nil && b.replicas != nil && *a.replicas != *b.replicas:
		return "replicas"
	}
	for _, key := range slices.Sorted(maps.Keys(a.config)) {
		if other, both := b.config[key]; both && other != a.config[key] {
			return key
		}
	}
	return ""
}
