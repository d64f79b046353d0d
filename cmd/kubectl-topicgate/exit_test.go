package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAnInterruptionEndsEvenWhatReadsATerminal(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	forever := make(chan struct{})
	defer close(forever)
	cancel()
	err := interruptible(ctx, func() error { <-forever; return nil })
	var stderr bytes.Buffer
	assert.Equal(t, exitInterrupted, conclude(ctx, &stderr, err))
	assert.Equal(t, "kubectl-topicgate: interrupted\n", stderr.String())
}
