package tour

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/topicgate/topicgate/test/demo/terminal"
	"github.com/topicgate/topicgate/test/kube/process"
)

// errUnexpected is what a step fails with: the tour showed something else than it promises.
var errUnexpected = errors.New("the tour did not go as it should")

// shell runs lines as somebody would type them, and shows them.
type shell struct {
	terminal *terminal.Terminal
	// dir is the working directory, env the whole environment.
	dir string
	env []string
}

// explain prints what the next line is about.
func (s shell) explain(text string) { s.terminal.Say("\n# %s", text) }

// run shows a line, runs it, shows what it printed, and checks that it ended with the given status and that its output
// holds all that is wanted.
func (s shell) run(ctx context.Context, line string, status int, wanted ...string) error {
	s.terminal.Say("$ %s", line)
	output, code, err := s.quietly(ctx, line)
	_, _ = s.terminal.Write([]byte(output))
	if err != nil {
		return err
	}
	if code != 0 {
		s.terminal.Say("(exit status %d)", code)
	}
	if code != status {
		return fmt.Errorf("%w: `%s` ended with status %d, want %d", errUnexpected, line, code, status)
	}
	for _, want := range wanted {
		if !contains(output, want) {
			return fmt.Errorf("%w: `%s` printed no %q", errUnexpected, line, want)
		}
	}
	return nil
}

// contains ignores how many spaces there are, for tables are aligned by their widest cell.
func contains(output, want string) bool {
	return strings.Contains(strings.Join(strings.Fields(output), " "), want)
}

// quietly runs a line without showing it.
func (s shell) quietly(ctx context.Context, line string) (output string, code int, err error) {
	var both bytes.Buffer
	cmd := exec.CommandContext(ctx, "bash", "-c", line)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = s.dir, s.env, &both, &both
	err = process.Run(cmd)
	if ctx.Err() != nil {
		return both.String(), -1, fmt.Errorf("running `%s`: %w", line, context.Cause(ctx))
	}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return both.String(), -1, fmt.Errorf("running `%s`: %w", line, err)
	}
	return both.String(), cmd.ProcessState.ExitCode(), nil
}
