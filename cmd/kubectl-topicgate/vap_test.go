package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPoliciesAreRenderedBehindTheRulesThatAreBuiltIn(t *testing.T) {
	output, err := execute(t, "render", "vap", "--policies", "testdata/policies")
	require.NoError(t, err)
	builtIn, policies, found := strings.Cut(output, "# The static rules of TopicPolicies.")
	require.True(t, found)
	assert.Contains(t, builtIn, "name: topicgate-static")
	assert.Contains(t, policies, "topicgate.io/rendered-from: TopicPolicy")
	assert.Contains(t, policies, "name: topicgate-policy-")
}

func TestAPolicyThatDoesNotCompileIsNotRendered(t *testing.T) {
	output, err := execute(t, "render", "vap", "--policies", "testdata/bad/policy.yaml")
	require.Error(t, err)
	assert.NotContains(t, output, "ValidatingAdmissionPolicy", "nothing is applied")
	_, err = execute(t, "render", "vap", "--policies", filepath.Join(t.TempDir(), "nowhere"))
	require.Error(t, err)
}

func TestADirectoryWithoutPoliciesRendersNone(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "none.yaml"), []byte("kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n"), 0o600))
	output, err := execute(t, "render", "vap", "--policies", dir)
	require.NoError(t, err)
	assert.NotContains(t, output, "topicgate-policy-")
}
