package kube

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"time"

	"k8s.io/client-go/rest"
)

// CountingProxy stands between a client and the Kubernetes API, lends the client an identity, and keeps a record of
// every request that changes something. Law 7 (a converged system makes no writes) is held with it: what a program claims
// about itself is no proof, what it sent is. Connection upgrades (exec, port-forward) do not pass.
type CountingProxy struct {
	ledger ledger
	config *rest.Config
	port   string
}

// NewCountingProxy serves on loopback until ctx ends, and forwards to the API server with the credentials of config, so
// that its client has the rights of that identity and no other. Clients need no credentials of their own.
func NewCountingProxy(ctx context.Context, config *rest.Config) (*CountingProxy, error) {
	backend, err := url.Parse(config.Host)
	if err != nil {
		return nil, fmt.Errorf("parsing the API server's address: %w", err)
	}
	// HTTP/2 as clients use it themselves; more connections are opened where one has no stream left.
	transport, err := rest.TransportFor(config)
	if err != nil {
		return nil, fmt.Errorf("making the proxy's transport: %w", err)
	}
	authority, err := newAuthority("topicgate-counting-proxy")
	if err != nil {
		return nil, err
	}
	listener, err := listen(ctx, authority)
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return nil, fmt.Errorf("reading the proxy's port: %w", err)
	}
	proxy := &CountingProxy{port: port, config: &rest.Config{
		Host: "https://" + listener.Addr().String(), QPS: -1,
		// Nobody looks at it, but kubectl asks for a password where there are no credentials at all.
		BearerToken:     "none-needed",
		TLSClientConfig: rest.TLSClientConfig{CAData: authority.pem},
	}}
	server := &http.Server{Handler: proxy.handler(backend, transport), ReadHeaderTimeout: time.Minute, ErrorLog: quiet()}
	go server.Serve(listener)                             //nolint:errcheck // it ends with the context, which is no news
	context.AfterFunc(ctx, func() { _ = server.Close() }) // watches never end by themselves
	return proxy, nil
}

// listen serves TLS with HTTP/2, because clients speak to a plain HTTP address in HTTP/1.1, a connection per request in
// flight, which is not how they speak to an API server.
func listen(ctx context.Context, authority *authority) (net.Listener, error) {
	serving, err := authority.serving()
	if err != nil {
		return nil, err
	}
	certificate, err := tls.X509KeyPair(serving.cert, serving.key)
	if err != nil {
		return nil, fmt.Errorf("loading the proxy's certificate: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for the proxy: %w", err)
	}
	return tls.NewListener(listener, &tls.Config{
		Certificates: []tls.Certificate{certificate}, NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12,
	}), nil
}

func (p *CountingProxy) handler(backend *url.URL, transport http.RoundTripper) http.Handler {
	forward := &httputil.ReverseProxy{
		Rewrite: func(request *httputil.ProxyRequest) {
			request.SetURL(backend)
			request.Out.Header.Del("Authorization") // the transport brings its own
		},
		Transport:     transport,
		FlushInterval: -1, // watch events at once
		ErrorLog:      quiet(),
		// Before the client sees the answer: whoever has one finds its request in the record.
		ModifyResponse: func(response *http.Response) error {
			p.ledger.record(response.Request, response.StatusCode)
			return nil
		},
		ErrorHandler: func(writer http.ResponseWriter, request *http.Request, err error) {
			// The API server may have carried out what it could not answer any more, so this counts too.
			p.ledger.record(request, http.StatusBadGateway)
			http.Error(writer, "forwarding to the API server: "+err.Error(), http.StatusBadGateway)
		},
	}
	return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		described, err := describe(request)
		if err != nil {
			http.Error(writer, err.Error(), http.StatusBadRequest)
			return
		}
		forward.ServeHTTP(writer, described)
	})
}

// Config returns a configuration for a client that speaks through the proxy.
func (p *CountingProxy) Config() *rest.Config { return rest.CopyConfig(p.config) }

// Kubeconfig writes a kubeconfig that leads through the proxy to dir, which must exist, and returns its path.
func (p *CountingProxy) Kubeconfig(dir string) (string, error) {
	// The port tells the kubeconfigs of several proxies in one directory apart.
	path := filepath.Join(dir, "proxy-"+p.port+".kubeconfig")
	return path, WriteKubeconfig(p.config, path)
}

// quiet drops what net/http says about clients that were killed or gave up: tests do that on purpose.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }
