// Command barewebhook serves package allowall over TLS and HTTP/1.1, as our webhook serves, and nothing else. It is a
// program of its own so that its memory and its garbage collector know of nothing else either.
package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/topicgate/topicgate/test/bench/allowall"
	"github.com/topicgate/topicgate/test/kube/process"
)

func main() {
	// It serves until it is killed: what it returns from is an error.
	fmt.Fprintln(os.Stderr, "barewebhook:", serve(os.Args[1:]))
	os.Exit(1)
}

// serve ends with the process that started it, or by a signal. It never returns nil.
func serve(args []string) error {
	if err := process.EndWithParent(); err != nil {
		return err
	}
	flags := flag.NewFlagSet("barewebhook", flag.ContinueOnError)
	port := flags.Int("port", 0, "port on loopback")
	dir := flags.String("cert-dir", "", "directory with tls.crt and tls.key")
	if err := flags.Parse(args); err != nil {
		return err
	}
	server := &http.Server{
		Addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(*port)), Handler: allowall.Handler(), ReadHeaderTimeout: time.Minute,
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}},
	}
	return fmt.Errorf("serving: %w", server.ListenAndServeTLS(filepath.Join(*dir, "tls.crt"), filepath.Join(*dir, "tls.key")))
}
