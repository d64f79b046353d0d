package main

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/cli"
)

// parse runs the command line up to the point where the syncer would start.
func parse(t *testing.T, args ...string) (started options, err error) {
	t.Helper()
	command := newCommand(func(_ context.Context, o options) error {
		started = o
		return nil
	})
	command.SetArgs(args)
	command.SetOut(io.Discard)
	err = command.ExecuteContext(t.Context())
	return started, err
}

func TestAFlagThatCannotBeIsRefusedByNameValueAndWhatIsAllowed(t *testing.T) {
	t.Setenv("POD_NAMESPACE", "topicgate-syncer")
	cases := map[string]struct {
		args []string
		says string
	}{
		"a linger that a single edit would feel": {[]string{"--linger=3s"}, "--linger=3s: want 0s to 200ms"},
		"a negative linger":                      {[]string{"--linger=-1s"}, "--linger=-1s"},
		"a metrics address without a port":       {[]string{"--metrics-bind-address=localhost"}, "--metrics-bind-address=localhost"},
		"a probe port beyond TCP's":              {[]string{"--health-probe-bind-address=:70000"}, "--health-probe-bind-address=:70000"},
		"no namespace for Secrets":               {[]string{"--secrets-namespace="}, "--secrets-namespace="},
		"a namespace that none can have":         {[]string{"--leader-election-namespace=A_b"}, "--leader-election-namespace=A_b"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := parse(t, c.args...)
			require.ErrorIs(t, err, cli.ErrBadFlag)
			assert.ErrorContains(t, err, c.says)
		})
	}
}

func TestAllBadFlagsAreToldAtOnce(t *testing.T) {
	t.Setenv("POD_NAMESPACE", "")
	_, err := parse(t, "--linger=1h")
	require.Error(t, err)
	for _, flag := range []string{"--leader-election-namespace", "--secrets-namespace", "--linger"} {
		assert.ErrorContains(t, err, flag)
	}
}

func TestWithinAPodTheNamespacesAreItsOwn(t *testing.T) {
	t.Setenv("POD_NAMESPACE", "topicgate-syncer")
	o, err := parse(t)
	require.NoError(t, err)
	assert.Equal(t, "topicgate-syncer", o.secretsNamespace)
	assert.Equal(t, "topicgate-syncer", o.leaseNamespace)
	assert.True(t, o.leaderElect)
	assert.Equal(t, 100*time.Millisecond, o.linger)
}

func TestWhatIsNoFlagIsRefused(t *testing.T) {
	_, err := parse(t, "now")
	assert.Error(t, err)
}
