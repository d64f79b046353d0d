package kube

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// Service stands in for a Service, its endpoints and the kubelets' readiness probes: one loopback address, behind which
// connections are spread over the endpoints that were ready when last asked. A connection stays with its endpoint, ready
// or not, as with kube-proxy. Behind an ExternalName Service of localhost, an API server reaches several processes by it.
type Service struct {
	port int
	stop context.CancelFunc

	mu        sync.Mutex
	retry     bool
	endpoints map[string]*endpoint
	refused   int
}

// EndpointStats are counts of one endpoint's connections.
type EndpointStats struct {
	// Ready is whether new connections go to it.
	Ready bool
	// Accepted connections since the beginning, and those that are Open.
	Accepted, Open int
	// Ended connections are those that the endpoint ended first. A client that writes to one before it knows loses a
	// request too: of a connection that ended, no API server repeats a POST.
	Ended int
	// Broken connections are those that the endpoint ended while its last word was the client's: each of them had at most
	// one request in flight, for API servers speak HTTP/1.1 to webhooks.
	Broken int
}

type endpoint struct {
	address string
	ready   func(context.Context) error
	stats   EndpointStats
}

// NewService listens on loopback until ctx ends. Period is the time between two looks at an endpoint's readiness: how late
// the Service learns of anything.
func NewService(ctx context.Context, period time.Duration) (*Service, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", loopback(port))
	if err != nil {
		return nil, fmt.Errorf("listening for a Service: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	s := &Service{port: port, stop: stop, endpoints: map[string]*endpoint{}}
	context.AfterFunc(ctx, func() { _ = listener.Close() })
	go s.probe(ctx, period)
	go s.accept(ctx, listener)
	return s, nil
}

// Port is the loopback port of the Service.
func (s *Service) Port() int { return s.port }

// Close ends the Service and all its connections.
func (s *Service) Close() { s.stop() }

// Retry has connections that an endpoint refuses go to another one, as proxies in user space do. Without it the client's
// connection ends, as with kube-proxy until the endpoint is known to be gone.
func (s *Service) Retry(retry bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.retry = retry
}

// Add makes an endpoint of an address. It gets connections once ready has returned nil.
func (s *Service) Add(name, address string, ready func(context.Context) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endpoints[name] = &endpoint{address: address, ready: ready}
}

// Remove takes an endpoint out; its connections go on.
func (s *Service) Remove(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.endpoints, name)
}

// Stats are the counts of an endpoint; zero of one that was removed.
func (s *Service) Stats(name string) EndpointStats {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.endpoints[name]; found != nil {
		return found.stats
	}
	return EndpointStats{}
}

// Refused counts connections for which there was no ready endpoint, or whose endpoint refused them (and, with Retry, all others too).
func (s *Service) Refused() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

// probe asks all endpoints at every period for their readiness.
func (s *Service) probe(ctx context.Context, period time.Duration) {
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		for _, asked := range s.all() {
			err := asked.ready(ctx)
			s.mu.Lock()
			asked.stats.Ready = err == nil
			s.mu.Unlock()
		}
	}
}

func (s *Service) all() []*endpoint {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := make([]*endpoint, 0, len(s.endpoints))
	for _, one := range s.endpoints {
		found = append(found, one)
	}
	return found
}

func (s *Service) accept(ctx context.Context, listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return // closed
		}
		go s.serve(ctx, client)
	}
}

func (s *Service) serve(ctx context.Context, client net.Conn) {
	defer client.Close() //nolint:errcheck // both ends may be gone
	chosen, server := s.connect(ctx)
	if chosen == nil {
		s.mu.Lock()
		s.refused++
		s.mu.Unlock()
		return
	}
	defer context.AfterFunc(ctx, func() { _, _ = server.Close(), client.Close() })()
	s.opened(chosen)
	ended, broken := forward(client, server)
	s.mu.Lock()
	defer s.mu.Unlock()
	chosen.stats.Open--
	if ended {
		chosen.stats.Ended++
	}
	if broken {
		chosen.stats.Broken++
	}
}

func (s *Service) opened(e *endpoint) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e.stats.Open++
	e.stats.Accepted++
}

// connect tries one ready endpoint, or each of them where told to.
func (s *Service) connect(ctx context.Context) (*endpoint, net.Conn) {
	ready, retry := s.ready()
	rand.Shuffle(len(ready), func(i, j int) { ready[i], ready[j] = ready[j], ready[i] }) //nolint:gosec // a Service deals at random too
	for _, one := range ready {
		if server, err := (&net.Dialer{}).DialContext(ctx, "tcp", one.address); err == nil {
			return one, server
		}
		if !retry {
			break
		}
	}
	return nil, nil
}

func (s *Service) ready() (ready []*endpoint, retry bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.endpoints {
		if one.stats.Ready {
			ready = append(ready, one)
		}
	}
	return ready, s.retry
}

// forward copies both ways until both are done, and tells whether the server ended it, and whether it owed an answer then.
func forward(client, server net.Conn) (ended, broken bool) {
	var mu sync.Mutex
	owing, left := false, false // by the client
	said := func(byClient bool) func() {
		return func() {
			mu.Lock()
			defer mu.Unlock()
			owing = byClient
		}
	}
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		_, _ = io.Copy(noting{client, said(false)}, server)
		mu.Lock()
		ended, broken = !left, !left && owing
		mu.Unlock()
		_ = client.Close()
	}()
	_, _ = io.Copy(noting{server, said(true)}, client)
	mu.Lock()
	left = true
	mu.Unlock()
	_ = server.Close()
	<-answered
	return ended, broken
}

// noting calls note before each write.
type noting struct {
	io.Writer
	note func()
}

func (n noting) Write(content []byte) (int, error) {
	n.note()
	return n.Writer.Write(content)
}
