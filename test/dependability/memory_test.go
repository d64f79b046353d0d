package dependability

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/topicgate/topicgate/test/e2e"
)

func contains(text, part string) bool { return strings.Contains(text, part) }

// counted is the value of a metric that has no labels.
func counted(t *testing.T, p *e2e.Program, name string) int {
	t.Helper()
	_, text, err := get(t.Context(), p.Metrics+"/metrics")
	require.NoError(t, err)
	found := regexp.MustCompile(`(?m)^` + name + ` (\d+)$`).FindStringSubmatch(text)
	require.NotNil(t, found, name)
	value, err := strconv.Atoi(found[1])
	require.NoError(t, err)
	return value
}

// testLargeBodies sends the largest reviews that are read, a hundred at a time and 700 MiB in all, to one replica.
func testLargeBodies(t *testing.T, s *stage) {
	const mebi, atOnce = 1 << 20, 100
	r := s.replicas[0]
	before := peak(t, r.PID())
	filler := bytes.Repeat([]byte(" "), 7*mebi-200)
	body := append([]byte(`{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1","operation":"CREATE"}}`), filler...)
	sender := &http.Client{Timeout: patience, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, MaxConnsPerHost: atOnce}}
	defer sender.CloseIdleConnections()
	var group errgroup.Group
	for range atOnce {
		group.Go(func() error {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+r.address+"/validate-kafkatopic?timeout=30s", bytes.NewReader(body))
			if err != nil {
				return err
			}
			request.Header.Set("Content-Type", "application/json")
			response, err := sender.Do(request)
			if err != nil {
				return err
			}
			defer response.Body.Close() //nolint:errcheck // it was read
			answer, err := io.ReadAll(response.Body)
			// Some may be told to come again: that is the limit at work.
			if err != nil || response.StatusCode != http.StatusOK && response.StatusCode != http.StatusServiceUnavailable {
				return fmt.Errorf("%d: %s: %w", response.StatusCode, answer, err)
			}
			return nil
		})
	}
	require.NoError(t, group.Wait())
	after := peak(t, r.PID())
	t.Logf("%d bodies of 7 MiB: resident at most %d MiB, %d MiB before", atOnce, after/mebi, before/mebi)
	assert.Less(t, after, 512*mebi, "the shipped memory limit")
	probed(t, r.Program, http.StatusOK, "[+]serving ok")
}

// peak is the most bytes that a process had resident; zero where /proc is not there to tell.
func peak(t *testing.T, pid int) int {
	t.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	require.NoError(t, err)
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	require.NotNil(t, found)
	kibi, err := strconv.Atoi(string(found[1]))
	require.NoError(t, err)
	return kibi << 10
}
