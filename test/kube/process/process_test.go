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

// helperAddress tells the test binary, started again by the test below, that it is the caller to be killed.
const helperAddress = "TOPICGATE_TEST_PROCESS_ADDRESS"

// TestHelperToBeKilled is no test: it starts a child that holds a connection open and waits to be killed.
func TestHelperToBeKilled(t *testing.T) {
	address := os.Getenv(helperAddress)
	if address == "" {
		t.Skip("only as a helper of the test below")
	}
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	require.NoError(t, err)
	file, err := connection.(*net.TCPConn).File()
	require.NoError(t, err)
	// The child inherits the connection, so that its end is seen at the other side.
	cmd := exec.CommandContext(t.Context(), "sh", "-c", "printf started >&0; exec sleep 1000")
	cmd.Stdin = file
	require.NoError(t, process.Run(cmd), "it never returns: this process is killed")
}

func TestNoChildOutlivesACallerThatIsKilled(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED, not tested: only Linux ends the children of a killed process")
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	self, err := os.Executable()
	require.NoError(t, err)
	caller := start(t, t.Context(), process.Command{
		Path: self, Args: []string{"-test.run=^TestHelperToBeKilled$"},
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
	assert.False(t, os.IsTimeout(err), "the child still holds its connection")
	require.Error(t, err)
}
