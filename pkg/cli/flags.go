package cli

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"
)

// ErrBadFlag is wrapped by every error about a flag's value.
var ErrBadFlag = errors.New("bad flag")

// BadFlag is the error of a flag whose value is not allowed: it names the flag, the value and what is allowed.
func BadFlag(name string, value any, allowed string) error {
	return fmt.Errorf("%w: --%s=%v: want %s", ErrBadFlag, name, value, allowed)
}

// CheckPort refuses what is no TCP port to listen on. It returns an ErrBadFlag.
func CheckPort(name string, port int) error {
	if port < 1 || port > 65535 {
		return BadFlag(name, port, "a port, 1 to 65535")
	}
	return nil
}

// CheckAddress refuses what is no address to listen on; 0 switches a listener off. It returns an ErrBadFlag.
func CheckAddress(name, address string) error {
	if address == "0" {
		return nil
	}
	const allowed = "an address such as :8080 or 127.0.0.1:8080, or 0 for none"
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return BadFlag(name, address, allowed)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return BadFlag(name, address, allowed)
	}
	return nil
}

// CheckAtLeast refuses a duration that is too short. It returns an ErrBadFlag.
func CheckAtLeast(name string, value, least time.Duration) error {
	if value < least {
		return BadFlag(name, value, least.String()+" or more")
	}
	return nil
}
