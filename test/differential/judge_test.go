package differential

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/test/testutil"
)

var errAnswers = errors.New("answers are missing")

// engine judges as the webhook does, for a cluster of one version that was just seen.
type engine struct {
	version    string
	facts      validate.Facts
	deliberate []refusal
	met        map[string]int // how often an entry of deliberate was the only reason to refuse
}

func newEngine(version string, nodes int64, tiering topicconfig.Tiering) *engine {
	facts := testutil.Facts()
	facts.Cluster.Version, facts.Cluster.Configs = version, topicconfig.For(version)
	facts.Cluster.LiveBrokers, facts.Cluster.MaxBrokers, facts.Cluster.DefaultReplicas = nodes, nodes, 1
	facts.Cluster.Tiering, facts.Cluster.ConfigDefaults = tiering, map[string]string{}
	return &engine{version: version, facts: facts, deliberate: deliberate(), met: map[string]int{}}
}

// disagreement says how the engine's verdict and the broker's answer differ; empty when they do not.
func (e *engine) disagreement(s spec, said answer) string {
	verdict := e.verdict(s)
	var kafkas []topic.Violation
	var ours []string
	for _, violation := range verdict.Violations {
		if entry := e.entry(violation); entry != "" {
			ours = append(ours, entry)
		} else {
			kafkas = append(kafkas, violation)
		}
	}
	switch problem := compare(verdict.Violations, kafkas, ours, said); {
	case problem != "":
		return fmt.Sprintf("%s\n  topic:  %s\n  we say: %s\n  Kafka:  %s", problem, s, say(verdict.Violations), said)
	case said.code == 0:
		for _, entry := range ours {
			e.met[entry]++
		}
	}
	return ""
}

// verdict judges a topic as an object that is created, or changed where the topic is there already.
func (e *engine) verdict(s spec) validate.Verdict {
	if s.stored == nil {
		return validate.Evaluate(validate.Input{Op: validate.Create, New: s.declared(), Facts: e.facts})
	}
	facts := e.facts
	facts.Live = &validate.Live{Owned: true, Observed: testutil.Live("orders", 1, 1)}
	facts.Live.Config = s.stored
	old := spec{change: true, config: s.stored}.declared()
	return validate.Evaluate(validate.Input{Op: validate.Update, Old: &old, New: s.declared(), Facts: facts})
}

// compare holds all violations, those of them that Kafka should share, and the entries that only we refuse, against its
// answer.
func compare(all, kafkas []topic.Violation, ours []string, said answer) string {
	switch {
	case said.code == 0 && len(kafkas) > 0:
		return "we refuse, Kafka accepts"
	case said.code == 0:
		return ""
	case (said.code == codeInvalidRequest || said.code == codeUnauthorized) && slices.Contains(ours, "reserved names"):
		return "" // __cluster_metadata, the one name that Kafka reserves too
	case slices.ContainsFunc(all, func(v topic.Violation) bool { return sameThing(v, said) }):
		return ""
	case len(kafkas) == 0:
		return "we accept, Kafka refuses"
	}
	return "we refuse for another reason than Kafka"
}

func (e *engine) entry(violation topic.Violation) string {
	for _, one := range e.deliberate {
		if (one.absent == nil || !one.absent(e.version)) && one.is(violation) {
			return one.what
		}
	}
	return ""
}

// The codes that brokers refuse topics with.
const (
	// The broker fails when its refusal, which quotes the value, is longer than the protocol can carry.
	codeUnknown           = -1
	codeInvalidTopic      = 17
	codeUnauthorized      = 29
	codeInvalidPartitions = 37
	codeInvalidReplicas   = 38
	codeInvalidConfig     = 40
	codeInvalidRequest    = 42
	codePolicyViolation   = 44
)

// sameThing says whether a violation is about what the broker's answer is about. Kafka tells one fault where we tell all.
func sameThing(v topic.Violation, said answer) bool {
	switch said.code {
	case codeUnknown:
		return true
	case codeInvalidTopic:
		return v.Reason == topic.TopicNameIllegal
	case codeInvalidPartitions, codePolicyViolation: // the latter means more records than one request may write
		return v.Reason == topic.PartitionsInvalid
	case codeInvalidReplicas:
		return v.Reason == topic.ReplicasInvalid || v.Reason == topic.ReplicasExceedBrokers
	case codeInvalidConfig:
		return v.Field.Kind() == topic.KindConfig && (strings.Contains(said.message, v.Field.Key()) || strings.Contains(said.message, "emote "))
	}
	return false
}

func say(violations []topic.Violation) string {
	if len(violations) == 0 {
		return "accepted"
	}
	lines := make([]string, len(violations))
	for i, violation := range violations {
		lines[i] = fmt.Sprintf("%s %s: %s", violation.Reason, violation.Field, violation.Text())
	}
	return strings.Join(lines, "\n          ")
}
