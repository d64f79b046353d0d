package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/wait"
)

func TestTheDemoStaysUpAndEndsWithCtrlC(t *testing.T) {
	d := prepare(t)
	d.start()
	d.ready()
	d.requireTour("kfake")

	output, err := d.sourced(`$KUBECTL get tgt -A && printf '%s\n' "$KAFKA_BOOTSTRAP" "$DEMO_CLUSTER" "$DEMO_NAMESPACE"`)
	require.NoError(t, err, output)
	assert.Regexp(t, `(?s)demo-team +orders .* True .*\n127\.0\.0\.1:\d+\ndemo\ndemo-team\n$`, output)

	second, err := exec.CommandContext(t.Context(), d.program, d.args...).CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(second), fmt.Sprintf("a demo runs here already, as process %d", d.PID()))

	d.requireSuggestions()

	require.NoError(t, syscall.Kill(d.PID(), syscall.SIGINT))
	d.ended()
	require.NoError(t, d.Err())
	assert.NoFileExists(t, d.envFile())
	d.nothingLeft()
}

// requireSuggestions runs every command that the demo suggests, as printed; one of them is there to be refused.
func (d *played) requireSuggestions() {
	d.t.Helper()
	_, suggested, found := strings.Cut(d.transcript(), "\nsource '"+d.envFile()+"'\n")
	require.True(d.t, found)
	suggested, _, found = strings.Cut(suggested, "\nCtrl-C")
	require.True(d.t, found)
	_, err := exec.LookPath("curl")
	haveCurl := err == nil
	for line := range strings.Lines(suggested) {
		if strings.HasPrefix(line, "curl ") && !haveCurl {
			continue
		}
		output, err := d.sourced(line)
		if strings.Contains(line, `"partitions":3`) {
			require.Error(d.t, err)
			assert.Contains(d.t, output, "spec.partitions: ")
			continue
		}
		require.NoError(d.t, err, line+output)
	}
}

func TestAKilledDemoLeavesNothingRunningAndDoesNotStandInTheWayOfTheNext(t *testing.T) {
	kafka, arguments := "Apache Kafka "+kafkatest.DefaultVersion, []string{"--kafka=apache"}
	if !haveKafka(t) {
		kafka, arguments = "kfake", nil
	}
	d := prepare(t, arguments...)
	d.start()
	d.ready()
	d.requireTour(kafka)
	if runtime.GOOS == "linux" {
		running := strings.Join(d.processes(), "\n")
		for _, program := range []string{"/etcd ", "/kube-apiserver ", "/kube-controller-manager ", "/webhook ", "/syncer "} {
			require.Contains(t, running, program, "what is looked for can be seen")
		}
	}
	d.Kill()
	d.nothingLeft()

	d.args = append(d.args, "--tour-only")
	d.start()
	d.ended()
	require.NoError(t, d.Err())
	d.requireTour(kafka)
	assert.NoFileExists(t, d.envFile(), "that of the killed demo is gone")
	d.nothingLeft()
}

// haveKafka tells whether a real Kafka can run here; in CI it must.
func haveKafka(t *testing.T) bool {
	t.Helper()
	if testing.Short() {
		return false
	}
	root, err := kube.RepositoryRoot()
	require.NoError(t, err)
	_, err = os.Stat(filepath.Join(root, "bin", "kafka", kafkatest.DefaultVersion, ".complete"))
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	if err != nil {
		t.Log("NOT TESTED with a real Kafka: ", err)
	}
	return err == nil
}

// Ctrl-C reaches make and demo alike; a signal of make's own does not, and neither does its death.
func TestTheDemoEndsWithTheMakeThatStartedIt(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED, not tested: only Linux tells what becomes of a parent")
	}
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGKILL} {
		t.Run(signal.String(), func(t *testing.T) {
			d := prepare(t)
			words := append([]string{d.program}, d.args...)
			for i, word := range words {
				words[i] = "'" + word + "'"
			}
			d.program, d.args = "COMMAND="+strings.Join(words, " "), nil
			d.start(makefile(t)...)
			// Early, in the midst of starting: what was begun must end, too.
			wait.For(t, patience, func(context.Context) error {
				if !strings.Contains(d.transcript(), "kube-apiserver and etcd ready") {
					return errNotYet
				}
				return nil
			})
			require.NoError(t, syscall.Kill(d.PID(), signal))
			d.ended()
			d.nothingLeft()
			assert.NoFileExists(t, d.envFile())
		})
	}
}

func TestAnUnknownKafkaIsRefused(t *testing.T) {
	cases := map[string]struct {
		args []string
		want string
	}{
		"a Kafka that is none":             {[]string{"--kafka=redpanda"}, "KAFKA=redpanda: want kfake (the default, embedded) or apache"},
		"a release of what has no release": {[]string{"--kafka-version=4.3.1"}, "KAFKA_VERSION=4.3.1 needs KAFKA=apache"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			command := newCommand()
			command.SetArgs(append(c.args, "--dir="+t.TempDir()))
			require.ErrorContains(t, command.ExecuteContext(t.Context()), c.want)
			root, err := kube.RepositoryRoot()
			require.NoError(t, err)
			preflight := exec.CommandContext(t.Context(), "bash", "test/demo/preflight.sh",
				value(c.args, "--kafka="), value(c.args, "--kafka-version="), kafkatest.DefaultVersion)
			preflight.Dir = root
			output, err := preflight.CombinedOutput()
			require.Error(t, err)
			assert.Contains(t, string(output), c.want, "make says the same, before it builds anything")
		})
	}
}

func value(args []string, flag string) string {
	for _, arg := range args {
		if value, found := strings.CutPrefix(arg, flag); found {
			return value
		}
	}
	return ""
}
