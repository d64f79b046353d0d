package e2e

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write what kubectl printed into testdata/kubectl")

// testGolden holds what kubectl prints, to the letter, against testdata/kubectl: that is all that most users ever see.
// With -update it writes what was printed.
func testGolden(t *testing.T, e *Env) {
	faulty := []string{prod, `topicName: "bad name!"`, "partitions: 0", "replicas: 0", "config: {retention.ms: 7d, retention.sm: 1}"}
	one := TopicYAML("shop", "faulty", faulty...)
	two := one + TopicYAML("shop", "worse", faulty...)
	sound := TopicYAML("shop", "sound", prod, "partitions: 3", "replicas: 3")
	unwise := TopicYAML("shop", "unwise", prod, "partitions: 3", "replicas: 1",
		`config: {unclean.leader.election.enable: true, segment.ms: 604800000, retention.ms: 86400000}`)
	cases := map[string]struct {
		stdin string
		args  []string
	}{
		"one-object":                {one, []string{"apply", "-f", "-"}},
		"two-objects":               {two, []string{"apply", "-f", "-"}},
		"server-side":               {one, []string{"apply", "--server-side", "-f", "-"}},
		"dry-run-refused":           {one, []string{"apply", "--dry-run=server", "-f", "-"}},
		"dry-run-accepted":          {sound, []string{"apply", "--dry-run=server", "-f", "-"}},
		"one-sound-one-faulty":      {sound + one, []string{"apply", "--dry-run=server", "-f", "-"}},
		"warnings":                  {unwise, []string{"apply", "--dry-run=server", "-f", "-"}},
		"warnings-as-errors":        {unwise, []string{"apply", "--dry-run=server", "--warnings-as-errors", "-f", "-"}},
		"create":                    {one, []string{"create", "-f", "-"}},
		"diff":                      {one, []string{"diff", "-f", "-"}},
		"delete-refused":            {"", []string{"delete", "tgt", "-n", "vault", "kept"}},
		"delete-refused-one-of-two": {"", []string{"delete", "tgt", "-n", "vault", "kept", "kept-too"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			stdout, stderr, code := e.Plane.Kubectl(t.Context(), c.stdin, c.args...)
			golden(t, name, "exit code "+itoa(code)+"\n"+stdout+stderr)
		})
	}
}

// varying is what differs from run to run in what kubectl prints.
var varying = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|/tmp/(LIVE|MERGED)-\d+`)

func golden(t *testing.T, name, printed string) {
	t.Helper()
	printed = varying.ReplaceAllString(printed, "<varies>")
	file := filepath.Join("testdata", "kubectl", name+".txt")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(printed), 0o600))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "run with -update to write it")
	assert.Equal(t, string(want), printed)
}
