package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/go-logr/logr"
	"github.com/go-logr/zapr"

	"github.com/topicgate/topicgate/pkg/cli"
)

// divertLogs sends what the libraries in this process say (cert-manager, client-go, kustomize) to dir/demo.log: the
// terminal is for the user. The context carries the logger.
func divertLogs(ctx context.Context, dir string) (context.Context, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return ctx, fmt.Errorf("making the directory of the logs: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, "demo.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return ctx, fmt.Errorf("opening the demo's log: %w", err)
	}
	logger, err := cli.NewLogger("info", file)
	if err != nil {
		return ctx, err
	}
	cli.BridgeLibraries(logger)
	log.SetOutput(file)
	return logr.NewContext(ctx, zapr.NewLogger(logger)), nil
}
