package kafkatest

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
)

// Cluster is a running Apache Kafka. Its methods may be called from several goroutines, those that start and stop
// nodes one after the other.
type Cluster struct {
	*ledger

	opts    Options
	id      string
	java    javaRuntime
	dir     *workDir
	nodes   []*node
	proxies []*proxy
	ctx     context.Context // the life of the processes, which outlives the call that starts them
	cancel  context.CancelFunc
	stop    func() error
}

// Start formats storage, starts the nodes and waits until every one of them serves and knows all others. The cluster
// runs until Stop, the end of ctx or the end of this process. [ErrMissing] says that the machine lacks a part.
func Start(ctx context.Context, opts Options) (*Cluster, error) {
	opts = opts.withDefaults()
	if err := opts.validate(); err != nil {
		return nil, err
	}
	java, err := findRuntime(opts.Version)
	if err != nil {
		return nil, err
	}
	if opts.Dir != "" {
		return start(ctx, opts, java)
	}
	return onFreePorts(func() (*Cluster, error) { return start(ctx, opts, java) })
}

func start(ctx context.Context, opts Options, java javaRuntime) (*Cluster, error) {
	dir, err := newWorkDir(opts.Dir)
	if err != nil {
		return nil, err
	}
	c := &Cluster{ledger: newLedger(), opts: opts, id: newClusterID(), java: java, dir: dir}
	c.ctx, c.cancel = context.WithCancel(ctx)
	c.stop = sync.OnceValue(c.shutDown)
	if err := c.bringUp(); err != nil {
		return nil, errors.Join(fmt.Errorf("starting Kafka %s: %w", opts.Version, err), c.Stop())
	}
	context.AfterFunc(ctx, func() { _ = c.Stop() })
	return c, nil
}

func (c *Cluster) bringUp() error {
	if err := c.addNodes(); err != nil {
		return err
	}
	if err := c.openProxies(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.ctx, c.opts.StartTimeout)
	defer cancel()
	if err := c.eachNode(func(n *node) error {
		if err := c.writeConfig(n); err != nil {
			return err
		}
		if err := c.format(ctx, n); err != nil {
			return err
		}
		return c.launch(n)
	}); err != nil {
		return err
	}
	return c.waitReady(ctx)
}

func (c *Cluster) addNodes() error {
	const each = 5
	free, err := freePorts(each * c.opts.Nodes)
	if err != nil {
		return err
	}
	for i := range c.opts.Nodes {
		mine := free[i*each : (i+1)*each]
		c.nodes = append(c.nodes, &node{
			id:    i + 1,
			dir:   filepath.Join(c.dir.path, fmt.Sprintf("node-%d", i+1)),
			ports: ports{client: mine[0], counted: mine[1], internal: mine[2], controller: mine[3], proxy: mine[4]},
		})
	}
	return nil
}

// eachNode runs do for all nodes at once: most of a start is waiting for a JVM.
func (c *Cluster) eachNode(do func(*node) error) error {
	errs := make([]error, len(c.nodes))
	var all sync.WaitGroup
	for i, n := range c.nodes {
		all.Go(func() { errs[i] = do(n) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// Stop ends all processes at once and removes what Start created. It may be called again.
func (c *Cluster) Stop() error { return c.stop() }

func (c *Cluster) shutDown() error {
	c.cancel() // kills the nodes: nobody needs their data
	for _, p := range c.proxies {
		p.close()
	}
	for _, n := range c.nodes {
		if n.process != nil {
			<-n.process.done
		}
	}
	return c.dir.remove()
}

// Bootstrap returns the addresses of the CLIENT listeners, as host:port.
func (c *Cluster) Bootstrap() []string {
	return c.addresses(func(p ports) int { return p.client })
}

// Internal returns the addresses of the INTERNAL listeners: no TLS, no login, every right, nothing counted.
func (c *Cluster) Internal() []string {
	return c.addresses(func(p ports) int { return p.internal })
}

// Counted returns the addresses of the COUNTED listeners: as Bootstrap, through the counting proxy.
func (c *Cluster) Counted() []string {
	return c.addresses(func(p ports) int { return p.proxy })
}

// ClusterID returns the ID that the storage was formatted with.
func (c *Cluster) ClusterID() string { return c.id }

// Dir returns the directory with a subdirectory node-<id> for each node: kafka.log, server.properties, data.
func (c *Cluster) Dir() string { return c.dir.path }

func (c *Cluster) addresses(port func(ports) int) []string {
	out := make([]string, len(c.nodes))
	for i, n := range c.nodes {
		out[i] = address(port(n.ports))
	}
	return out
}

// newClusterID makes a random UUID in Kafka's spelling.
func newClusterID() string {
	var id [16]byte
	_, _ = rand.Read(id[:])                         // never fails, by its documentation
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // RFC 9562, version 4
	return base64.RawURLEncoding.EncodeToString(id[:])
}
