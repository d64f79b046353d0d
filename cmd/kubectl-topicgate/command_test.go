package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/cli"
)

// execute runs the command line and returns what it prints.
func execute(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	command := newCommand()
	command.SetArgs(args)
	command.SetOut(&out)
	command.SetErr(&out)
	err := command.ExecuteContext(t.Context())
	return out.String(), err
}

func TestAFlagThatCannotBeIsRefusedByNameValueAndWhatIsAllowed(t *testing.T) {
	cases := map[string]struct{ flag, says string }{
		"a version that is none":      {"--kafka-version=latest", "bad flag: --kafka-version=latest: want a version such as 4.4"},
		"a name that no object has":   {"--name=A_b", "bad flag: --name=A_b: want the name of an object"},
		"an action that is not known": {"--action=deny", "bad flag: --action=deny: want one of Deny, Warn, Audit"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			output, err := execute(t, "render", "vap", c.flag)
			require.ErrorIs(t, err, cli.ErrBadFlag)
			require.EqualError(t, err, c.says)
			assert.Empty(t, output, "main prints the error, and nothing is applied")
		})
	}
}

func TestAllBadFlagsAreToldAtOnce(t *testing.T) {
	_, err := execute(t, "render", "vap", "--kafka-version=", "--name=", "--action=")
	for _, flag := range []string{"--kafka-version", "--name", "--action"} {
		require.ErrorContains(t, err, flag)
	}
}

func TestWhatIsPrintedFollowsTheFlags(t *testing.T) {
	output, err := execute(t, "render", "vap")
	require.NoError(t, err)
	assert.Contains(t, output, "for Kafka 4.4;")
	assert.Contains(t, output, "  policyName: topicgate-static\n  validationActions:\n  - Deny\n")
	again, err := execute(t, "render", "vap")
	require.NoError(t, err)
	assert.Equal(t, output, again, "it can be kept under version control")

	output, err = execute(t, "render", "vap", "--kafka-version=3.9.1", "--name=mine", "--action=Warn")
	require.NoError(t, err)
	assert.Contains(t, output, "for Kafka 3.9;")
	assert.Contains(t, output, "  policyName: mine\n  validationActions:\n  - Warn\n")
	assert.NotContains(t, output, "topicgate-static")
}

func TestHelpAndCompletionTellEveryFlag(t *testing.T) {
	help, err := execute(t, "render", "vap", "--help")
	require.NoError(t, err)
	for _, text := range []string{"--kafka-version version", "--name name", "--action action", "Examples:", "second apply"} {
		assert.Contains(t, help, text)
	}
	completions, err := execute(t, "__complete", "render", "vap", "--action", "")
	require.NoError(t, err)
	assert.Contains(t, completions, "Deny\nWarn\nAudit\n")
	script, err := execute(t, "completion", "bash")
	require.NoError(t, err)
	assert.Contains(t, script, "bash completion")
}

func TestWhatIsNoCommandIsRefused(t *testing.T) {
	for _, args := range [][]string{{"rendr"}, {"render", "vap", "now"}, {"render", "wap"}} {
		_, err := execute(t, args...)
		assert.Error(t, err, args)
	}
}
