package kafkatest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"
)

var errNode = errors.New("no such node, or not in that state")

// stopGrace is how long a node may take to hand over its partitions before it is killed.
const stopGrace = 15 * time.Second

// Kill ends a node with SIGKILL, as a crash or the kernel's out-of-memory killer would.
func (c *Cluster) Kill(id int) error {
	n, err := c.node(id, true)
	if err != nil {
		return err
	}
	n.process.kill()
	n.up = false
	return nil
}

// StopNode ends a node in good order, or kills it when that takes longer than 15 s.
func (c *Cluster) StopNode(id int) error {
	n, err := c.node(id, true)
	if err != nil {
		return err
	}
	n.process.stop(stopGrace)
	n.up = false
	return nil
}

// StartNode starts a node that was killed or stopped, on its old ports and data, and waits until it serves. The
// properties, if any, are set on top of all others and stay.
func (c *Cluster) StartNode(ctx context.Context, id int, properties map[string]string) error {
	n, err := c.node(id, false)
	if err != nil {
		return err
	}
	n.change(properties)
	if err := c.launch(n); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.opts.StartTimeout)
	defer cancel()
	return c.waitReady(ctx)
}

// Restart kills all nodes that are up, starts every node again and waits until all serve. Properties as for StartNode.
func (c *Cluster) Restart(ctx context.Context, properties map[string]string) error {
	if err := c.eachNode(func(n *node) error {
		if n.up {
			n.process.kill()
		}
		n.change(properties)
		return c.launch(n)
	}); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.opts.StartTimeout)
	defer cancel()
	return c.waitReady(ctx)
}

func (c *Cluster) node(id int, up bool) (*node, error) {
	if id < 1 || id > len(c.nodes) || c.nodes[id-1].up != up {
		return nil, fmt.Errorf("%w: %d", errNode, id)
	}
	return c.nodes[id-1], nil
}

func (n *node) change(properties map[string]string) {
	if n.changed == nil {
		n.changed = map[string]string{}
	}
	maps.Copy(n.changed, properties)
}
