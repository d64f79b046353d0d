// Command syncer makes the topics of Kafka clusters match the KafkaTopics of a Kubernetes API server, one way.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := newCommand().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "syncer:", err)
		os.Exit(1) //nolint:gocritic // the process ends here; the signal handler goes with it
	}
}
