package kafkatest

import (
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
)

// proxy forwards the connections to one broker and counts the requests that pass. It changes nothing on the way: the
// broker itself advertises the proxy's address on the listener behind it.
type proxy struct {
	listen, forward string
	tls             *tls.Config // nil = plain text
	ledger          *ledger

	mu       sync.Mutex
	listener net.Listener // nil while cut
	conns    map[net.Conn]struct{}
}

func (c *Cluster) openProxies() error {
	var config *tls.Config
	if c.opts.TLS != nil {
		var err error
		if config, err = c.opts.TLS.serverConfig(); err != nil {
			return err
		}
	}
	for _, n := range c.nodes {
		p := &proxy{
			listen: address(n.ports.proxy), forward: address(n.ports.counted),
			tls: config, ledger: c.ledger, conns: map[net.Conn]struct{}{},
		}
		if err := p.open(); err != nil {
			return err
		}
		c.proxies = append(c.proxies, p)
	}
	return nil
}

// Cut makes the brokers unreachable through the COUNTED addresses: open connections end, new ones are refused.
func (c *Cluster) Cut() {
	for _, p := range c.proxies {
		p.close()
	}
}

// Resume ends a Cut.
func (c *Cluster) Resume() error {
	for _, p := range c.proxies {
		if err := p.open(); err != nil {
			return err
		}
	}
	return nil
}

func (p *proxy) open() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != nil {
		return nil
	}
	listener, err := net.Listen("tcp", p.listen) //nolint:noctx // listening on loopback does not wait
	if err != nil {
		return fmt.Errorf("opening the counting proxy: %w", err)
	}
	p.listener = listener
	go p.accept(listener)
	return nil
}

func (p *proxy) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != nil {
		_ = p.listener.Close()
		p.listener = nil
	}
	for conn := range p.conns {
		_ = conn.Close()
	}
}

func (p *proxy) accept(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return // closed
		}
		go p.serve(listener, conn)
	}
}

func (p *proxy) serve(listener net.Listener, client net.Conn) {
	defer func() { _ = client.Close() }()
	broker, err := p.dial()
	if err != nil {
		return // what a client of a broker that is down sees: a connection that ends
	}
	defer func() { _ = broker.Close() }()
	if !p.track(listener, client, broker) {
		return
	}
	defer p.untrack(client, broker)
	if p.tls != nil {
		client = tls.Server(client, p.tls)
	}
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		_, _ = io.Copy(client, broker)
		_ = client.Close()
		_, _ = io.Copy(io.Discard, broker)
	}()
	p.forwardRequests(client, broker)
	// The sender may be dead; the broker still gets to read what it sent, which a full close could take from it.
	_ = broker.CloseWrite()
	<-answered
}

func (p *proxy) dial() (*net.TCPConn, error) {
	addr, err := net.ResolveTCPAddr("tcp", p.forward)
	if err != nil {
		return nil, err
	}
	return net.DialTCP("tcp", nil, addr)
}

// track refuses a connection that was accepted just before a Cut.
func (p *proxy) track(listener net.Listener, conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != listener {
		return false
	}
	for _, conn := range conns {
		p.conns[conn] = struct{}{}
	}
	return true
}

func (p *proxy) untrack(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range conns {
		delete(p.conns, conn)
	}
}

// forwardRequests hands on whole frames, so that a request whose sender dies after sending it still arrives.
func (p *proxy) forwardRequests(client io.Reader, broker io.Writer) {
	const most = 100 << 20 // Kafka's own default limit, socket.request.max.bytes
	var size [4]byte
	for {
		if _, err := io.ReadFull(client, size[:]); err != nil {
			return
		}
		length := binary.BigEndian.Uint32(size[:])
		if length > most {
			return
		}
		frame := make([]byte, len(size)+int(length))
		copy(frame, size[:])
		if _, err := io.ReadFull(client, frame[len(size):]); err != nil {
			return
		}
		if request, mutates, err := parseRequest(frame[len(size):]); err == nil {
			p.ledger.record(request, mutates)
		}
		if _, err := broker.Write(frame); err != nil {
			return
		}
	}
}
