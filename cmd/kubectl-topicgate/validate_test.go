package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func topicYAML(name, spec string) string {
	return "apiVersion: topicgate.io/v1alpha1\nkind: KafkaTopic\nmetadata: {name: " + name + ", namespace: shop}\nspec: " + spec + "\n"
}

// repository is a git repository with one commit, in a directory.
func repository(t *testing.T, dir string) {
	t.Helper()
	for _, args := range [][]string{
		{"init", "-q"},
		{"add", "-A"},
		{"-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", "commit", "-qm", "before"},
	} {
		command := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir}, args...)...)
		command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
		output, err := command.CombinedOutput()
		require.NoError(t, err, string(output))
	}
}

func TestAChangeIsJudgedAgainstACommit(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "topics/a b/shrinks.yaml", topicYAML("shrinks", "{partitions: 12}"))
	write(t, dir, "topics/moved.yaml", topicYAML("moved", "{partitions: 12}"))
	write(t, dir, "topics/gone.yaml", topicYAML("gone", "{partitions: 1}"))
	write(t, dir, "topics/.hidden/x.yaml", topicYAML("hidden", "{partitions: 1}"))
	write(t, dir, "topics/unreadable.yaml", "kind: [")
	repository(t, dir)

	write(t, dir, "topics/a b/shrinks.yaml", topicYAML("shrinks", "{partitions: 6}"))
	require.NoError(t, os.Rename(filepath.Join(dir, "topics/moved.yaml"), filepath.Join(dir, "topics/elsewhere.yaml")))
	require.NoError(t, os.Remove(filepath.Join(dir, "topics/gone.yaml")))
	require.NoError(t, os.Remove(filepath.Join(dir, "topics/unreadable.yaml")))

	got := invoke(t, "", "validate", "-f", filepath.Join(dir, "topics"), "--base", "HEAD")
	assert.Equal(t, exitDenied, got.code, got)
	assert.Contains(t, got.stdout, "shrinks breaks 1 rule:\n• spec.partitions: 6: below the 12 declared before")
	assert.Contains(t, got.stdout, "3 topics: 1 passed, 1 denied, 0 with warnings, 1 unchanged, 1 deleted")
	assert.Contains(t, got.stderr, "unreadable.yaml:1: ", "what was broken before must not keep it from being mended")

	got = invoke(t, "", "validate", "-f", filepath.Join(dir, "topics/a b/shrinks.yaml"), "--base", "HEAD")
	assert.Contains(t, got.stdout, "below the 12 declared before", "one file")

	got = invoke(t, "", "validate", "-f", filepath.Join(dir, "topics"), "--base", "nowhere")
	assert.Equal(t, exitInput, got.code)
	assert.Contains(t, got.stderr, "nowhere")
}

func TestStandardInputIsRead(t *testing.T) {
	got := invoke(t, topicYAML("a", "{partitions: 0}"), "validate", "-f", "-")
	assert.Equal(t, exitDenied, got.code)
	assert.Contains(t, got.stdout, "stdin:3:18 shop/a breaks 1 rule:")
}

func TestReportsGoIntoFilesBesideWhatIsPrinted(t *testing.T) {
	dir := t.TempDir()
	junit, sarif := filepath.Join(dir, "report.xml"), filepath.Join(dir, "report.sarif")
	got := invoke(t, topicYAML("a", "{partitions: 0}"), "validate", "-f", "-", "-o", "junit="+junit, "-o", "sarif="+sarif, "-o", "github")
	assert.Equal(t, exitDenied, got.code)
	assert.Contains(t, got.stdout, "::error file=stdin,line=4,col=20,")
	for file, holds := range map[string]string{junit: `<testsuite name="shop/a"`, sarif: `"version": "2.1.0"`} {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Contains(t, string(content), holds)
	}
	got = invoke(t, topicYAML("a", "{}"), "validate", "-f", "-", "-o", "junit="+filepath.Join(dir, "no/such/dir.xml"))
	assert.Equal(t, exitUsage, got.code)
}

func TestAFileNamedTwiceIsReadOnce(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "a.yaml", topicYAML("a", "{partitions: 3}"))
	write(t, dir, "notes.txt", "kind: [")
	got := invoke(t, "", "validate", "-f", dir, "-f", path)
	assert.Zero(t, got.code, got)
	assert.Contains(t, got.stdout, "1 topic: ")
}

func TestControlCharactersReachNoTerminal(t *testing.T) {
	got := invoke(t, topicYAML("a", `{config: {"retention.\e[31mms": 1, cleanup.policy: "x\e]0;y\a"}}`), "validate", "-f", "-")
	assert.Equal(t, exitDenied, got.code, got)
	assert.NotContains(t, got.stdout+got.stderr, "\x1b")
}

func TestAClusterThatCannotBeReached(t *testing.T) {
	t.Setenv("KUBECONFIG", filepath.Join(t.TempDir(), "none"))
	for _, args := range [][]string{
		{"facts", "export"}, {"explain", "tgt/a"}, {"policy", "impact", "-f", "testdata/tightened.yaml", "--live"},
	} {
		got := invoke(t, "", append(args, "--server", "https://127.0.0.1:1", "--request-timeout", "2s")...)
		assert.Equal(t, exitUnreachable, got.code, got)
		assert.Empty(t, got.stdout)
	}
}

func TestHelpAndCompletionOfEveryCommand(t *testing.T) {
	for _, command := range [][]string{{"validate"}, {"explain"}, {"policy", "test"}, {"policy", "impact"}, {"facts", "export"}} {
		got := invoke(t, "", append(command, "--help")...)
		assert.Zero(t, got.code)
		assert.Contains(t, got.stdout, "Examples:", command)
		got = invoke(t, "", append(append([]string{"__complete"}, command...), "-o", "")...)
		assert.Contains(t, got.stdout, "json\n", command)
	}
}
