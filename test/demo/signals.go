package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// untilToldToEnd ends with the first signal that asks this process to, or the make that started it. Further ones change
// nothing: the end is on its way and takes seconds, and who kills make has both make and the kernel tell us.
func untilToldToEnd(ctx context.Context) (context.Context, context.CancelFunc) {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(ctx, signals...)
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		makeWasTold(ctx)
		cancel()
	}()
	return ctx, func() {
		cancel()
		stop()
	}
}
