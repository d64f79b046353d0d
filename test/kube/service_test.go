package kube_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/test/kube"
)

// namer answers each line with its name, and does not answer "hush".
func namer(t *testing.T, name string) net.Listener {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go answer(connection, name)
		}
	}()
	return listener
}

func answer(connection net.Conn, name string) {
	defer connection.Close() //nolint:errcheck // a test's
	lines := bufio.NewScanner(connection)
	for lines.Scan() {
		if lines.Text() == "die" {
			return
		}
		if _, err := connection.Write([]byte(name + "\n")); err != nil {
			return
		}
	}
}

type caller struct {
	net.Conn
	lines *bufio.Scanner
}

func dial(t *testing.T, s *kube.Service) caller {
	t.Helper()
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port())))
	require.NoError(t, err)
	t.Cleanup(func() { _ = connection.Close() })
	return caller{connection, bufio.NewScanner(connection)}
}

// ask says one line and returns the answer; empty when the connection ended instead.
func (c caller) ask(t *testing.T, line string) string {
	t.Helper()
	if _, err := c.Write([]byte(line + "\n")); err != nil {
		return ""
	}
	c.lines.Scan()
	return c.lines.Text()
}

func TestAServiceSpreadsConnectionsOverWhatIsReady(t *testing.T) {
	s, err := kube.NewService(t.Context(), 5*time.Millisecond)
	require.NoError(t, err)
	require.Empty(t, dial(t, s).ask(t, "who"), "nobody is ready")
	require.Equal(t, 1, s.Refused())

	var leaving atomic.Bool
	first, second := namer(t, "first"), namer(t, "second")
	s.Add("first", first.Addr().String(), func(context.Context) error {
		if leaving.Load() {
			return errors.New("leaving")
		}
		return nil
	})
	s.Add("second", second.Addr().String(), func(context.Context) error { return nil })
	require.Eventually(t, func() bool { return s.Stats("first").Ready && s.Stats("second").Ready }, time.Minute, time.Millisecond)
	stayed := dial(t, s)
	name := stayed.ask(t, "who")
	require.Eventually(t, func() bool { return dial(t, s).ask(t, "who") != name }, time.Minute, time.Millisecond, "both get some")

	leaving.Store(true)
	require.Eventually(t, func() bool { return !s.Stats("first").Ready }, time.Minute, time.Millisecond)
	for range 20 {
		require.Equal(t, "second", dial(t, s).ask(t, "who"))
	}
	assert.Equal(t, name, stayed.ask(t, "who"), "a connection stays where it is")

	require.Empty(t, dial(t, s).ask(t, "die"))
	require.Eventually(t, func() bool { return s.Stats("second").Broken == 1 && s.Stats("second").Ended == 1 }, time.Minute, time.Millisecond)

	leaving.Store(false)
	require.NoError(t, second.Close())
	require.Eventually(t, func() bool { return s.Stats("first").Ready }, time.Minute, time.Millisecond)
	s.Retry(true)
	for range 20 {
		require.Equal(t, "first", dial(t, s).ask(t, "who"))
	}
	require.Equal(t, 1, s.Refused())
	s.Retry(false)
	require.Eventually(t, func() bool { return dial(t, s).ask(t, "who") == "" }, time.Minute, time.Millisecond)
	s.Remove("second")
	assert.Zero(t, s.Stats("second"))
	require.Equal(t, "first", dial(t, s).ask(t, "who"))
}
