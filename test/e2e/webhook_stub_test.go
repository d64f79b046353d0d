package e2e

import (
	"strings"
	"testing"
)

func bulleted(text, bullet string) string { return strings.ReplaceAll(text, "%[1]s", bullet) }

func testChanges(t *testing.T, e *Env)            {}
func testClaims(t *testing.T, e *Env)             {}
func testAdoption(t *testing.T, e *Env)           {}
func testDeletions(t *testing.T, e *Env)          {}
func testDefaults(t *testing.T, e *Env)           {}
func testAppliedTwice(t *testing.T, e *Env)       {}
func testDryRuns(t *testing.T, e *Env)            {}
func testClusters(t *testing.T, e *Env)           {}
func testGarbage(t *testing.T, e *Env)            {}
func testMetricsAndLog(t *testing.T, e *Env)      {}
func testStaleFacts(t *testing.T, e *Env)         {}
func testRenewedCertificate(t *testing.T, e *Env) {}
func testLeaving(t *testing.T, e *Env)            {}
func testOutage(t *testing.T, e *Env)             {}
