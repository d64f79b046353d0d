package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/topicconfig"
	"github.com/topicgate/topicgate/test/certmanager"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
)

// governedEnv is an installation with defaults at admission and an API server that writes an audit log.
type governedEnv struct {
	*Env
	auditLog string
}

// TestPolicies applies policies as a platform team does and topics as tenants do, through kubectl. It runs no syncer and no
// Kafka.
func TestPolicies(t *testing.T) {
	e := newGovernedEnv(t)
	e.Namespace(t, "shop", "kafka", "prod")
	e.Namespace(t, "stock", "kafka", "prod")
	e.SyncerSeen(t, time.Now())
	e.MustApply(t, ClusterYAML("prod"))
	status := ThreeBrokers("id-prod")
	status.ConfigKeys = topicconfig.For("4.4").Keys() // told together with the brokers' own defaults: there are none
	e.SetStatus(t, "prod", status)
	e.eventuallyAllowed(t, TopicYAML("shop", "probe", prod))
	// Older than every policy, and against most of them.
	e.quietly(t, oldTopic("shop", "veteran"))
	e.quietly(t, oldTopic("stock", "ancient"))

	t.Run("a policy that cannot work is refused", func(t *testing.T) { testBrokenPolicies(t, e.Env) })
	e.MustApply(t, shared)
	e.eventuallyRefused(t, TopicYAML("shop", "probe", prod, "partitions: 1"), "[shared/")
	t.Run("everything that is wrong is told at once", func(t *testing.T) { testManyRules(t, e.Env) })
	t.Run("what was there before lives on", func(t *testing.T) { testGrandfathers(t, e.Env) })
	t.Run("labels", func(t *testing.T) { testLabels(t, e.Env) })
	t.Run("exceptions", func(t *testing.T) { testExceptions(t, e.Env) })
	t.Run("contradictions are told", func(t *testing.T) { testContradictions(t, e.Env) })
	t.Run("defaults at admission", func(t *testing.T) { testPolicyDefaults(t, e.Env) })
	t.Run("quotas", func(t *testing.T) { testQuotas(t, e.Env) })
	t.Run("audit log", func(t *testing.T) { testAuditLog(t, e) })
	t.Run("no policy matches", func(t *testing.T) { testUnmatched(t, e.Env) })
	t.Run("a namespace goes", func(t *testing.T) { testPoliciesHoldNoNamespace(t, e.Env) })
}

const auditPolicyYAML = `
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- {level: Metadata, resources: [{group: topicgate.io}]}
- {level: None}
`

func newGovernedEnv(t *testing.T) *governedEnv {
	t.Helper()
	dir := t.TempDir()
	auditPolicy, auditLog := filepath.Join(dir, "policy.yaml"), filepath.Join(dir, "audit.log")
	require.NoError(t, os.WriteFile(auditPolicy, []byte(auditPolicyYAML), 0o600))
	e := &Env{
		Plane:       kube.ForTest(t, "--audit-policy-file="+auditPolicy, "--audit-log-path="+auditLog),
		webhookPort: freePort(t), certDir: t.TempDir(), test: t,
	}
	e.Client = newClient(t, e.Plane)
	stop, err := certmanager.Start(context.WithoutCancel(t.Context()), e.Plane.Config())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stop()) })
	objects, err := manifests.Render(manifests.PolicyDefaults)
	require.NoError(t, err)
	require.NoError(t, manifests.ServeFromLocalhost(objects, e.webhookPort))
	require.NoError(t, manifests.Apply(t.Context(), e.Plane.Config(), objects))
	e.RenewCertificate(t)
	e.StartWebhook(t)
	return &governedEnv{e, auditLog}
}

// policyYAML is a TopicPolicy, with the lines of its spec as given.
func policyYAML(name string, spec ...string) string {
	return "---\napiVersion: topicgate.io/v1alpha1\nkind: TopicPolicy\nmetadata: {name: " + name + "}\nspec:\n" + lines(spec)
}

func exceptionYAML(name string, spec ...string) string {
	return strings.Replace(policyYAML(name, spec...), "kind: TopicPolicy\n", "kind: TopicPolicyException\n", 1)
}

// labelledYAML is a KafkaTopic with labels, such as {owner: a}.
func labelledYAML(namespace, name, labels string, spec ...string) string {
	return strings.Replace(TopicYAML(namespace, name, spec...), ", namespace:", ", labels: "+labels+", namespace:", 1)
}

func oldTopic(namespace, name string) string {
	return labelledYAML(namespace, name, "{owner: ancestors}", prod, "partitions: 1", "replicas: 3", "config: {retention.ms: -1}")
}

func testBrokenPolicies(t *testing.T, e *Env) {
	_, stderr, code := e.Apply(t, policyYAML("broken", "enforcement: Deny", "rules:",
		`- {name: naming, topicName: {anyOf: ["("]}}`, "- {name: count, partitions: {min: 9, max: 3}}", `- {name: cel, cel: {expression: "topic.nmae == ''"}}`))
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, `The TopicPolicy "broken" is invalid`)
	for _, path := range []string{"* spec.rules[0].topicName.anyOf[0]: ", "* spec.rules[1].partitions: ", "* spec.rules[2].cel.expression: "} {
		assert.Contains(t, stderr, path)
	}
	_, stderr, code = e.Apply(t, exceptionYAML("broken", "policies: [{name: shared}]", "match: {namespaces: [shop]}", "reason: CHG-1", `expiresAt: "2020-01-01T00:00:00Z"`))
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, `spec.expiresAt: "2020-01-01T00:00:00Z": it is in the past`)
}

// shared is about everything but what the other subtests' policies are about.
const shared = `---
apiVersion: topicgate.io/v1alpha1
kind: TopicPolicy
metadata: {name: shared}
spec:
  enforcement: Deny
  match: {exclude: {topicNames: ["filled-*", "counted-*", "unbound-*"]}}
  rules:
  - {name: count, partitions: {min: 3, max: 60, multipleOf: 3}}
  - {name: durable, replication: {min: 3}}
  - {name: retention, config: [{key: retention.ms, max: 30d}]}
  - {name: owner, metadata: {labels: [{key: owner, pattern: "[a-z]+", example: payments}]}}
  - {name: compression, enforcement: Warn, config: [{key: compression.type, oneOf: [producer]}]}
`

func testManyRules(t *testing.T, e *Env) {
	faulty := []string{prod, "partitions: 500", "replicas: 2", "config: {retention.ms: -1, compression.type: lz4}"}
	for _, how := range [][]string{nil, {"--server-side"}, {"--dry-run=server"}} {
		_, stderr, code := e.Apply(t, TopicYAML("shop", "faulty", faulty...), how...)
		assert.Equal(t, 1, code)
		assert.Contains(t, stderr, `The KafkaTopic "faulty" is invalid`)
		for _, want := range []string{
			"* metadata.labels[owner]: ", "[shared/owner]", "* spec.partitions: 500: ", "[shared/count]", "* spec.replicas: 2: ", "[shared/durable]",
			"* spec.config[retention.ms]: -1: ", "[shared/retention]", "Warning: spec.config[compression.type]: ", "[shared/compression]",
		} {
			assert.Contains(t, stderr, want)
		}
	}
	e.quietly(t, labelledYAML("shop", "sound", "{owner: payments}", prod, "partitions: 3", "replicas: 3", "config: {retention.ms: 604800000}"))
}

// testGrandfathers does everything to a topic that breaks the policy and is older than it.
func testGrandfathers(t *testing.T, e *Env) {
	kubectl := func(args ...string) string {
		t.Helper()
		stdout, stderr, code := e.Kubectl(t, append([]string{"-n", "shop"}, args...)...)
		require.Zero(t, code, stdout+stderr)
		return stderr
	}
	assert.Contains(t, kubectl("label", "tgt", "veteran", "a=b"), "it was so before, hence only a warning")
	kubectl("patch", "tgt", "veteran", "--type=merge", "-p", `{"metadata":{"finalizers":["topicgate.io/topic"]}}`)
	kubectl("patch", "tgt", "veteran", "--subresource=status", "--type=merge", "-p", `{"status":{"observedGeneration":1}}`)
	assert.Contains(t, e.MustApply(t, strings.Replace(oldTopic("shop", "veteran"), "retention.ms: -1", "retention.ms: -1, segment.ms: 3600000", 1)), "[shared/retention]")
	e.eventuallyRefused(t, strings.Replace(oldTopic("shop", "veteran"), "partitions: 1", "partitions: 2", 1), "[shared/count]")
	kubectl("delete", "tgt", "veteran", "--wait=false")
	kubectl("patch", "tgt", "veteran", "--type=merge", "-p", `{"metadata":{"finalizers":null}}`)
	_, _, code := e.Kubectl(t, "get", "tgt", "-n", "shop", "veteran")
	assert.Equal(t, 1, code, "it is gone")
}

func testLabels(t *testing.T, e *Env) {
	_, stderr, code := e.Kubectl(t, "label", "tgt", "-n", "shop", "sound", "owner-")
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "metadata.labels[owner]: ")
	_, stderr, code = e.Kubectl(t, "label", "tgt", "-n", "shop", "sound", "--overwrite", "owner=billing")
	assert.Zero(t, code, stderr)
}
