package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/topicgate/topicgate/test/demo/parts"
	"github.com/topicgate/topicgate/test/demo/terminal"
	"github.com/topicgate/topicgate/test/demo/tour"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/kube/process"
)

var (
	errInterrupted = errors.New("told to end before the tour was over")
	errStuck       = errors.New("some part did not end in time and was killed")
)

// run plays the demo: start, tour, and unless only the tour was asked for, stay until somebody ends it.
func run(ctx context.Context, o options, out io.Writer) (err error) {
	root, err := kube.RepositoryRoot()
	if err != nil {
		return err
	}
	settings := parts.Options{
		Root: root, Dir: below(root, o.dir), Programs: below(root, o.programs),
		Kafka: parts.Kafka(o.kafka), KafkaVersion: o.kafkaVersion,
	}
	if err := settings.Check(); err != nil {
		return err
	}
	if err := process.EndWithParent(); err != nil {
		return err
	}
	ctx, stop := untilToldToEnd(ctx)
	defer stop()
	lock, err := takeOver(settings.Dir)
	if err != nil {
		return err
	}
	defer lock.Close() //nolint:errcheck // the end of the process frees it too
	if ctx, err = divertLogs(ctx, filepath.Join(settings.Dir, "logs")); err != nil {
		return err
	}
	d := demo{options: settings, shown: o, terminal: terminal.New(out)}
	return d.play(ctx)
}

// below is a path relative to the repository, or an absolute one as it is.
func below(root, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(root, path)
}

// demo is one run.
type demo struct {
	options parts.Options
	// shown has the directories as the user gave them, to be printed.
	shown    options
	terminal *terminal.Terminal
}

func (d demo) play(ctx context.Context) (err error) {
	d.terminal.Say("TopicGate's demo. It writes to %s/ only and listens on loopback only; Ctrl-C ends it.\n", d.shown.dir)
	running, err := parts.Start(ctx, d.options, d.terminal)
	defer func() { err = errors.Join(err, d.end(running)) }()
	if err == nil {
		err = tour.Play(ctx, d.stage(running))
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	if err != nil {
		return fmt.Errorf("%w\nThe logs are in %s", err, filepath.Join(d.shown.dir, "logs"))
	}
	d.terminal.Say("\n✓ The tour is over: everything was as it should be.")
	if d.shown.tourOnly {
		return nil
	}
	return d.stay(ctx, running)
}

// stay says what to try, writes the environment for it, and waits for the end.
func (d demo) stay(ctx context.Context, running *parts.Parts) error {
	d.suggest(running)
	env := environmentOf(running)
	if err := env.write(filepath.Join(d.options.Dir, envFile)); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// end stops everything. What was told to end and does not is left to the kernel, which ends it with this process.
func (d demo) end(running *parts.Parts) error {
	const patience = 30 * time.Second
	_ = os.Remove(filepath.Join(d.options.Dir, envFile)) // from now on it would only mislead
	ended := make(chan error, 1)
	go func() {
		ended <- d.terminal.Step("everything has ended", running.Stop)
	}()
	select {
	case err := <-ended:
		return err
	case <-time.After(patience):
		return fmt.Errorf("%w: %s", errStuck, patience)
	}
}

func (d demo) stage(running *parts.Parts) tour.Stage {
	return tour.Stage{
		Terminal: d.terminal, Root: d.options.Root, Dir: filepath.Join(d.shown.dir, "tour"),
		Demo: filepath.Join(d.shown.programs, "demo"), Namespace: parts.Namespace, Cluster: parts.Cluster, Env: environmentOf(running).forTour(d.options),
	}
}
