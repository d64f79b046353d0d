// Package process runs the programs of the harness and the demo so that none outlives its caller: a process ends when
// its context does, when it is stopped, and (on Linux) when the calling process dies in whatever way, kill -9 included.
package process

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// defaultGrace is what a process gets between SIGTERM and SIGKILL where its Command names nothing else.
const defaultGrace = 10 * time.Second

// Command says what to run.
type Command struct {
	// Path of the program.
	Path string
	// Args without the program's name.
	Args []string
	// Env is the whole environment; nil means this process's own.
	Env []string
	// Dir is the working directory; empty means this process's own.
	Dir string
	// LogFile receives stdout and stderr, appended; empty means that they are dropped.
	LogFile string
	// Grace is the time from SIGTERM to SIGKILL when the process is stopped; zero means 10 seconds.
	Grace time.Duration
}

// Process is a started Command.
type Process struct {
	cmd    *exec.Cmd
	cancel context.CancelFunc
	exited chan struct{}
	err    error // written before exited is closed
}

// Start starts the command and returns as soon as it runs; the end of ctx stops it as Stop does.
func Start(ctx context.Context, command Command) (*Process, error) {
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, command.Path, command.Args...)
	cmd.Env, cmd.Dir = command.Env, command.Dir
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if cmd.WaitDelay = command.Grace; cmd.WaitDelay == 0 {
		cmd.WaitDelay = defaultGrace
	}
	if command.LogFile != "" {
		// A file, not a pipe: the child keeps it when we die, and nothing has to copy.
		log, err := os.OpenFile(command.LogFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			cancel()
			return nil, fmt.Errorf("opening the log of %s: %w", command.Path, err)
		}
		defer log.Close() //nolint:errcheck // the child holds its own descriptor
		cmd.Stdout, cmd.Stderr = log, log
	}
	p := &Process{cmd: cmd, cancel: cancel, exited: make(chan struct{})}
	started := make(chan error, 1)
	go p.run(started)
	if err := <-started; err != nil {
		cancel()
		return nil, fmt.Errorf("starting %s: %w", command.Path, err)
	}
	return p, nil
}

// run starts the command and waits for it on one OS thread of its own: the kernel delivers the parent-death signal when
// the *thread* that started a child ends, and the Go runtime ends idle threads as it likes.
func (p *Process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	p.cmd.SysProcAttr = attributes()
	err := p.cmd.Start()
	started <- err
	if err == nil {
		p.err = p.cmd.Wait()
	}
	p.cancel()
	close(p.exited)
}

// Run runs a short-lived command to its end under the same guarantee as Start. It sets cmd.SysProcAttr.
func Run(cmd *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = attributes()
	return cmd.Run()
}

// PID of the process, also after its end.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Exited is closed when the process has ended and was waited for.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Err is how the process ended, as exec.Cmd's Wait tells it; nil while it runs.
func (p *Process) Err() error {
	select {
	case <-p.exited:
		return p.err
	default:
		return nil
	}
}

// Stop asks the process to end (SIGTERM), kills it when its grace is over, and returns when it is gone. Stopping twice
// is harmless.
func (p *Process) Stop() {
	p.cancel()
	<-p.exited
}

// Kill ends the process with SIGKILL and returns when it is gone: what a crash looks like to everybody else.
func (p *Process) Kill() {
	// It can only fail because the process has ended already, which is what was asked for.
	_ = p.cmd.Process.Kill()
	<-p.exited
}
