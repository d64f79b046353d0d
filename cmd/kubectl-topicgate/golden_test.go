package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// update rewrites the golden files: go test ./cmd/kubectl-topicgate -update.
func update() bool { return flag.Lookup("update").Value.String() == "true" }

func TestMain(m *testing.M) {
	flag.Bool("update", false, "rewrite the golden files")
	os.Exit(m.Run())
}

// ran is what a command line led to.
type ran struct {
	stdout, stderr string
	code           int
}

// invoke runs a command line as main does, standard input and the end of the process included.
func invoke(t *testing.T, stdin string, args ...string) ran {
	t.Helper()
	var out, problems bytes.Buffer
	command := newCommand()
	command.SetArgs(args)
	command.SetIn(strings.NewReader(stdin))
	command.SetOut(&out)
	command.SetErr(&problems)
	code := conclude(t.Context(), &problems, command.ExecuteContext(t.Context()))
	return ran{out.String(), problems.String(), code}
}

// noon is when the cases are judged.
const noon = "2026-11-01T12:00:00Z"

func TestWhatIsPrinted(t *testing.T) {
	cases := map[string][]string{
		"validate_text":            {"validate", "-f", "testdata/topics", "--policies", "testdata/policies", "--cluster-facts", "testdata/facts.yaml", "--now", noon},
		"validate_json":            {"validate", "-f", "testdata/topics", "--policies", "testdata/policies", "--cluster-facts", "testdata/facts.yaml", "-o", "json", "--now", noon},
		"validate_junit":           {"validate", "-f", "testdata/topics", "--policies", "testdata/policies", "--cluster-facts", "testdata/facts.yaml", "-o", "junit", "--now", noon},
		"validate_sarif":           {"validate", "-f", "testdata/topics", "--policies", "testdata/policies", "--cluster-facts", "testdata/facts.yaml", "-o", "sarif", "--now", noon},
		"validate_github":          {"validate", "-f", "testdata/topics", "--policies", "testdata/policies", "--cluster-facts", "testdata/facts.yaml", "-o", "github", "--now", noon},
		"validate_expired":         {"validate", "-f", "testdata/topics/ledger.json", "--policies", "testdata/policies", "--cluster-facts", "testdata/facts.yaml", "--now", "2027-01-01T00:00:00Z"},
		"validate_without_facts":   {"validate", "-f", "testdata/topics/fine.yaml", "--policies", "testdata/policies", "--now", noon},
		"validate_strict":          {"validate", "-f", "testdata/topics/fine.yaml", "--policies", "testdata/policies", "--strict", "--now", noon},
		"validate_fail_on_warn":    {"validate", "-f", "testdata/topics/ledger.json", "--policies", "testdata/policies", "--cluster-facts", "testdata/facts.yaml", "--fail-on-warn", "--now", noon},
		"validate_without_policy":  {"validate", "-f", "testdata/topics/fine.yaml", "--cluster-facts", "testdata/facts.yaml", "--now", noon},
		"validate_change":          {"validate", "-f", "testdata/change/new", "--old-dir", "testdata/change/old", "--policies", "testdata/policies", "--cluster-facts", "testdata/facts.yaml", "--now", noon},
		"validate_other_namespace": {"validate", "-f", "testdata/bad/../topics/fine.yaml", "-n", "elsewhere", "--now", noon},
		"bad_field":                {"validate", "-f", "testdata/bad/field.yaml"},
		"bad_type":                 {"validate", "-f", "testdata/bad/type.yaml"},
		"bad_syntax":               {"validate", "-f", "testdata/bad/syntax.yaml"},
		"bad_kind":                 {"validate", "-f", "testdata/bad/kind.yaml"},
		"bad_names":                {"validate", "-f", "testdata/bad/names.yaml"},
		"bad_policy":               {"validate", "-f", "testdata/topics/fine.yaml", "--policies", "testdata/bad/policy.yaml"},
		"bad_path":                 {"validate", "-f", "testdata/nowhere"},
		"bad_format":               {"validate", "-f", "testdata/topics", "-o", "xml"},
		"bad_two_formats":          {"validate", "-f", "testdata/topics", "-o", "json", "-o", "text"},
		"bad_now":                  {"validate", "-f", "testdata/topics", "--now", "tomorrow"},
		"bad_nothing":              {"validate"},
		"bad_both_olds":            {"validate", "-f", "testdata/topics", "--base", "HEAD", "--old-dir", "testdata"},
		"bad_base_stdin":           {"validate", "-f", "-", "--base", "HEAD"},
		"bad_base_flag":            {"validate", "-f", "testdata/topics", "--base", "--output=x"},
		"bad_flag":                 {"validate", "--loud"},
		"bad_argument":             {"validate", "topics"},
		"bad_command":              {"validat"},
		"explain_text":             {"explain", "-f", "testdata/topics/ledger.json", "--policies", "testdata/policies", "--cluster-facts", "testdata/facts.yaml", "--now", noon},
		"explain_json":             {"explain", "-f", "testdata/topics/ledger.json", "--policies", "testdata/policies", "--cluster-facts", "testdata/facts.yaml", "-o", "json", "--now", noon},
		"bad_explain_nothing":      {"explain"},
		"bad_explain_kind":         {"explain", "deployment/x"},
		"policy_test_pass":         {"policy", "test", "testdata/suites/shared.yaml"},
		"policy_test_fail":         {"policy", "test", "testdata/suites/failing.yaml"},
		"policy_test_junit":        {"policy", "test", "testdata/suites", "-o", "junit"},
		"policy_test_json":         {"policy", "test", "testdata/suites/failing.yaml", "-o", "json"},
		"bad_policy_test_none":     {"policy", "test", "testdata/topics"},
		"impact_text":              {"policy", "impact", "-f", "testdata/tightened.yaml", "--topics", "testdata/topics", "--topics", "testdata/policies", "--cluster-facts", "testdata/facts.yaml", "--now", noon},
		"impact_json":              {"policy", "impact", "-f", "testdata/tightened.yaml", "--topics", "testdata/topics/fine.yaml", "--cluster-facts", "testdata/facts.yaml", "-o", "json", "--now", noon},
		"bad_audit_words":          {"audit", "--class", "Orphans", "--fail-on", "urgent", "--baseline", "maybe", "--now", "soon", "-o", "xml"},
		"bad_audit_files":          {"audit", "-f", "testdata/topics"},
		"bad_audit_login":          {"audit", "--username", "me"},
		"bad_audit_brokers":        {"audit", "a", "b", "--bootstrap", "kafka"},
		"bad_audit_bootstrap":      {"audit", "--bootstrap", "kafka", "--cert-file", "c", "--sasl-mechanism", "PLAIN"},
		"bad_audit_password":       {"audit", "--bootstrap", "kafka:1", "--sasl-mechanism", "PLAIN", "--username", "me"},
		"bad_audit_ca":             {"audit", "--bootstrap", "kafka:1", "--ca-file", "testdata/nowhere"},
		"bad_delete_nothing":       {"delete-topic", "orders"},
		"bad_delete_reserved":      {"delete-topic", "__consumer_offsets", "--topic-id", "x", "--bootstrap", "127.0.0.1:1", "--force", "--yes"},
		"bad_adopt_nothing":        {"adopt"},
		"bad_adopt_both":           {"adopt", "orders", "--all"},
		"bad_adopt_words":          {"adopt", "--origin", "Orphans", "--namespace-from", "team-{group}", "-o", "xml", "--username", "me"},
		"bad_status_flags":         {"status", "orders", "-o", "wide", "--tls"},
		"bad_diff_nothing":         {"diff"},
		"bad_release_dry_run":      {"release", "orders", "--dry-run=yes"},
		"bad_who_can_create":       {"who-can-create", "a", "b"},
		"bad_impact_nothing":       {"policy", "impact", "-f", "testdata/tightened.yaml"},
	}
	for name, args := range cases {
		t.Run(name, func(t *testing.T) {
			got := invoke(t, "", args...)
			text := fmt.Sprintf("$ kubectl topicgate %s\nexit %d\n--- stdout\n%s--- stderr\n%s", strings.Join(args, " "), got.code, got.stdout, got.stderr)
			golden := filepath.Join("testdata", "golden", name+".txt")
			if update() {
				require.NoError(t, os.WriteFile(golden, []byte(text), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), text)
		})
	}
}
