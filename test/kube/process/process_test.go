package process_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/test/kube/process"
)

// patience is far less than the programs below would run for.
const patience = 30 * time.Second

func start(t *testing.T, ctx context.Context, command process.Command) *process.Process { //nolint:revive // t first, as everywhere
	t.Helper()
	p, err := process.Start(ctx, command)
	require.NoError(t, err)
	t.Cleanup(p.Kill)
	return p
}

func requireExit(t *testing.T, p *process.Process) {
	t.Helper()
	select {
	case <-p.Exited():
	case <-time.After(patience):
		t.Fatal("the process still runs")
	}
}

func TestAProcessEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := start(t, ctx, process.Command{Path: "sleep", Args: []string{"1000"}})
	require.NoError(t, p.Err())
	cancel()
	requireExit(t, p)
	require.Error(t, p.Err())
}

func TestAProcessThatIgnoresSIGTERMIsKilledWhenItsGraceIsOver(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	p := start(t, t.Context(), process.Command{
		Path: "sh", Args: []string{"-c", "trap '' TERM; echo deaf; while :; do sleep 0.1; done"},
		LogFile: log, Grace: 100 * time.Millisecond,
	})
	require.Eventually(t, func() bool {
		content, err := os.ReadFile(log)
		return err == nil && string(content) == "deaf\n"
	}, patience, 10*time.Millisecond)
	p.Stop()
	p.Stop() // again, to no harm
	requireExit(t, p)
}

func TestAProgramThatDoesNotExistIsAnError(t *testing.T) {
	_, err := process.Start(t.Context(), process.Command{Path: "/no/such/program"})
	require.ErrorIs(t, err, os.ErrNotExist)
}

// helperAddress tells the test binary, started again by the tests below, that it is a helper and whom to greet.
const helperAddress = "TOPICGATE_TEST_PROCESS_ADDRESS"

// TestHelperToBeKilled is no test: it starts a child that holds a connection open, and waits to be killed.
func TestHelperToBeKilled(t *testing.T) {
	// The child inherits the connection, so that its end is seen at the other side.
	cmd := exec.CommandContext(t.Context(), "sh", "-c", "printf started >&0; exec sleep 1000")
	cmd.Stdin = greeted(t)
	require.NoError(t, process.Run(cmd), "it never returns: this process is killed")
}

// TestHelperToBeOrphaned is no test: it holds a connection open and waits for the death of its parent.
func TestHelperToBeOrphaned(t *testing.T) {
	connection := greeted(t)
	require.NoError(t, process.EndWithParent())
	_, err := connection.WriteString("started")
	require.NoError(t, err)
	select {}
}

// greeted opens the connection by which the test sees who is alive.
func greeted(t *testing.T) *os.File {
	t.Helper()
	address := os.Getenv(helperAddress)
	if address == "" {
		t.Skip("only as a helper of a test")
	}
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	require.NoError(t, err)
	file, err := connection.(*net.TCPConn).File()
	require.NoError(t, err)
	require.NoError(t, connection.Close(), "the file is a copy; only that shall hold the connection")
	return file
}

func TestNobodyOutlivesWhoStartedThem(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED, not tested: only Linux ends the children of a killed process")
	}
	self, err := os.Executable()
	require.NoError(t, err)
	cases := map[string][]string{
		"a child of a killed caller":                  {self, "-test.run=^TestHelperToBeKilled$"},
		"a program that asked to end with its parent": {"sh", "-c", `"$0" "$@"; exit`, self, "-test.run=^TestHelperToBeOrphaned$"},
	}
	for name, command := range cases {
		t.Run(name, func(t *testing.T) {
			listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
			require.NoError(t, err)
			t.Cleanup(func() { _ = listener.Close() })
			require.NoError(t, listener.(*net.TCPListener).SetDeadline(time.Now().Add(patience)))
			caller := start(t, t.Context(), process.Command{
				Path: command[0], Args: command[1:],
				Env: append(os.Environ(), helperAddress+"="+listener.Addr().String()),
			})
			connection, err := listener.Accept()
			require.NoError(t, err)
			t.Cleanup(func() { _ = connection.Close() })
			require.NoError(t, connection.SetDeadline(time.Now().Add(patience)))
			greeting := make([]byte, len("started"))
			_, err = connection.Read(greeting)
			require.NoError(t, err)

			caller.Kill()

			_, err = connection.Read(greeting)
			require.Error(t, err)
			assert.False(t, os.IsTimeout(err), "somebody still holds the connection")
		})
	}
}
