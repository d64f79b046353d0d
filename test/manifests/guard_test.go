package manifests_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/topicgate/topicgate/pkg/foreign"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

var errNotGuarded = errors.New("the policies are not at work yet")

// guarded are the policies and bindings of a kustomization that opts in.
func guarded(t *testing.T, dir string) []*unstructured.Unstructured {
	t.Helper()
	objects := slices.DeleteFunc(render(t, dir), func(object *unstructured.Unstructured) bool {
		return !strings.HasPrefix(object.GetKind(), "ValidatingAdmissionPolicy")
	})
	require.Len(t, objects, 8)
	return objects
}

func strimzi(name, config string) string {
	return fmt.Sprintf("{apiVersion: kafka.strimzi.io/v1, kind: Kafka, metadata: {name: %s, namespace: default}, spec: {kafka: {config: %s}}}", name, config)
}

func koperator(name, spec string) string {
	return fmt.Sprintf("{apiVersion: kafka.banzaicloud.io/v1beta1, kind: KafkaCluster, metadata: {name: %s, namespace: default}, spec: %s}", name, spec)
}

// guardCase applies one object after another; what the last one is answered counts.
type guardCase struct {
	before, now string
	// denied and warned are parts of what kubectl says; empty for neither.
	denied, warned string
}

const on = `auto.create.topics.enable: "true"`

func strimziCases() map[string]guardCase {
	return map[string]guardCase{
		"new and on": {
			now:    strimzi("a", `{auto.create.topics.enable: "true"}`),
			denied: `ValidatingAdmissionPolicy 'topicgate-auto-creation-strimzi' with binding 'topicgate-auto-creation-strimzi' denied request: spec.kafka.config["auto.create.topics.enable"] is true: brokers create any topic that a client asks for. Write auto.create.topics.enable: "false" into spec.kafka.config`,
		},
		"new and on, without quotes":    {now: strimzi("b", `{auto.create.topics.enable: true}`), denied: "is true: brokers create"},
		"new and absent":                {now: strimzi("c", `{num.partitions: 3}`), denied: "is absent, and Kafka's default is true"},
		"new without any config":        {now: `{apiVersion: kafka.strimzi.io/v1, kind: Kafka, metadata: {name: d, namespace: default}, spec: {kafka: {}}}`, denied: "is absent"},
		"new in the older version":      {now: strings.Replace(strimzi("e", `{}`), "/v1", "/v1beta2", 1), denied: "is absent"},
		"new and neither":               {now: strimzi("f", `{auto.create.topics.enable: 3}`), denied: "is neither true nor false"},
		"new and off":                   {now: strimzi("g", `{auto.create.topics.enable: "false"}`)},
		"new and off, without quotes":   {now: strimzi("h", `{auto.create.topics.enable: false}`)},
		"new and off, in large letters": {now: strimzi("i", `{auto.create.topics.enable: "FALSE"}`)},
		"switched on":                   {before: strimzi("g", `{auto.create.topics.enable: "false"}`), now: strimzi("g", `{`+on+`}`), denied: "is true"},
		"taken out":                     {before: strimzi("g", `{auto.create.topics.enable: "false"}`), now: strimzi("g", `{num.partitions: 3}`), denied: "is absent"},
		"off, and something else":       {before: strimzi("g", `{auto.create.topics.enable: "false"}`), now: strimzi("g", `{auto.create.topics.enable: "false", num.partitions: 3}`)},
		"left on": {
			before: strimzi("old", `{`+on+`}`), now: strimzi("old", `{`+on+`, num.partitions: 4}`),
			warned: `Warning: Validation failed for ValidatingAdmissionPolicy 'topicgate-auto-creation-strimzi-left-on' with binding 'topicgate-auto-creation-strimzi-left-on': spec.kafka.config["auto.create.topics.enable"] is true`,
		},
		"left on, and only labelled": {before: strimzi("old", `{`+on+`}`), now: strings.Replace(strimzi("old", `{`+on+`}`), "namespace: default", "namespace: default, labels: {a: b}", 1)},
		"switched off":               {before: strimzi("old", `{`+on+`}`), now: strimzi("old", `{auto.create.topics.enable: "false"}`)},
	}
}

func koperatorCases() map[string]guardCase {
	const off = `"auto.create.topics.enable=false"`
	return map[string]guardCase{
		"new and on": {
			now:    koperator("a", `{brokers: [{id: 0}], readOnlyConfig: "auto.create.topics.enable=true"}`),
			denied: "ValidatingAdmissionPolicy 'topicgate-auto-creation-koperator' with binding 'topicgate-auto-creation-koperator' denied request: spec.readOnlyConfig does not switch auto.create.topics.enable off: brokers create any topic that a client asks for. Write auto.create.topics.enable=false there",
		},
		"new and absent": {now: koperator("b", `{brokers: []}`), denied: "spec.readOnlyConfig does not set auto.create.topics.enable, and Kafka's default is true"},
		"new, and on for one broker": {
			now:    koperator("c", `{brokers: [{id: 0}, {id: 7, readOnlyConfig: "auto.create.topics.enable=true"}], readOnlyConfig: `+off+`}`),
			denied: "spec.brokers[].readOnlyConfig of broker 7 does not switch auto.create.topics.enable off",
		},
		"new, and on for the last of many brokers": {now: koperator("many", manyBrokers("true")), denied: "of broker 99 "},
		"new, and off for many brokers":            {now: koperator("many", manyBrokers("false"))},
		"new and off":                              {now: koperator("d", `{brokers: [{id: 0}], readOnlyConfig: `+off+`}`)},
		"new and off without brokers":              {now: koperator("e", `{brokers: [], readOnlyConfig: `+off+`}`)},
		"new and off by each broker alone":         {now: koperator("f", `{brokers: [{id: 0, readOnlyConfig: `+off+`}]}`)},
		"new and off by one of two brokers":        {now: koperator("g", `{brokers: [{id: 0, readOnlyConfig: `+off+`}, {id: 1}]}`), denied: "does not set"},
		"switched on for a broker":                 {before: koperator("d", `{brokers: [{id: 0}], readOnlyConfig: `+off+`}`), now: koperator("d", `{brokers: [{id: 0, readOnlyConfig: "auto.create.topics.enable: true"}], readOnlyConfig: `+off+`}`), denied: "of broker 0"},
		"taken out":                                {before: koperator("d", `{brokers: [{id: 0}], readOnlyConfig: `+off+`}`), now: koperator("d", `{brokers: [{id: 0}], readOnlyConfig: "a=b"}`), denied: "does not set"},
		"off, and something else":                  {before: koperator("d", `{brokers: [{id: 0}], readOnlyConfig: `+off+`}`), now: koperator("d", `{brokers: [{id: 0}, {id: 1}], readOnlyConfig: "a=b\nauto.create.topics.enable=false"}`)},
		"left on":                                  {before: koperator("old", `{brokers: [{id: 0}]}`), now: koperator("old", `{brokers: [{id: 0}, {id: 1}]}`), warned: "Warning: Validation failed for ValidatingAdmissionPolicy 'topicgate-auto-creation-koperator-left-on'"},
		"left on, with the same text":              {before: koperator("old", `{brokers: [{id: 0}]}`), now: koperator("old", `{brokers: [{id: 0}]}`)},
		"left on by a broker, and off for the all": {before: koperator("old", `{brokers: [{id: 0, readOnlyConfig: "auto.create.topics.enable=true"}]}`), now: koperator("old", `{brokers: [{id: 0, readOnlyConfig: "auto.create.topics.enable=true"}], readOnlyConfig: `+off+`}`), warned: "of broker 0"},
		"switched off":                             {before: koperator("old", `{brokers: [{id: 0}]}`), now: koperator("old", `{brokers: [{id: 0}], readOnlyConfig: `+off+`}`)},
	}
}

// manyBrokers is about as much as one KafkaCluster may hold: what a policy may cost has a limit, and beyond it the guard is off.
func manyBrokers(last string) string {
	all := strings.Repeat("some.setting.of.a.broker=12345678\\n", 100) + "auto.create.topics.enable=false\\n"
	own := strings.Repeat("another.setting.of.a.broker=12345678\\n", 10)
	var brokers []string
	for id := range 100 {
		value := "false"
		if id == 99 {
			value = last
		}
		brokers = append(brokers, fmt.Sprintf(`{id: %d, readOnlyConfig: "%sauto.create.topics.enable=%s"}`, id, own, value))
	}
	return fmt.Sprintf(`{brokers: [%s], readOnlyConfig: "%s"}`, strings.Join(brokers, ", "), all)
}

// TestNobodySwitchesAutoCreationOn installs the policies before the kinds that they are about, as a user may, and asks the API
// server through kubectl.
func TestNobodySwitchesAutoCreationOn(t *testing.T) {
	c := kube.ForTest(t)
	require.NoError(t, c.StartControllerManager(t.Context(), "validatingadmissionpolicy-status-controller"))
	objects := guarded(t, "test/manifests/testdata/auto-creation-guard")
	_, stderr, code := c.Kubectl(t.Context(), asList(t, objects), "apply", "-f", "-")
	require.Zero(t, code, stderr)
	require.Empty(t, stderr)
	require.NoError(t, manifests.Apply(t.Context(), c.Config(), render(t, manifests.ForeignCRDs)))
	for _, probe := range []string{strimzi("probe", "{}"), koperator("probe", "{brokers: []}")} {
		wait.For(t, patience, func(ctx context.Context) error {
			if _, stderr, code := c.Kubectl(ctx, probe, "apply", "--dry-run=server", "-f", "-"); code == 0 || !strings.Contains(stderr, "denied request") {
				return fmt.Errorf("%w: %d %s", errNotGuarded, code, stderr)
			}
			return nil
		})
	}
	for product, cases := range map[string]map[string]guardCase{"strimzi": strimziCases(), "koperator": koperatorCases()} {
		for name, guard := range cases {
			t.Run(product+" "+name, func(t *testing.T) { testGuard(t, c, guard) })
		}
	}
	t.Run("statuses, metadata and deletions pass, and an object on its way out", func(t *testing.T) { testPassed(t, c) })
	t.Run("properties are read as the syncer reads them", func(t *testing.T) { testGuardReadsAsWe(t, c) })
	t.Run("types", func(t *testing.T) { testGuardTypes(t, c, objects) })
	t.Run("one line has them warn only", func(t *testing.T) {
		_, stderr, code := c.Kubectl(t.Context(), asList(t, guarded(t, "test/manifests/testdata/auto-creation-guard-warns")), "apply", "-f", "-")
		require.Zero(t, code, stderr)
		wait.For(t, patience, func(ctx context.Context) error {
			_, stderr, code := c.Kubectl(ctx, strimzi("warned", "{}"), "apply", "--dry-run=server", "-f", "-")
			if code != 0 || !strings.Contains(stderr, "Warning: Validation failed for ValidatingAdmissionPolicy 'topicgate-auto-creation-strimzi'") {
				return fmt.Errorf("%w: %d %s", errNotGuarded, code, stderr)
			}
			return nil
		})
	})
}

func asList(t *testing.T, objects []*unstructured.Unstructured) string {
	t.Helper()
	list := unstructured.UnstructuredList{Object: map[string]any{"apiVersion": "v1", "kind": "List"}}
	for _, object := range objects {
		list.Items = append(list.Items, *object)
	}
	encoded, err := list.MarshalJSON()
	require.NoError(t, err)
	return string(encoded)
}

// testGuard asks what kubectl is told about a change.
func testGuard(t *testing.T, c *kube.ControlPlane, guard guardCase) {
	if guard.before != "" {
		stored(t, c, guard.before)
	}
	_, stderr, code := c.Kubectl(t.Context(), guard.now, "apply", "--dry-run=server", "-f", "-")
	if guard.denied != "" {
		assert.NotZero(t, code)
		assert.Contains(t, stderr, guard.denied)
		return
	}
	assert.Zero(t, code, stderr)
	if guard.warned == "" {
		assert.NotContains(t, stderr, "auto")
		return
	}
	assert.Contains(t, stderr, guard.warned)
}

// stored has an object stored that was there before the guard, which is taken out of force meanwhile.
func stored(t *testing.T, c *kube.ControlPlane, manifest string) {
	t.Helper()
	objects, err := manifests.Decode([]byte(manifest))
	require.NoError(t, err)
	object := objects[0]
	resource := strings.ToLower(object.GetKind()) + "s." + object.GroupVersionKind().Group
	_, stderr, code := c.Kubectl(t.Context(), "", "delete", resource, object.GetName(), "-n", "default", "--ignore-not-found")
	require.Zero(t, code, stderr)
	exempt(t, c, true)
	wait.For(t, patience, func(ctx context.Context) error {
		if _, stderr, code := c.Kubectl(ctx, manifest, "apply", "-f", "-"); code != 0 {
			return fmt.Errorf("storing: %s", stderr)
		}
		return nil
	})
	exempt(t, c, false)
}

// exempt takes namespace default out of the bindings' force, or puts it back, and waits until it holds.
func exempt(t *testing.T, c *kube.ControlPlane, out bool) {
	t.Helper()
	patch := `{"spec":{"matchResources":null}}`
	if out {
		patch = `{"spec":{"matchResources":{"namespaceSelector":{"matchExpressions":[{"key":"guarded","operator":"Exists"}]}}}}`
	}
	for _, product := range []string{"strimzi", "koperator"} {
		for _, name := range []string{"topicgate-auto-creation-" + product, "topicgate-auto-creation-" + product + "-left-on"} {
			_, stderr, code := c.Kubectl(t.Context(), "", "patch", "validatingadmissionpolicybinding", name, "--type=merge", "-p", patch)
			require.Zero(t, code, stderr)
		}
	}
	for _, probe := range []string{strimzi("probe", "{}"), koperator("probe", "{brokers: []}")} {
		wait.For(t, patience, func(ctx context.Context) error {
			if _, _, code := c.Kubectl(ctx, probe, "apply", "--dry-run=server", "-f", "-"); (code == 0) != out {
				return errNotGuarded
			}
			return nil
		})
	}
}

func testPassed(t *testing.T, c *kube.ControlPlane) {
	stored(t, c, strimzi("passed", `{`+on+`}`))
	for _, args := range [][]string{
		{"patch", "kafkas.kafka.strimzi.io", "passed", "--subresource=status", "--type=merge", "-p", `{"status":{"clusterId":"a"}}`},
		{"patch", "kafkas.kafka.strimzi.io", "passed", "--type=merge", "-p", `{"metadata":{"finalizers":["example.com/wait"]}}`},
		{"delete", "kafkas.kafka.strimzi.io", "passed", "--wait=false"},
		{"patch", "kafkas.kafka.strimzi.io", "passed", "--type=merge", "-p", `{"spec":{"kafka":{"config":{"num.partitions":5}}}}`},
		{"patch", "kafkas.kafka.strimzi.io", "passed", "--type=merge", "-p", `{"metadata":{"finalizers":null}}`},
	} {
		_, stderr, code := c.Kubectl(t.Context(), "", append(args, "-n", "default")...)
		assert.Zero(t, code, stderr)
		assert.Empty(t, stderr, args)
	}
}

// testGuardReadsAsWe holds the reading of texts in CEL to that of pkg/foreign, which is what the syncer goes by.
func testGuardReadsAsWe(t *testing.T, c *kube.ControlPlane) {
	const key = "auto.create.topics.enable"
	for _, text := range []string{
		"", key, key + "=", key + "=false", key + ":false", key + " false", key + "\tfalse", key + " = false", key + "  :  FALSE ", key + "==false", key + "=falsey",
		"#" + key + "=false", "!" + key + "=false", "# a comment \\\n" + key + "=false", key + "=true\n" + key + "=false", key + "=false\n" + key + "=true",
		key + "=\\\n   false", key + "=fal\\\n se\n", "a=b\\\n" + key + "=false", key + ".not=false", "not." + key + "=false", "a=b\r\n" + key + "=false\r\nc=d",
		"  " + key + "=false", "a=" + key + "=false", key + "=false #", key + "=\\\r\n false", "autoXcreate.topics.enable=false", "\n\n" + key + "=false\n\n",
	} {
		spec, err := json.Marshal(map[string]any{"brokers": []any{}, "readOnlyConfig": text})
		require.NoError(t, err)
		_, stderr, code := c.Kubectl(t.Context(), koperator("read", string(spec)), "apply", "--dry-run=server", "-f", "-")
		off := foreign.KoperatorOff(map[string]any{"spec": map[string]any{"readOnlyConfig": text}}).Spec == nil
		assert.Equal(t, off, code == 0, "%q: %s", text, stderr)
	}
}

// testGuardTypes has the API server check types, now that it knows the kinds.
func testGuardTypes(t *testing.T, c *kube.ControlPlane, objects []*unstructured.Unstructured) {
	client := clientset(t, c.Config())
	for _, object := range objects {
		if object.GetKind() != "ValidatingAdmissionPolicy" {
			continue
		}
		_, stderr, code := c.Kubectl(t.Context(), "", "patch", "validatingadmissionpolicy", object.GetName(), "--type=merge", "-p",
			`{"spec":{"auditAnnotations":[{"key":"touched","valueExpression":"'yes'"}]}}`) // a new generation is checked anew
		require.Zero(t, code, stderr)
		wait.For(t, patience, func(ctx context.Context) error {
			found, err := client.AdmissionregistrationV1().ValidatingAdmissionPolicies().Get(ctx, object.GetName(), metav1.GetOptions{})
			if err != nil {
				return err
			}
			if found.Status.TypeChecking == nil || found.Status.ObservedGeneration != found.Generation {
				return errNotGuarded
			}
			assert.Empty(t, found.Status.TypeChecking.ExpressionWarnings, object.GetName())
			return nil
		})
	}
}
