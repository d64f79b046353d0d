package kafkatest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
)

const loopback = "127.0.0.1"

// Below the range that Linux (32768 up) and others take the ports of outgoing connections from: a port chosen here
// stays free while its node is down, so that the node finds it again.
const lowestPort, highestPort = 18000, 32000

var errNoPort = errors.New("no free loopback port")

// freePorts returns n different ports that nothing listens on just now. Another process can still win the race for
// one: see onFreePorts.
func freePorts(n int) ([]int, error) {
	seen := map[int]bool{}
	ports := make([]int, 0, n)
	for tries := 0; len(ports) < n; tries++ {
		if tries > 1000 {
			return nil, fmt.Errorf("%w between %d and %d", errNoPort, lowestPort, highestPort)
		}
		port := lowestPort + rand.IntN(highestPort-lowestPort) //nolint:gosec // a port number is no secret
		if seen[port] || !portFree(port) {
			continue
		}
		seen[port] = true
		ports = append(ports, port)
	}
	return ports, nil
}

// onFreePorts calls start again, thrice at most, when a port that it chose was taken by somebody quicker.
func onFreePorts[T any](start func() (T, error)) (T, error) {
	const attempts = 3
	for attempt := 1; ; attempt++ {
		started, err := start()
		if err != nil && attempt < attempts && strings.Contains(strings.ToLower(err.Error()), "address already in use") {
			continue
		}
		return started, err
	}
}

func portFree(port int) bool {
	listener, err := net.Listen("tcp", address(port)) //nolint:noctx // listening on loopback does not wait
	if err != nil {
		return false
	}
	return listener.Close() == nil
}

func address(port int) string { return net.JoinHostPort(loopback, strconv.Itoa(port)) }
