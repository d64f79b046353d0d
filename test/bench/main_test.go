package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/test/kube"
)

// asProgram has the test's binary be the program, and the children that the program starts.
const asProgram = "TOPICGATE_BENCH_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// The whole program, at a size that measures nothing: what is never run is broken by the time it is needed.
func TestTheBenchmarkRunsAndFillsTheDocument(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED, not tested: -short leaves out what needs a control plane")
	}
	kube.ForTest(t).Stop() // skips, or fails in CI, where the control plane is missing
	program, err := os.Executable()
	require.NoError(t, err)
	document := filepath.Join(t.TempDir(), "benchmarks.md")
	require.NoError(t, os.WriteFile(document, []byte("before\n"+beginMarker+"old\n"+endMarker+"after\n"), 0o600))

	var tables, progress bytes.Buffer
	policy := filepath.Join(t.TempDir(), "policy.yaml")
	require.NoError(t, os.WriteFile(policy, []byte(examplePolicy), 0o600))
	run := exec.CommandContext(t.Context(), program, "-quick", "-write", "-file", document, "-dir", t.TempDir(), "-policy", policy)
	run.Env = append(os.Environ(), asProgram+"=yes")
	run.Stdout, run.Stderr = &tables, &progress
	require.NoError(t, run.Run(), progress.String())

	for _, part := range []string{
		"allocations per review: create, allowed", "CreateTopics requests", "idle resync", "memory (RSS)",
		"our webhook: latency p99", "a ValidatingAdmissionPolicy: creates a second",
		"handler's p99 for a review", "CPU time of etcd", "memory (RSS) of the webhook after", "from the first apply to the last Ready",
	} {
		assert.Contains(t, tables.String(), part)
	}
	written, err := os.ReadFile(document)
	require.NoError(t, err)
	assert.Equal(t, "before\n"+beginMarker+"\n"+tables.String()+"\n"+endMarker+"after\n", string(written))
}

// examplePolicy stands for any policy about KafkaTopics.
const examplePolicy = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: example}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules: [{apiGroups: [topicgate.io], apiVersions: ["*"], operations: [CREATE, UPDATE], resources: [kafkatopics]}]
  validations: [{expression: "!has(object.spec.partitions) || object.spec.partitions > 0", message: no partitions}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: example}
spec: {policyName: example, validationActions: [Deny]}
`

func TestADocumentWithoutMarkersIsLeftAlone(t *testing.T) {
	document := filepath.Join(t.TempDir(), "benchmarks.md")
	require.NoError(t, os.WriteFile(document, []byte("by hand\n"), 0o600))
	require.ErrorIs(t, writeInto(document, "tables"), errNoMarkers)
	content, err := os.ReadFile(document)
	require.NoError(t, err)
	assert.Equal(t, "by hand\n", string(content))
}

func TestNumbersReadWell(t *testing.T) {
	assert.Equal(t, "7", number(7))
	assert.Equal(t, "1,000", number(1000))
	assert.Equal(t, "12,345,678", number(12_345_678))
	assert.Equal(t, "1.50×", ratio(3, 2))
	assert.Equal(t, "–", ratio(3, 0))
	assert.Equal(t, "16.2s", span(16_234_567_890))
	assert.Equal(t, "123µs", span(123_456))
	assert.Equal(t, "999ns", span(999))
}
