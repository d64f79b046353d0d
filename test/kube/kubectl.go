package kube

import (
	"context"
	"errors"
	"os/exec"
	"strings"

	"github.com/topicgate/topicgate/test/kube/process"
)

// Kubectl runs the real kubectl as the admin (another identity by "--kubeconfig", path) with the given standard input
// and returns what it printed and its exit code, -1 where it could not be run (stderr then says why). It shares nothing
// with the user's own kubectl: neither kubeconfig nor caches.
func (c *ControlPlane) Kubectl(ctx context.Context, stdin string, args ...string) (stdout, stderr string, exitCode int) {
	path, err := binary(kubectl)
	if err != nil {
		return "", err.Error(), -1
	}
	var out, problems strings.Builder
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = c.environment()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &problems
	err = process.Run(cmd)
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return out.String(), problems.String() + err.Error(), -1
	}
	return out.String(), problems.String(), cmd.ProcessState.ExitCode()
}
