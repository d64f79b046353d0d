package dependability

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/test/kube"
)

// documented runs the commands of docs/certificates.md that stand under the given name, as its reader would.
func (s *stage) documented(t *testing.T, dir, name string) {
	t.Helper()
	root, err := kube.RepositoryRoot()
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, "docs", "certificates.md"))
	require.NoError(t, err)
	block := regexp.MustCompile("(?s)```sh " + regexp.QuoteMeta(name) + "\n(.*?)```").FindSubmatch(text)
	require.NotNil(t, block, "docs/certificates.md has no commands called %q", name)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", string(block[1]))
	command.Dir = dir
	command.Env = []string{
		"PATH=" + filepath.Join(root, "bin", "controlplane") + ":" + os.Getenv("PATH"), "HOME=" + dir, "KUBECONFIG=" + s.Plane.Kubeconfig(),
	}
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s: %s", name, output)
}
