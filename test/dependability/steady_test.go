package dependability

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNoCreateFailsWhile goes through what is done to a webhook that is in use. Every part sends invalid topics too, which
// must be refused throughout.
func TestNoCreateFailsWhile(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	t.Run("both replicas are restarted, one after the other", func(t *testing.T) { testRollingRestart(t, s) })
	t.Run("the certificate is rotated every ten seconds", func(t *testing.T) { testRotation(t, s) })
	t.Run("the authority is renewed with its key", func(t *testing.T) { testAuthorityRenewed(t, s) })
	t.Run("the authority's key is changed as documented", func(t *testing.T) { testAuthorityKeyChanged(t, s) })
}

// TestReplicas looks at single replicas: what their end costs, and when they are ready.
func TestReplicas(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	t.Run("a killed one takes with it only what it had in hand", func(t *testing.T) {
		t.Run("where the Service tries another one", func(t *testing.T) { testCrash(t, s, "crash", true) })
		t.Run("where the Service learns of it by the probe", func(t *testing.T) { testCrash(t, s, "probed", false) })
	})
	t.Run("one is not ready before its caches are filled", func(t *testing.T) { testEmptyCaches(t, s) })
	t.Run("one is ready only with a certificate that is valid", func(t *testing.T) { testBadCertificates(t, s) })
	t.Run("many large bodies at once take little memory", func(t *testing.T) { testLargeBodies(t, s) })
}

func testRollingRestart(t *testing.T, s *stage) {
	l := s.load(t, "restart")
	for range rounds(t) * len(s.replicas) {
		old := s.replicas[0]
		s.replicas = append(s.replicas[1:], s.start(t))
		old.Stop()
		require.ErrorIs(t, old.Err(), context.Canceled, "it left by itself, with success")
		stats := s.service.Stats(old.name)
		assert.Positive(t, stats.Accepted, "it was in use")
		assert.Zero(t, stats.Broken)
		s.service.Remove(old.name)
		old.kubelet()
		l.more(t, 100)
	}
	assert.Zero(t, s.service.Refused())
	l.nothingFailed(t)
}
