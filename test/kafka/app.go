package kafkatest

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// AppsVersion is the release of the client applications, whatever the brokers' is.
const AppsVersion = "4.3.1"

const (
	appHeapMiB = 256
	// appTimeout is how long an application may take until it works: a JVM, a compiler and two rebalances on a busy machine.
	appTimeout = 90 * time.Second
	appPoll    = 100 * time.Millisecond
)

// appsSource is run from source, which spares a build step.
//
//go:embed apps/Apps.java
var appsSource []byte

var errApp = errors.New("client application")

// App is a real client application, a process of its own. It ends with its test, or with the test's process.
type App struct {
	dir     *workDir
	process *process
	cancel  context.CancelFunc
}

// startApp runs java for a test, which is skipped where a JDK or the jars are missing; see [ForTest].
func startApp(t testing.TB, prepare func(dir string) (args []string, err error)) *App {
	t.Helper()
	java, err := findJars("kafka-apps", AppsVersion)
	if errors.Is(err, ErrMissing) {
		SkipOrFail(t, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	app, err := launchApp(context.WithoutCancel(t.Context()), java, prepare)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the end of the application's log:\n%s", lastLines([]byte(app.Log())))
		}
		app.Stop()
		if err := app.dir.remove(); err != nil {
			t.Error(err)
		}
	})
	return app
}

func launchApp(ctx context.Context, java javaRuntime, prepare func(dir string) ([]string, error)) (*App, error) {
	dir, err := newWorkDir("")
	if err != nil {
		return nil, err
	}
	args, err := prepare(dir.path)
	if err != nil {
		return nil, errors.Join(err, dir.remove())
	}
	ctx, cancel := context.WithCancel(ctx)
	app := &App{dir: dir, cancel: cancel}
	app.process, err = startProcess(ctx, java.java, java.args(appHeapMiB, args[0], args[1:]...), app.logFile())
	if err != nil {
		cancel()
		return nil, errors.Join(err, dir.remove())
	}
	return app, nil
}

// Stop ends the application as its operator would, and kills it when that takes longer than 15 s. It may be called again.
func (a *App) Stop() {
	a.process.stop(stopGrace)
	a.cancel()
}

func (a *App) logFile() string { return filepath.Join(a.dir.path, "app.log") }

// Log is what the application has written.
func (a *App) Log() string {
	content, err := os.ReadFile(a.logFile())
	if err != nil {
		return err.Error()
	}
	return string(content)
}

// wait returns once ready says so, or with an error once the application has ended or taken too long.
func (a *App) wait(t testing.TB, ready func(ctx context.Context) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), appTimeout)
	defer cancel()
	tick := time.NewTicker(appPoll)
	defer tick.Stop()
	for !ready(ctx) {
		select {
		case <-a.process.done:
			if !ready(ctx) {
				t.Fatalf("%v: it ended", errApp)
			}
			return
		case <-ctx.Done():
			t.Fatalf("%v: not ready: %v", errApp, ctx.Err())
		case <-tick.C:
		}
	}
}

// says is for wait: a line of the log.
func (a *App) says(line string) func(context.Context) bool {
	return func(context.Context) bool { return strings.Contains(a.Log(), line+"\n") }
}

// fromSource are the arguments that run one of our own applications.
func fromSource(dir, command string, properties map[string]string, args ...string) ([]string, error) {
	source, config := filepath.Join(dir, "Apps.java"), filepath.Join(dir, "client.properties")
	if err := os.WriteFile(source, appsSource, 0o600); err != nil {
		return nil, fmt.Errorf("writing the application: %w", err)
	}
	if err := os.WriteFile(config, []byte(renderProperties(properties)), 0o600); err != nil {
		return nil, fmt.Errorf("writing the application's properties: %w", err)
	}
	return append([]string{source, command, config}, args...), nil
}
