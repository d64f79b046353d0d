package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/cli"
)

// execute runs the command line and returns the options that it would have run with.
func execute(t *testing.T, args ...string) (ran *options, output string, err error) {
	t.Helper()
	var out bytes.Buffer
	command := newCommand(func(_ context.Context, o options, _ io.Writer) error {
		ran = &o
		return nil
	})
	command.SetArgs(args)
	command.SetOut(&out)
	command.SetErr(&out)
	err = command.ExecuteContext(t.Context())
	return ran, out.String(), err
}

func TestAWrongFlagIsRefusedByNameValueAndWhatIsAllowed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	good := "--cert-dir=" + t.TempDir()
	for want, args := range map[string][]string{
		"bad flag: --cert-dir=: want a directory with tls.crt and tls.key":                                             {},
		"bad flag: --cert-dir=" + file + ": want a directory with tls.crt and tls.key":                                 {"--cert-dir=" + file},
		"bad flag: --kubeconfig=/nowhere: want a file that can be read":                                                {good, "--kubeconfig=/nowhere"},
		"bad flag: --port=0: want a port, 1 to 65535":                                                                  {good, "--port=0"},
		"bad flag: --port=65536: want a port, 1 to 65535":                                                              {good, "--port=65536"},
		"bad flag: --metrics-bind-address=x: want an address such as :8080 or 127.0.0.1:8080, or 0 for none":           {good, "--metrics-bind-address=x"},
		"bad flag: --health-probe-bind-address=:99999: want an address such as :8080 or 127.0.0.1:8080, or 0 for none": {good, "--health-probe-bind-address=:99999"},
		"bad flag: --shutdown-delay=-1s: want 0s to 10m":                                                               {good, "--shutdown-delay=-1s"},
		"bad flag: --shutdown-delay=11m0s: want 0s to 10m":                                                             {good, "--shutdown-delay=11m"},
		"bad flag: --facts-max-age=1s: want 10s or more":                                                               {good, "--facts-max-age=1s"},
		"bad flag: --max-in-flight=0: want 1 or more":                                                                  {good, "--max-in-flight=0"},
		"bad flag: --syncer-lease=topicgate-syncer: want namespace/name, or nothing":                                   {good, "--syncer-lease=topicgate-syncer"},
		"bad flag: --unmatched=forbid: want allow, warn or deny":                                                       {good, "--unmatched=forbid"},
		"bad flag: --log-level=chatty: want debug, info, warn or error":                                                {good, "--log-level=chatty"},
		"unknown flag: --prot": {good, "--prot=9443"},
		`invalid argument "5" for "--shutdown-delay" flag: time: missing unit in duration "5"`: {good, "--shutdown-delay=5"},
		`unknown command "serve" for "webhook"`:                                                {"serve"},
	} {
		t.Run(want, func(t *testing.T) {
			ran, output, err := execute(t, args...)
			require.EqualError(t, err, want)
			assert.Nil(t, ran)
			assert.Empty(t, output, "main prints the error, and nothing buries it")
		})
	}
}

func TestTheShippedArgumentsAreTaken(t *testing.T) {
	content, err := os.ReadFile("../../manifests/webhook/deployment.yaml")
	require.NoError(t, err)
	var deployment appsv1.Deployment
	require.NoError(t, yaml.UnmarshalStrict(content, &deployment))
	pod := deployment.Spec.Template.Spec
	ran, _, err := execute(t, append(pod.Containers[0].Args, "--cert-dir="+t.TempDir())...)
	require.NoError(t, err)
	assert.EqualValues(t, pod.Containers[0].Ports[0].ContainerPort, ran.port)
	assert.Equal(t, ":8080", ran.metrics)
	assert.Equal(t, ":8081", ran.probes)
	assert.Greater(t, time.Duration(*pod.TerminationGracePeriodSeconds)*time.Second, ran.shutdownDelay+30*time.Second,
		"nobody is killed while leaving: the delay, and what controller-runtime gives the last answers")
	assert.Equal(t, "topicgate-syncer", ran.lease().Namespace)
	assert.Equal(t, "topicgate-syncer", ran.lease().Name)
	assert.Zero(t, deployment.Spec.Strategy.RollingUpdate.MaxUnavailable.IntValue(), "nobody leaves before another one is there")
	assert.Positive(t, deployment.Spec.MinReadySeconds)
	readiness := pod.Containers[0].ReadinessProbe
	assert.Greater(t, time.Duration(readiness.TimeoutSeconds)*time.Second, handshakePatience, "the probe outlasts the handshake within it")
	assert.Greater(t, ran.shutdownDelay, time.Duration(readiness.PeriodSeconds)*time.Second, "a probe finds out before the port closes")
}

func TestHelpTellsEveryFlag(t *testing.T) {
	_, help, err := execute(t, "--help")
	require.NoError(t, err)
	command := newCommand(nil)
	command.Flags().VisitAll(func(flag *pflag.Flag) {
		assert.Contains(t, help, "--"+flag.Name)
		assert.Greater(t, len(flag.Usage), 20, flag.Name)
	})
	_, script, err := execute(t, "completion", "bash")
	require.NoError(t, err)
	assert.Contains(t, script, "bash completion")
}

func TestNoLeaseIsToBeLookedAt(t *testing.T) {
	ran, _, err := execute(t, "--cert-dir="+t.TempDir(), "--syncer-lease=")
	require.NoError(t, err)
	assert.Empty(t, ran.lease())
}

func TestAMissingCertificateIsSaid(t *testing.T) {
	o := defaults()
	o.certDir = t.TempDir()
	err := run(t.Context(), o, io.Discard)
	require.ErrorContains(t, err, "reading the certificate in --cert-dir: open "+o.certDir)
	require.NotErrorIs(t, err, cli.ErrBadFlag)
}
