package kube

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
)

// Below the range from which kernels take the ports of outgoing connections (32768 and up on Linux): a port there stays
// ours while the server that listens on it is stopped and started again.
const (
	firstPort = 20000
	lastPort  = 31999
)

var errNoFreePort = errors.New("finding a free loopback port: none in a hundred tries")

// freePort returns a loopback port on which nothing listens.
func freePort() (int, error) {
	for range 100 {
		port := firstPort + rand.IntN(lastPort-firstPort+1) //nolint:gosec // any port will do, nobody must be kept from guessing it
		listener, err := net.Listen("tcp", loopback(port))  //nolint:noctx // nothing to cancel: it returns at once
		if err != nil {
			continue
		}
		if err := listener.Close(); err == nil {
			return port, nil
		}
	}
	return 0, errNoFreePort
}

func loopback(port int) string {
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
}
