package kafkatest_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

const asDoomedParent = "KAFKATEST_DOOMED_PARENT"

// A test binary that is killed (a timeout, the out-of-memory killer) runs no clean-up at all.
func TestBrokersDieWithAKilledParent(t *testing.T) {
	if os.Getenv(asDoomedParent) != "" {
		beTheDoomedParent(t)
		return
	}
	t.Parallel()
	parent := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestBrokersDieWithAKilledParent$", "-test.v")
	parent.Env = append(os.Environ(), asDoomedParent+"=1")
	output, err := parent.StdoutPipe()
	require.NoError(t, err)
	stdin, err := parent.StdinPipe()
	require.NoError(t, err)
	defer func() { _ = stdin.Close() }()
	require.NoError(t, parent.Start())
	var address, dir string
	for lines := bufio.NewScanner(output); address == "" && lines.Scan(); {
		if rest, found := strings.CutPrefix(lines.Text(), "SERVING "); found {
			address, dir, _ = strings.Cut(rest, " ")
		}
		if strings.Contains(lines.Text(), "SKIP") {
			t.Skip("the child was skipped")
		}
	}
	orphan := clusterAt(t, address)
	require.NotEmpty(t, orphan)
	require.NoError(t, parent.Process.Kill())
	_ = parent.Wait()
	require.Eventually(t, func() bool { return clusterAt(t, address) != orphan }, patience, 20*time.Millisecond)

	assert.DirExists(t, dir, "nobody could remove it")
	kafkatest.ForTest(t, kafkatest.Options{})
	assert.NoDirExists(t, dir, "the next start did")
}

func beTheDoomedParent(t *testing.T) {
	cluster := kafkatest.ForTest(t, kafkatest.Options{})
	_, err := os.Stdout.WriteString("SERVING " + cluster.Bootstrap()[0] + " " + cluster.Dir() + "\n")
	require.NoError(t, err)
	// Until it is killed; should the test above die first, its end of the pipe closes and this process ends too.
	_, err = io.Copy(io.Discard, os.Stdin)
	require.NoError(t, err)
}
