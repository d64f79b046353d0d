// Command demo runs all of TopicGate on this machine, shows it, and ends without leaving anything behind; `make demo`
// builds and starts it.
//
// It writes to .demo/ only, and listens on loopback only. .demo/env, for `source`, is written last of all, when the tour
// is over and everything is there to be tried; it is removed when the demo begins and when it ends.
package main

import (
	"context"
	"fmt"
	"os"
)

func main() {
	if err := newCommand().ExecuteContext(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}
