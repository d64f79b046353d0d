package kafkatest

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
)

// ForTest is Start for the length of one test. Where the machine lacks a JDK or the jars the test is skipped, loudly;
// with CI=true it fails instead: a check that did not run must not look like one that passed.
func ForTest(t testing.TB, opts Options) *Cluster {
	t.Helper()
	// The test's own context ends before its clean-ups, which may still want the brokers.
	cluster, err := Start(context.WithoutCancel(t.Context()), opts)
	if errors.Is(err, ErrMissing) {
		SkipOrFail(t, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			cluster.logEnds(t)
		}
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	return cluster
}

// SkipOrFail ends a test for want of a part: skipped on a workstation, failed in CI.
func SkipOrFail(t testing.TB, missing error) {
	t.Helper()
	ci := os.Getenv("CI")
	if strings.EqualFold(ci, "true") || ci == "1" {
		t.Fatalf("CI must run the tests on a real Kafka: %v", missing)
	}
	t.Skipf("SKIPPED, NOT TESTED ON A REAL KAFKA: %v", missing)
}

func (c *Cluster) logEnds(t testing.TB) {
	t.Helper()
	for _, n := range c.nodes {
		t.Logf("the end of node %d's log:\n%s", n.id, n.log())
	}
}
