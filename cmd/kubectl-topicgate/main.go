// Command kubectl-topicgate helps people who run TopicGate; as a plugin of kubectl it is `kubectl topicgate`.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := interruptible(ctx, func() error { return newCommand().ExecuteContext(ctx) })
	code := conclude(ctx, os.Stderr, err)
	stop()
	os.Exit(code)
}
