package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/topicgate/topicgate/test/kube/process"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the program at once.
	context.AfterFunc(ctx, stop)
	err := dispatch(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// dispatch runs the benchmark or, in a process of its own, one of the floors that it measures beside ours.
func dispatch(ctx context.Context, args []string, out, log io.Writer) error {
	if err := process.EndWithParent(); err != nil {
		return err
	}
	if len(args) > 0 && args[0] == observeCommand {
		return runObserver(ctx, args[1:], out)
	}
	o, err := parse(args, log)
	if err != nil {
		return err
	}
	return run(ctx, o, out, log)
}

// section is one part of the benchmark.
type section struct {
	name string
	run  func(*bench, context.Context) error
}

func sections() []section {
	return []section{
		{"handlers", (*bench).handlers},
		{"policies", (*bench).policies},
		{"admission", (*bench).admission},
		{"ready", (*bench).ready},
		{"idle", (*bench).idle},
	}
}

// bench is what the sections share.
type bench struct {
	options
	report   report
	log      io.Writer
	dir      string
	programs programs
	// brokers are the kinds of brokers that this machine can run.
	brokers []brokerKind
}

func run(ctx context.Context, o options, out, log io.Writer) error {
	dir, err := os.MkdirTemp(o.dir, "topicgate-bench-")
	if err != nil {
		return fmt.Errorf("making a working directory: %w", err)
	}
	defer os.RemoveAll(dir)        //nolint:errcheck // it lies among other temporary files
	ctrl.SetLogger(logr.Discard()) // clients made by controller-runtime ask for one
	b := &bench{options: o, log: log, dir: dir}
	b.report.machine = describeMachine()
	b.report.options = o
	b.say("%s", b.report.machine)
	if b.programs, err = build(ctx, dir, o.quick); err != nil {
		return err
	}
	b.brokers = b.availableBrokers()
	if err := b.runSections(ctx); err != nil {
		b.write = false // what was measured is shown, and not published
		return errors.Join(err, b.finish(out))
	}
	return b.finish(out)
}

func (b *bench) runSections(ctx context.Context) error {
	for _, section := range sections() {
		if len(b.only) > 0 && !slices.Contains(b.only, section.name) {
			continue
		}
		started := time.Now()
		if err := section.run(b, ctx); err != nil {
			return fmt.Errorf("section %s: %w", section.name, err)
		}
		b.say("section %s took %s", section.name, time.Since(started).Round(time.Second))
	}
	return nil
}

func (b *bench) finish(out io.Writer) error {
	b.report.machine.loadAfter = loadAverage()
	text := b.report.markdown()
	if _, err := io.WriteString(out, text); err != nil {
		return fmt.Errorf("printing the tables: %w", err)
	}
	if !b.write {
		return nil
	}
	return writeInto(b.file, text)
}

// say prints a line of progress.
func (b *bench) say(format string, args ...any) {
	// A benchmark whose progress nobody reads goes on.
	_, _ = fmt.Fprintf(b.log, time.Now().Format("15:04:05 ")+format+"\n", args...)
}
