package dependability

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/test/wait"
)

// testCrash kills one of two replicas. An API server does not repeat a POST to a webhook, so what the replica had in hand is
// lost; nothing else may be. Where the Service sends new connections to a dead replica until it learns of it, those are lost too.
func testCrash(t *testing.T, s *stage, name string, retry bool) {
	s.service.Retry(retry)
	l := s.load(t, name)
	for range rounds(t) {
		refused, before := s.service.Refused(), len(l.failures())
		victim := s.inUse(t)
		victim.Kill()
		wait.For(t, patience, func(context.Context) error {
			if stats := s.service.Stats(victim.name); stats.Ready || stats.Open > 0 {
				return errNotYet
			}
			return nil
		})
		// What was sent before the Service knew is answered by now, one way or the other.
		l.more(t, workers)
		failed, stats, refused := len(l.failures()), s.service.Stats(victim.name), s.service.Refused()-refused
		t.Logf("%d open connections ended, %d of them in the middle of a request, and %d were refused: %d creates failed",
			stats.Ended, stats.Broken, refused, failed-before)
		assert.LessOrEqual(t, failed-before, stats.Ended+refused, "only what was in flight: %v", l.failures())
		if retry {
			assert.Zero(t, refused)
		}
		l.more(t, 200)
		assert.Len(t, l.failures(), failed, "the other replica answers everything")
		s.service.Remove(victim.name)
		victim.kubelet()
		s.replace(t, victim)
	}
	l.report(t, l.stop())
}

// inUse is the replica with the most connections: API servers keep few, and one replica may have none.
func (s *stage) inUse(t *testing.T) *replica {
	t.Helper()
	var most *replica
	wait.For(t, patience, func(context.Context) error {
		most = s.replicas[0]
		for _, r := range s.replicas {
			if s.service.Stats(r.name).Open > s.service.Stats(most.name).Open {
				most = r
			}
		}
		if s.service.Stats(most.name).Open == 0 {
			return errNotYet
		}
		return nil
	})
	return most
}

// replace starts a replica in the place of another one.
func (s *stage) replace(t *testing.T, gone *replica) {
	t.Helper()
	for i, r := range s.replicas {
		if r == gone {
			s.replicas[i] = s.start(t)
		}
	}
}
