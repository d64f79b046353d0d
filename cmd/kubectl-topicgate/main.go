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
	err := newCommand().ExecuteContext(ctx)
	stop()
	os.Exit(conclude(ctx, os.Stderr, err))
}
