package admission_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/validate/admission"
)

const atLeastThree = `{enforcement: Deny, rules: [{name: count, partitions: {min: 3}}]}`

func TestPoliciesAreFollowed(t *testing.T) {
	gate := governed(t, admission.UnmatchedAllow)
	judge := admission.ValidateTopic(gate)
	ask := func() string {
		return reasons(judge(t.Context(), request(t, admissionv1.Create, nil, kafkaTopic(shop, "orders", partitions(1)))))
	}
	assert.Empty(t, ask())
	gate.Policies.Show(t, topicPolicy(t, "shared", atLeastThree))
	assert.Equal(t, "PolicyViolation", ask())

	same := gate.Policies.Set()
	gate.Policies.Show(t, topicPolicy(t, "shared", atLeastThree))
	assert.Same(t, same, gate.Policies.Set(), "a status that is written compiles nothing")

	gate.Policies.Show(t, exception(t, "leave", `{policies: [{name: shared}], match: {namespaces: [shop]}, reason: CHG-1, expiresAt: "2026-12-01T00:00:00Z"}`))
	assert.Empty(t, ask())
	gate.Policies.Hide(exception(t, "leave", `{}`))
	assert.Equal(t, "PolicyViolation", ask())

	successor := topicPolicy(t, "shared", atLeastThree)
	successor.UID = "another"
	gate.Policies.Show(t, successor)
	gate.Policies.Hide(topicPolicy(t, "shared", atLeastThree))
	assert.Equal(t, "PolicyViolation", ask(), "the late news of its predecessor's end are not its own")
	gate.Policies.Hide(successor)
	assert.Empty(t, ask())

	gate.Policies.Show(t, topicPolicy(t, "broken", `{enforcement: Deny, rules: [{name: name, topicName: {anyOf: ["("]}}]}`))
	assert.Equal(t, "PolicyUndecided", ask(), "what does not compile never counts as no rule")
	gate.Policies.Unread()
	response := judge(t.Context(), request(t, admissionv1.Create, nil, kafkaTopic(shop, "orders")))
	assert.EqualValues(t, 500, response.Result.Code, "before the policies are read there is no verdict")
	assert.False(t, gate.Policies.Ready())
}

func TestManyPoliciesMakeOneSetWhenOneIsAskedFor(t *testing.T) {
	gate := governed(t, admission.UnmatchedAllow)
	for i := range 500 {
		gate.Policies.Show(t, topicPolicy(t, fmt.Sprintf("p-%d", i), atLeastThree))
	}
	first := gate.Policies.Set()
	assert.Same(t, first, gate.Policies.Set())
	response := admission.ValidateTopic(gate)(t.Context(), request(t, admissionv1.Create, nil, kafkaTopic(shop, "orders", partitions(1))))
	assert.Equal(t, "PolicyViolation", reasons(response), "one limit is one violation, whoever sets it")
	for key, note := range response.AuditAnnotations {
		assert.LessOrEqual(t, len(note), 4096, key)
	}
}

func TestAThousandBrokenRulesMakeAnAnswerThatSomebodyCanRead(t *testing.T) {
	gate := governed(t, admission.UnmatchedAllow)
	rules := make([]string, 1000)
	for i := range rules {
		rules[i] = fmt.Sprintf("{name: r%d, partitions: {min: %d}}", i, i+2)
	}
	gate.Policies.Show(t, topicPolicy(t, "large", "{enforcement: Deny, rules: ["+strings.Join(rules, ", ")+"]}"))
	result := admission.ValidateTopic(gate)(t.Context(), request(t, admissionv1.Create, nil, kafkaTopic(shop, "orders", partitions(1)))).Result
	assert.Contains(t, result.Message, "breaks 1000 rules:")
	assert.Contains(t, result.Message, "and 900 more")
	assert.Len(t, result.Details.Causes, 101)
	assert.Less(t, len(result.Message), 1<<15)
}

func TestLabelsAreJudgedByPoliciesAlone(t *testing.T) {
	owned := topicPolicy(t, "owned", `{enforcement: Deny, rules: [{name: owner, metadata: {labels: [{key: owner, pattern: "[a-z]+"}]}}, {name: count, partitions: {min: 3}}]}`)
	small := kafkaTopic(shop, "orders", partitions(0), labelled("owner", "payments"))
	for name, c := range map[string]struct {
		policies []client.Object
		old      *v1alpha1.KafkaTopic
		change   func(*v1alpha1.KafkaTopic)
		want     string
		warns    int
	}{
		"a label that becomes wrong":                     {[]client.Object{owned}, small, labelled("owner", "X1"), "PolicyViolation", 1},
		"a label that is taken away":                     {[]client.Object{owned}, small, labelled(), "PolicyViolation", 1},
		"another label of a topic that was wrong before": {[]client.Object{owned}, small, labelled("owner", "payments", "a", "b"), "", 1},
		"a label that stays wrong":                       {[]client.Object{owned}, kafkaTopic(shop, "orders", partitions(3)), func(t *v1alpha1.KafkaTopic) { t.Annotations = map[string]string{"a": "b"} }, "", 1},
		"a label without any policy":                     {nil, small, labelled("owner", "X1"), "", 0},
		"kubectl's note alone": {[]client.Object{owned}, small, func(t *v1alpha1.KafkaTopic) {
			t.Annotations = map[string]string{corev1.LastAppliedConfigAnnotation: "{}"}
		}, "", 0},
		"a finalizer": {[]client.Object{owned}, small, func(t *v1alpha1.KafkaTopic) { t.Finalizers = []string{"a/b"} }, "", 0},
		"a label of a topic that is being deleted":        {[]client.Object{owned}, small, func(t *v1alpha1.KafkaTopic) { labelled("owner", "X1")(t); t.DeletionTimestamp = &t.CreationTimestamp }, "", 0},
		"a label of a topic whose cluster was taken away": {[]client.Object{owned}, kafkaTopic(shop, "orders", func(t *v1alpha1.KafkaTopic) { t.Spec.ClusterRef.Name = "gone" }), labelled("a", "b"), "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			changed := c.old.DeepCopy()
			c.change(changed)
			response := admission.ValidateTopic(governed(t, admission.UnmatchedAllow, c.policies...))(t.Context(), request(t, admissionv1.Update, c.old, changed))
			assert.Equal(t, c.want, reasons(response))
			assert.Len(t, response.Warnings, c.warns, "TopicGate's own rules say nothing of labels")
		})
	}
	t.Run("and pass where nothing can be looked up", func(t *testing.T) {
		gate := governed(t, admission.UnmatchedAllow, owned)
		gate.Cache, gate.Direct = admission.FakeCache(t), admission.FakeCache(t)
		changed := small.DeepCopy()
		labelled("owner", "X1")(changed)
		response := admission.ValidateTopic(gate)(t.Context(), request(t, admissionv1.Update, small, changed))
		assert.True(t, response.Allowed)
		assert.Len(t, response.Warnings, 1)
	})
}

func TestTopicsThatNoPolicyMatches(t *testing.T) {
	elsewhere := topicPolicy(t, "elsewhere", `{enforcement: Deny, match: {topicNames: ["other-*"]}, rules: [{name: count, partitions: {min: 3}}]}`)
	for name, c := range map[string]struct {
		mode     admission.Unmatched
		policies []client.Object
		old      *v1alpha1.KafkaTopic
		want     string
		warns    int
	}{
		"are allowed":               {admission.UnmatchedAllow, []client.Object{elsewhere}, nil, "", 0},
		"are warned about":          {admission.UnmatchedWarn, []client.Object{elsewhere}, nil, "", 1},
		"are refused":               {admission.UnmatchedDeny, []client.Object{elsewhere}, nil, "NoPolicyMatches", 0},
		"are not where none is":     {admission.UnmatchedDeny, nil, nil, "", 0},
		"are kept when it was so":   {admission.UnmatchedDeny, []client.Object{elsewhere}, kafkaTopic(shop, "orders", partitions(1)), "", 1},
		"do not become so silently": {admission.UnmatchedDeny, []client.Object{topicPolicy(t, "labelled", `{enforcement: Deny, match: {topicSelector: {matchLabels: {a: b}}}, rules: [{name: count, partitions: {min: 1}}]}`)}, kafkaTopic(shop, "orders", partitions(1), labelled("a", "b")), "NoPolicyMatches", 0},
	} {
		t.Run(name, func(t *testing.T) {
			operation := admissionv1.Create
			if c.old != nil {
				operation = admissionv1.Update
			}
			response := admission.ValidateTopic(governed(t, c.mode, c.policies...))(t.Context(), request(t, operation, c.old, kafkaTopic(shop, "orders", partitions(2))))
			assert.Equal(t, c.want, reasons(response))
			assert.Len(t, response.Warnings, c.warns)
		})
	}
}

const everyOutcome = `
enforcement: Deny
rules:
- {name: count, partitions: {min: 3}}
- {name: owner, enforcement: Warn, metadata: {labels: [{key: owner}]}}
- {name: compression, enforcement: Audit, config: [{key: compression.type, oneOf: [zstd]}]}
- {name: waived, replication: {min: 3}}
`

func TestWhatPoliciesSaidIsForTheAuditLog(t *testing.T) {
	gate := governed(t, admission.UnmatchedAllow, topicPolicy(t, "shared", everyOutcome),
		exception(t, "leave", `{policies: [{name: shared, rules: [waived]}], match: {namespaces: [shop]}, reason: CHG-1, expiresAt: "2026-12-01T00:00:00Z"}`))
	object := kafkaTopic(shop, "orders", partitions(1), configured("compression.type", `"lz4"`), func(t *v1alpha1.KafkaTopic) { t.Spec.Replicas = new(int64(2)) })
	response := admission.ValidateTopic(gate)(t.Context(), request(t, admissionv1.Create, nil, object))
	assert.Equal(t, "shared", response.AuditAnnotations["policies"])
	assert.Equal(t, "leave", response.AuditAnnotations["exceptions"])
	var said []string
	for _, one := range mustJSON(t, response.AuditAnnotations["violations"]) {
		said = append(said, fmt.Sprint(one["outcome"], " ", one["rules"], " ", one["field"]))
		assert.NotEmpty(t, one["text"])
	}
	assert.Equal(t, []string{
		"Deny [shared/count] spec.partitions", "Warn [shared/owner] metadata.labels[owner]",
		"Warn [shared/waived] spec.replicas", "Audit [shared/compression] spec.config[compression.type]",
	}, said)
	assert.NotContains(t, strings.Join(response.Warnings, "\n")+response.Result.Message, "compression", "what is only audited is told to nobody")
	assert.Contains(t, strings.Join(response.Warnings, "\n"), "29 days left")

	silent := admission.ValidateTopic(governed(t, admission.UnmatchedAllow))(t.Context(), request(t, admissionv1.Create, nil, object))
	assert.Nil(t, silent.AuditAnnotations)
}

func TestBrokenRulesAreCountedButNotOfDryRuns(t *testing.T) {
	registry := prometheus.NewRegistry()
	metrics, err := admission.NewMetrics(registry)
	require.NoError(t, err)
	gate := governed(t, admission.UnmatchedAllow)
	gate.Policies = admission.NewPolicies(metrics, admission.UnmatchedAllow, now)
	gate.Policies.Show(t, topicPolicy(t, "shared", everyOutcome), topicPolicy(t, "broken", `{enforcement: Warn, match: {topicNames: [none]}}`),
		exception(t, "leave", `{policies: [{name: shared, rules: [waived]}], match: {namespaces: [shop]}, reason: CHG-1, expiresAt: "2026-12-01T00:00:00Z"}`))
	object := kafkaTopic(shop, "orders", partitions(1), labelled("owner", "a"), configured("compression.type", `"lz4"`),
		func(t *v1alpha1.KafkaTopic) { t.Spec.Replicas = new(int64(2)) })
	for _, asked := range []*admissionv1.AdmissionRequest{request(t, admissionv1.Create, nil, object), dry(request(t, admissionv1.Create, nil, object))} {
		admission.ValidateTopic(gate)(t.Context(), asked)
	}
	require.NoError(t, testutil.GatherAndCompare(registry, strings.NewReader(`
# HELP topicgate_policies TopicPolicies that this replica knows, by state: ready, or invalid (some rule does not compile).
# TYPE topicgate_policies gauge
topicgate_policies{state="invalid"} 1
topicgate_policies{state="ready"} 1
# HELP topicgate_policy_exceptions_used_total Reviews in which a TopicPolicyException was made use of; dry runs are not counted.
# TYPE topicgate_policy_exceptions_used_total counter
topicgate_policy_exceptions_used_total{exception="leave"} 1
# HELP topicgate_policy_violations_total Broken rules of TopicPolicies in reviews, by the rule's enforcement and what it led to (Deny, Warn, Audit, Grandfathered, Excepted); dry runs are not counted.
# TYPE topicgate_policy_violations_total counter
topicgate_policy_violations_total{enforcement="Audit",outcome="Audit",policy="shared",rule="compression"} 1
topicgate_policy_violations_total{enforcement="Deny",outcome="Deny",policy="shared",rule="count"} 1
topicgate_policy_violations_total{enforcement="Deny",outcome="Excepted",policy="shared",rule="waived"} 1
`), "topicgate_policies", "topicgate_policy_exceptions_used_total", "topicgate_policy_violations_total"))
}

func TestAWarningIsCutAtAWordAndKeepsItsTag(t *testing.T) {
	long := "spec.partitions: " + strings.Repeat("word ", 100) + "[shared/count]"
	cut := admission.Shorten(long, 256)
	assert.LessOrEqual(t, utf8.RuneCountInString(cut), 256)
	assert.True(t, strings.HasSuffix(cut, "word… [shared/count]"), cut)
	assert.Equal(t, "short [a/b]", admission.Shorten("short [a/b]", 256))
	assert.LessOrEqual(t, utf8.RuneCountInString(admission.Shorten(strings.Repeat("é", 999), 256)), 256)
	many := "x [" + strings.Repeat("policy/rule, ", 50) + "]"
	assert.LessOrEqual(t, utf8.RuneCountInString(admission.Shorten(many, 256)), 256)
}
