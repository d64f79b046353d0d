package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/wait"
)

func TestPoliciesFillInTopicsWhenTheyAreMadeAndNeverAfter(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster("sync: {resyncInterval: 1s, unlistedConfig: Reset}"))
	w.apply(policyYAML("defaults", "enforcement: Deny", "defaults: {partitions: 3, config: {retention.ms: 3600000, segment.bytes: 2097152}}"))
	w.policy("defaults", "Ready", "True", "PolicyCompiled")
	w.apply(topicYAML("orders", "config: {retention.ms: 7200000}"))
	object := w.ready("orders")
	want := map[string]string{"retention.ms": "7200000", "segment.bytes": "2097152"}
	w.broker("orders", func(facts kafkatest.TopicFacts) bool {
		return facts.Partitions == 3 && assert.ObjectsAreEqual(want, facts.Config)
	})
	assert.Equal(t, []string{"segment.bytes"}, object.Status.DefaultedConfig)
	assert.Nil(t, object.Spec.Partitions, "the spec is its owner's")

	w.apply(policyYAML("defaults", "enforcement: Deny", "defaults: {partitions: 9, config: {segment.bytes: 4194304}}"))
	w.apply(topicYAML("later"))
	w.broker("later", func(facts kafkatest.TopicFacts) bool {
		return facts.Partitions == 9 && facts.Config["segment.bytes"] == "4194304"
	})
	w.ready("later")
	w.quiet()
	w.broker("orders", func(facts kafkatest.TopicFacts) bool {
		return facts.Partitions == 3 && assert.ObjectsAreEqual(want, facts.Config)
	})
	assert.Nil(t, meta.FindStatusCondition(w.topic("orders").Status.Conditions, "Drifted"))
}

func TestATightenedPolicyIsCountedAndToldAndStopsNothingThatIsThere(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster("sync: {resyncInterval: 1s}"))
	w.apply(topicYAML("veteran", "partitions: 9", "config: {retention.ms: 7200000}"))
	w.ready("veteran")
	w.apply(policyYAML("shared", "enforcement: Deny",
		"rules: [{name: few, partitions: {max: 6}}, {name: safe, enforcement: Warn, replication: {min: 2}}, {name: rich, enforcement: Audit, replication: {min: 3}}]"))
	object := w.condition("veteran", "PolicyViolation", "True", "PolicyViolation")
	told := meta.FindStatusCondition(object.Status.Conditions, "PolicyViolation").Message
	assert.Equal(t, "partitions breaks shared/few (Grandfathered), replicas breaks shared/rich (Audit), replicas breaks shared/safe (Warn)", told)
	w.eventFor("veteran", told)
	w.counts("shared", v1alpha1.PolicyCounts{Topics: 1, Deny: 1, Warn: 1, Audit: 1})

	// What it does not worsen goes through, without any webhook to say so.
	w.apply(topicYAML("veteran", "partitions: 9", "config: {retention.ms: 3600000}"))
	w.broker("veteran", func(facts kafkatest.TopicFacts) bool { return facts.Config["retention.ms"] == "3600000" })
	w.ready("veteran")
	w.apply(topicYAML("veteran", "partitions: 10"))
	w.condition("veteran", "Stalled", "True", "PolicyViolation")
	w.apply(topicYAML("recruit", "partitions: 7"))
	w.condition("recruit", "Stalled", "True", "PolicyViolation")

	w.apply(exceptionYAML("recruits", "policies: [{name: shared, rules: [few]}]", "match: {namespaces: [team], topicNames: [recruit]}",
		"limits: {partitions: {max: 8}}", "reason: CHG-1", `expiresAt: "2099-01-01T00:00:00Z"`))
	w.ready("recruit")
	w.counts("shared", v1alpha1.PolicyCounts{Topics: 2, Deny: 1, Warn: 2, Audit: 2, Excepted: 1})
	wait.For(t, Patience, func(context.Context) error {
		if shown := w.kubectl("get", "tpolex", "recruits", "--no-headers"); !strings.Contains(shown, "ExceptionInUse") {
			return fmt.Errorf("%s", shown)
		}
		return nil
	})
	w.apply(topicYAML("veteran", "partitions: 9"))
	w.ready("veteran")
	w.kubectl("delete", "tpol", "shared")
	wait.For(t, Patience, func(context.Context) error {
		if told := meta.FindStatusCondition(w.topic("veteran").Status.Conditions, "PolicyViolation"); told != nil {
			return fmt.Errorf("still: %s", told.Message)
		}
		return nil
	})
	w.quiet()
}

func TestPoliciesThatCannotBeSatisfiedSaySo(t *testing.T) {
	w := newWorld(t, kafkatest.Options{})
	w.namespace("team")
	w.apply(w.cluster("sync: {resyncInterval: 1s}"))
	w.apply(policyYAML("broken", "enforcement: Deny", `rules: [{name: letters, topicName: {anyOf: ["("]}}]`))
	w.apply(policyYAML("durable", "enforcement: Deny", "rules: [{name: replicas, replication: {min: 3}}]"))
	w.apply(policyYAML("large", "enforcement: Deny", "match: {topicNames: [z-*]}", "rules: [{name: r, partitions: {min: 9}}]"))
	w.apply(policyYAML("small", "enforcement: Deny", "match: {topicNames: [z-*]}", "rules: [{name: r, partitions: {max: 6}}]"))
	assert.Contains(t, w.policy("broken", "Ready", "False", "PolicyInvalid"), "spec.rules[0].topicName.anyOf[0]")
	assert.Contains(t, w.policy("durable", "Satisfiable", "False", "Unsatisfiable"), "KafkaCluster prod has 1 live brokers")
	for _, name := range []string{"large", "small"} {
		assert.Contains(t, w.policy(name, "Satisfiable", "False", "Unsatisfiable"), "at least 9 of large/r and at most 6 of small/r contradict each other")
	}
	w.apply(topicYAML("orders", "partitions: 1"))
	object := w.condition("orders", "Stalled", "True", "PolicyViolation")
	require.NotNil(t, object)
	assert.Contains(t, meta.FindStatusCondition(object.Status.Conditions, "Ready").Message, "[durable/replicas]")
	assert.Contains(t, meta.FindStatusCondition(object.Status.Conditions, "Ready").Message, "[broken/letters]")
}

// policy waits for a condition of a TopicPolicy and returns its message.
func (w *world) policy(name, kind, status, reason string) (message string) {
	w.t.Helper()
	wait.For(w.t, Patience, func(ctx context.Context) error {
		object, err := w.readPolicy(ctx, name)
		if err != nil {
			return err
		}
		found := meta.FindStatusCondition(object.Status.Conditions, kind)
		if found == nil || string(found.Status) != status || found.Reason != reason || object.Status.ObservedGeneration != object.Generation {
			return fmt.Errorf("TopicPolicy %s: want %s=%s (%s), have %+v", name, kind, status, reason, object.Status)
		}
		message = found.Message
		return nil
	})
	return message
}

// counts waits for the counts of a TopicPolicy.
func (w *world) counts(name string, want v1alpha1.PolicyCounts) {
	w.t.Helper()
	wait.For(w.t, Patience, func(ctx context.Context) error {
		object, err := w.readPolicy(ctx, name)
		if err != nil {
			return err
		}
		if object.Status.Counts == nil || *object.Status.Counts != want {
			return fmt.Errorf("TopicPolicy %s: want %+v, have %+v", name, want, object.Status.Counts)
		}
		return nil
	})
}

func (w *world) readPolicy(ctx context.Context, name string) (*v1alpha1.TopicPolicy, error) {
	object := &v1alpha1.TopicPolicy{}
	object.Name = name
	return object, w.Client.Get(ctx, client.ObjectKeyFromObject(object), object)
}

// eventFor waits for an event about a KafkaTopic with a text.
func (w *world) eventFor(name, text string) {
	w.t.Helper()
	wait.For(w.t, Patience, func(context.Context) error {
		events := w.kubectl("get", "events", "-n", "team", "-o", `jsonpath={range .items[*]}{.involvedObject.name}{" "}{.reason}{" "}{.message}{"\n"}{end}`)
		if !strings.Contains(events, name+" PolicyViolation "+text) {
			return fmt.Errorf("events: %s", events)
		}
		return nil
	})
}
