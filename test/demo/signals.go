package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// untilToldToEnd ends with the first signal that asks this process to. Further ones change nothing: the end is on its way
// and takes seconds, and who kills make has both make and the kernel tell us.
func untilToldToEnd(ctx context.Context) (context.Context, context.CancelFunc) {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		signals = append(signals, syscall.SIGHUP)
	}
	return signal.NotifyContext(ctx, signals...)
}
