package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/topicgate/topicgate/pkg/offline/manifest"
)

// What the process ends with, beside 0.
const (
	exitDenied      = 1
	exitUsage       = 2
	exitWarned      = 3
	exitInput       = 4
	exitUnreachable = 5
	exitInterrupted = 130
)

// Results that are no failure of the program; what was found has been told already.
var (
	errDenied = errors.New("something would be denied")
	errWarned = errors.New("there are warnings")
)

// coded is an error that ends the process with a certain code.
type coded struct {
	code int
	error
}

func (c coded) Unwrap() error { return c.error }

// badInput says that something that was given cannot be read.
func badInput(err error) error { return coded{exitInput, err} }

// badInputs is badInput for problems in files, each on a line of its own.
func badInputs(problems []manifest.Problem) error {
	errs := make([]error, len(problems))
	for i, problem := range problems {
		errs[i] = problem
	}
	return badInput(errors.Join(errs...))
}

// unreachable says that the cluster cannot be read.
func unreachable(err error) error { return coded{exitUnreachable, err} }

// conclude tells an error, unless it has been told, and is the code to end with.
func conclude(ctx context.Context, stderr io.Writer, err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errDenied):
		return exitDenied
	case errors.Is(err, errWarned):
		return exitWarned
	case ctx.Err() != nil:
		_, _ = fmt.Fprintln(stderr, "kubectl-topicgate: interrupted")
		return exitInterrupted
	}
	_, _ = fmt.Fprintln(stderr, "kubectl-topicgate:", err)
	if known, is := errors.AsType[coded](err); is {
		return known.code
	}
	return exitUsage
}

// patience is how long a command may take to end once it is interrupted; one that reads a terminal never notices.
const patience = time.Second

// interruptible runs something until it ends or, after an interruption, for a moment more.
func interruptible(ctx context.Context, run func() error) error {
	ended := make(chan error, 1)
	go func() { ended <- run() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-ended:
		return err
	case <-time.After(patience):
		return ctx.Err()
	}
}
