package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/kube/process"
	"github.com/topicgate/topicgate/test/wait"
)

// patience is for a whole start and tour, some 15 s on an idle machine.
const patience = 5 * time.Minute

var (
	errNotYet  = errors.New("not yet")
	errRemains = errors.New("still running")
)

// programsDir holds what programs builds; TestMain makes and removes it.
var programsDir string

// programs builds the demo and what it shows once, beside those of the user's own demo, which may be running.
var programs = sync.OnceValues(func() (string, error) {
	root, err := kube.RepositoryRoot()
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-o", programsDir+"/", "./cmd/...", "./test/demo")
	build.Dir = root
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building: %w: %s", err, output)
	}
	return programsDir, nil
})

func TestMain(m *testing.M) {
	os.Exit(withPrograms(m.Run))
}

func withPrograms(run func() int) int {
	var err error
	if programsDir, err = os.MkdirTemp("", "topicgate-demo-programs-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(programsDir) //nolint:errcheck // programs of a test
	return run()
}

// played is a demo that was started in a directory of its own.
type played struct {
	t       *testing.T
	root    string
	dir     string
	program string
	args    []string
	log     string
	*process.Process
}

func prepare(t *testing.T, args ...string) *played {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED, not tested: -short leaves out what needs a control plane")
	}
	root, err := kube.RepositoryRoot()
	require.NoError(t, err)
	if _, err := os.Stat(filepath.Join(root, "bin", "controlplane", "kubectl")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED, not tested: there is no control plane, run `make controlplane`")
	}
	built, err := programs()
	require.NoError(t, err)
	d := &played{t: t, root: root, dir: filepath.Join(t.TempDir(), "demo dir"), program: filepath.Join(built, "demo")}
	d.args = append([]string{"--dir=" + d.dir, "--programs=" + built}, args...)
	return d
}

// start starts the demo, under a parent of the given kind where there is one.
func (d *played) start(parent ...string) {
	d.t.Helper()
	d.log = filepath.Join(d.t.TempDir(), "transcript")
	command := append(append(parent, d.program), d.args...)
	var err error
	d.Process, err = process.Start(context.WithoutCancel(d.t.Context()), process.Command{
		Path: command[0], Args: command[1:], Dir: d.root, LogFile: d.log, Grace: time.Minute,
	})
	require.NoError(d.t, err)
	d.t.Cleanup(func() {
		d.Stop()
		if d.t.Failed() {
			d.t.Logf("the transcript:\n%s", d.transcript())
		}
	})
}

func (d *played) transcript() string {
	content, err := os.ReadFile(d.log)
	require.NoError(d.t, err)
	return string(content)
}

func (d *played) envFile() string { return filepath.Join(d.dir, "env") }

// ready waits for the env file, which is the last thing to come.
func (d *played) ready() {
	d.t.Helper()
	wait.For(d.t, patience, func(context.Context) error {
		if d.Err() != nil {
			d.t.Fatalf("the demo has ended: %v", d.Err())
		}
		_, err := os.Stat(d.envFile())
		return err
	})
}

func (d *played) ended() {
	d.t.Helper()
	select {
	case <-d.Exited():
	case <-time.After(patience):
		d.t.Fatal("the demo still runs")
	}
}

// processes are the command lines of all that were told of the demo's directory.
func (d *played) processes() (running []string) {
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(d.t, err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if line := string(bytes.ReplaceAll(content, []byte{0}, []byte(" "))); err == nil && strings.Contains(line, d.dir) {
			running = append(running, line)
		}
	}
	return running
}

// nothingLeft waits until the kernel has ended what a killed demo could not.
func (d *played) nothingLeft() {
	d.t.Helper()
	if runtime.GOOS != "linux" {
		d.t.Log("NOT TESTED here, for want of /proc: that nothing is left running")
		return
	}
	wait.For(d.t, 30*time.Second, func(context.Context) error {
		if left := d.processes(); len(left) > 0 {
			return fmt.Errorf("%w: %q", errRemains, left)
		}
		return nil
	})
}

// sourced runs a script in a shell that has sourced the env file, as a user does.
func (d *played) sourced(script string) (output string, err error) {
	cmd := exec.CommandContext(d.t.Context(), "bash", "-c", `source "$0" && eval "$1"`, d.envFile(), script)
	cmd.Dir, cmd.Env = d.root, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + d.t.TempDir()}
	content, err := cmd.CombinedOutput()
	return string(content), err
}

func (d *played) requireTour(kafka string) {
	d.t.Helper()
	for _, line := range []string{
		"✓ Kafka ready: " + kafka,
		"✓ kube-apiserver and etcd ready (", "✓ webhook ready (", "✓ syncer ready (",
		"kafkatopic.topicgate.io/orders condition met",
		"* spec.topicName: ", "* spec.partitions: ", "* spec.replicas: ", "* spec.config[retention.ms]: ",
		"ordres\tOrphan\t",
		"auto.create.topics.enable is true on broker ",
		"✓ The tour is over: everything was as it should be.",
	} {
		require.Contains(d.t, d.transcript(), line)
	}
}

// makefile starts what is behind it as the real one does.
func makefile(t *testing.T) []string {
	t.Helper()
	path, err := exec.LookPath("make")
	if err != nil {
		t.Skip("SKIPPED, not tested: there is no make")
	}
	file := filepath.Join(t.TempDir(), "Makefile")
	require.NoError(t, os.WriteFile(file, []byte("demo:\n\t@exec $(COMMAND)\n"), 0o600))
	return []string{path, "-f", file, "demo"}
}
