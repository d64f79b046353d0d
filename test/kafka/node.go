package kafkatest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// node is one broker and controller.
type node struct {
	id      int
	ports   ports
	dir     string
	changed map[string]string // properties given to StartNode, kept from then on
	process *process          // nil before the first start
	up      bool              // it was started, and not stopped since
}

func (n *node) logFile() string    { return filepath.Join(n.dir, "kafka.log") }
func (n *node) configFile() string { return filepath.Join(n.dir, "server.properties") }

// writeConfig renders server.properties; StartNode may have changed some.
func (c *Cluster) writeConfig(n *node) error {
	if err := os.MkdirAll(n.dir, 0o700); err != nil {
		return fmt.Errorf("creating the directory of node %d: %w", n.id, err)
	}
	props, err := c.properties(n)
	if err != nil {
		return err
	}
	if err := os.WriteFile(n.configFile(), []byte(renderProperties(props)), 0o600); err != nil {
		return fmt.Errorf("writing the properties of node %d: %w", n.id, err)
	}
	return nil
}

// format prepares the node's storage, and makes the SCRAM users: brokers that let nobody in could not be told of any.
func (c *Cluster) format(ctx context.Context, n *node) error {
	args := []string{"format", "--config", n.configFile(), "--cluster-id=" + c.id}
	for _, user := range c.opts.ScramUsers {
		for _, mechanism := range scramMechanisms() {
			args = append(args, "--add-scram", fmt.Sprintf("%s=[name=%s,password=%s]", mechanism, user.Name, user.Password))
		}
	}
	cmd := exec.CommandContext(ctx, c.java.java, c.java.args(c.opts.HeapMiB, "kafka.tools.StorageTool", args...)...)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("formatting the storage of node %d: %w\n%s", n.id, err, lastLines(output))
	}
	return nil
}

func (c *Cluster) launch(n *node) error {
	if err := c.writeConfig(n); err != nil {
		return err
	}
	started, err := startProcess(c.ctx, c.java.java, c.java.args(c.opts.HeapMiB, "kafka.Kafka", n.configFile()), n.logFile())
	if err != nil {
		return fmt.Errorf("starting node %d: %w", n.id, err)
	}
	n.process, n.up = started, true
	return nil
}

// log returns the end of the node's log, for an error message.
func (n *node) log() string {
	content, err := os.ReadFile(n.logFile())
	if err != nil {
		return err.Error()
	}
	return lastLines(content)
}

// lastLines keeps what says why Kafka gave up: it ends with a page of INFO about its orderly shutdown, and begins
// with another of all its settings.
func lastLines(log []byte) string {
	const most = 25
	var telling, all []string
	for line := range strings.Lines(string(bytes.TrimSpace(log))) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "\t") && strings.Contains(line, " = ") {
			continue
		}
		all = append(all, line)
		if !strings.Contains(line, " INFO ") {
			telling = append(telling, line)
		}
	}
	if len(telling) == 0 {
		telling = all
	}
	return strings.Join(telling[max(0, len(telling)-most):], "\n")
}
