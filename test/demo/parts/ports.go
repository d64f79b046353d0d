package parts

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// Below the range from which kernels take the ports of outgoing connections, which could otherwise come between here and
// the program that is to listen.
const firstPort, lastPort = 18000, 31999

var errNoFreePort = errors.New("finding free loopback ports")

// freePorts are different loopback ports on which nothing listens.
func freePorts(count int) ([]int, error) {
	var found []int
	for tries := 0; len(found) < count; tries++ {
		if tries == 1000 {
			return nil, errNoFreePort
		}
		port := firstPort + rand.IntN(lastPort-firstPort+1) //nolint:gosec // any port will do, nobody must be kept from guessing it
		listener, err := net.Listen("tcp", loopback(port))  //nolint:noctx // nothing to cancel: it returns at once
		if err != nil {
			continue
		}
		// Held until all are found, so that none is found twice.
		defer listener.Close() //nolint:errcheck // it listens for nobody
		found = append(found, port)
	}
	return found, nil
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

func metricsURL(port int) string { return fmt.Sprintf("http://%s/metrics", loopback(port)) }
