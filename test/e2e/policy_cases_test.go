package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/wait"
)

func testExceptions(t *testing.T, e *Env) {
	until := time.Now().Add(10*24*time.Hour + time.Hour).UTC().Format(time.RFC3339)
	small := labelledYAML("shop", "excepted", "{owner: payments}", prod, "partitions: 1", "replicas: 3")
	e.eventuallyRefused(t, small, "[shared/count]")
	assert.Contains(t, e.MustApply(t, exceptionYAML("leave", "policies: [{name: shared, rules: [count, cuont]}]", "match: {namespaces: [shop], topicNames: [excepted]}",
		"reason: CHG-1234", "expiresAt: "+until)), `Warning: spec.policies[0].rules[1]: TopicPolicy "shared" has no rule "cuont"`)
	e.eventuallyAllowed(t, small, "10 days left", "CHG-1234", "[shared/count]")
	e.eventuallyRefused(t, strings.Replace(small, "replicas: 3", "replicas: 2", 1), "[shared/durable]")
	_, stderr, code := e.Kubectl(t, "delete", "tpolex", "leave")
	require.Zero(t, code, stderr)
	e.eventuallyRefused(t, small, "[shared/count]")
}

func testContradictions(t *testing.T, e *Env) {
	printed := e.MustApply(t, policyYAML("few", "enforcement: Deny", "rules:", "- {name: count, partitions: {max: 2}}"), "--dry-run=server")
	assert.Contains(t, printed, "Warning: spec.rules: no topic can satisfy it")
	assert.Contains(t, printed, "few/count")
	assert.Contains(t, printed, "shared/count")
	printed = e.MustApply(t, policyYAML("greedy", "enforcement: Deny", "rules:", "- {name: many, replication: {min: 4}}"), "--dry-run=server")
	assert.Contains(t, printed, "greedy/many")
	assert.Contains(t, printed, "prod")
}

// testPolicyDefaults has a policy's defaults written into specs; nobody who applies a file again finds a difference.
func testPolicyDefaults(t *testing.T, e *Env) {
	e.quietly(t, policyYAML("fills", "enforcement: Deny", `match: {topicNames: ["filled-*"]}`, "defaults: {apply: AtAdmission, partitions: 6, config: {retention.ms: 604800000}}", "rules:",
		"- {name: count, partitions: {min: 3}}"))
	e.eventuallyRefused(t, TopicYAML("shop", "filled-probe", prod, "partitions: 1"), "[fills/count]")
	for name, how := range map[string][]string{"client-side": nil, "server-side": {"--server-side"}} {
		t.Run(name, func(t *testing.T) {
			yaml := TopicYAML("shop", "filled-"+name, prod, "config: {compression.type: producer}")
			e.silently(t, yaml, how...)
			made := e.topic(t, "shop", "filled-"+name)
			require.NotNil(t, made.Spec.Partitions)
			assert.EqualValues(t, 6, *made.Spec.Partitions)
			assert.Contains(t, made.Spec.Config, "retention.ms")
			assert.Contains(t, made.Spec.Config, "compression.type")
			e.synced(t, "shop", "filled-"+name, "t-"+name, 6, 3) // policies fill nothing into a topic that exists
			made = e.topic(t, "shop", "filled-"+name)
			e.silently(t, yaml, how...)
			assert.Equal(t, made.ResourceVersion, e.topic(t, "shop", "filled-"+name).ResourceVersion)
		})
	}
}

// silently applies in some way what is to be accepted without any warning.
func (e *Env) silently(t *testing.T, yaml string, how ...string) {
	t.Helper()
	assert.NotContains(t, e.MustApply(t, yaml, how...), "Warning")
}

// testQuotas creates from twenty clients at once what there is room for ten times.
func testQuotas(t *testing.T, e *Env) {
	e.quietly(t, policyYAML("counts", "enforcement: Deny", `match: {topicNames: ["counted-*"]}`, "rules:", "- {name: quota, quota: {partitions: 40}}"))
	e.eventuallyRefused(t, TopicYAML("stock", "counted-probe", prod, "partitions: 40"), "namespace stock would have too many partitions",
		"requested: partitions=40, used: 1, limited: 40", "[counts/quota]")
	var clients sync.WaitGroup
	var made atomic.Int64
	for i := range 20 {
		clients.Go(func() {
			for j := range 4 {
				object := &v1alpha1.KafkaTopic{ObjectMeta: metav1.ObjectMeta{Namespace: "stock", Name: fmt.Sprintf("counted-%d-%d", i, j)}}
				object.Spec = v1alpha1.KafkaTopicSpec{ClusterRef: &v1alpha1.ClusterRef{Name: "prod"}, Partitions: new(int64(3))}
				switch err := e.Client.Create(t.Context(), object); {
				case err == nil:
					made.Add(1)
				case !apierrors.IsInvalid(err):
					assert.NoError(t, err)
				}
			}
		})
	}
	clients.Wait()
	assert.EqualValues(t, 13, made.Load(), "39 partitions beside the one that was there")
}

// testAuditLog reads what the webhook told the API server's audit log of the refusals and exceptions above.
func testAuditLog(t *testing.T, e *governedEnv) {
	const prefix = "kafkatopics.topicgate.io/"
	wait.For(t, Patience, func(context.Context) error {
		file, err := os.Open(e.auditLog)
		if err != nil {
			return err
		}
		defer file.Close() //nolint:errcheck // it was only read
		found := map[string]bool{}
		for lines := bufio.NewReader(file); ; {
			line, err := lines.ReadBytes('\n')
			if err != nil {
				break
			}
			var event struct{ Annotations map[string]string }
			if json.Unmarshal(line, &event) != nil {
				continue
			}
			notes := event.Annotations
			found["policies"] = found["policies"] || notes[prefix+"policies"] == "shared"
			found["violations"] = found["violations"] || strings.Contains(notes[prefix+"violations"], `{"outcome":"Deny","rules":["shared/count"],"field":"spec.partitions"`)
			found["exceptions"] = found["exceptions"] || notes[prefix+"exceptions"] == "leave"
		}
		for _, key := range []string{"policies", "violations", "exceptions"} {
			if !found[key] {
				return fmt.Errorf("%w: no annotation %s%s in %s", errNotYet, prefix, key, e.auditLog)
			}
		}
		return nil
	})
}

func testUnmatched(t *testing.T, e *Env) {
	loose := TopicYAML("shop", "unbound-1", prod, "partitions: 1")
	e.quietly(t, loose)
	for mode, expect := range map[string]func(*testing.T, string, ...string){"warn": e.eventuallyAllowed, "deny": e.eventuallyRefused} {
		e.Webhook.Kill()
		e.StartWebhook(t, "--unmatched="+mode)
		expect(t, strings.Replace(loose, "unbound-1", "unbound-2", 1), "no TopicPolicy matches the topic")
	}
	e.Webhook.Kill()
	e.StartWebhook(t)
}

// testPoliciesHoldNoNamespace deletes a namespace whose topics break the policy.
func testPoliciesHoldNoNamespace(t *testing.T, e *Env) {
	require.NoError(t, e.Plane.StartControllerManager(t.Context()))
	_, stderr, code := e.Kubectl(t, "delete", "namespace", "stock", "--wait=false")
	require.Zero(t, code, stderr)
	wait.For(t, Patience, func(ctx context.Context) error {
		err := e.Client.Get(ctx, client.ObjectKey{Name: "stock"}, &corev1.Namespace{})
		if err == nil {
			return fmt.Errorf("%w: it is still there", errNotYet)
		}
		return client.IgnoreNotFound(err)
	})
}
