package browser_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/test/kube"
)

var errNoBrowser = errors.New("there is no browser: run `make browser`, or name one in BROWSER")

// program is the browser's path.
func program(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	if named := os.Getenv("BROWSER"); named != "" {
		return named
	}
	path := filepath.Join(root(t), "bin", "browser", "chromium")
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(errNoBrowser)
		}
		t.Skipf("SKIPPED, NOT TESTED IN A BROWSER: %v", errNoBrowser)
	}
	return path
}

func root(t *testing.T) string {
	t.Helper()
	path, err := kube.RepositoryRoot()
	require.NoError(t, err)
	return path
}

// artifact keeps what somebody may want to look at.
func artifact(t *testing.T, name string, content []byte) {
	t.Helper()
	dir := os.Getenv("ARTIFACTS")
	if dir == "" {
		dir = filepath.Join(root(t), "bin", "artifacts")
	}
	require.NoError(t, os.MkdirAll(dir, 0o750))
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
}

// browser is a browser that runs.
type browser struct{ ctx context.Context }

// start starts a browser that several tests share, each with a tab of its own.
func start(t *testing.T) browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program(t)))
	if os.Geteuid() == 0 { // the sandbox refuses root, which containers run as
		options = append(options, chromedp.NoSandbox)
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	started, end := chromedp.NewContext(allocator)
	t.Cleanup(end)
	require.NoError(t, chromedp.Do(started))
	return browser{started}
}

// tab is a tab with everything in it that must not be.
type tab struct {
	*testing.T
	ctx context.Context

	mu       sync.Mutex
	requests []string
	problems []string
}

// open opens a report in a new tab of the given size.
func (r browser) open(t *testing.T, a report.AuditReport, width, height int64, more ...action) *tab {
	t.Helper()
	path := filepath.Join(t.TempDir(), "audit.html")
	file, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, report.WriteAudit(file, "html", a))
	require.NoError(t, file.Close())
	ctx, end := chromedp.NewContext(r.ctx)
	t.Cleanup(end)
	ctx, late := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(late)
	opened := &tab{T: t, ctx: ctx}
	require.NoError(t, chromedp.Listen(ctx, opened.hear))
	opened.do(send(network.Enable, network.EnableParams{}), send(log.Enable, cdp.Empty{}), chromedp.EmulateViewport(width, height))
	opened.do(more...)
	opened.do(chromedp.Navigate("file://" + path))
	return opened
}

func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch said := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, said.Request.URL)
	case *runtime.EventConsoleAPICalled:
		b.problems = append(b.problems, fmt.Sprintf("console.%s", said.Type))
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, said.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		b.problems = append(b.problems, said.Entry.Text)
	case *page.EventJavascriptDialogOpening:
		b.problems = append(b.problems, "dialog: "+said.Message)
	}
}

func (b *tab) do(actions ...action) {
	b.Helper()
	require.NoError(b, chromedp.Do(b.ctx, actions...))
}

// ask is what a script of ours, not of the page, finds in it.
func ask[T any](b *tab, script string) T {
	b.Helper()
	answer, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	require.NoError(b, err)
	return answer
}

// quiet requires that the page asked nobody for anything and had nothing to complain about.
func (b *tab) quiet() {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	require.Len(b, b.requests, 1, "only the page itself: %v", b.requests)
	require.Empty(b, b.problems)
}

// shoot leaves two screenshots: what is seen first, and the whole page.
func (b *tab) shoot(name string) {
	b.Helper()
	seen, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	require.NoError(b, err)
	artifact(b.T, name+".png", seen)
	whole, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	require.NoError(b, err)
	artifact(b.T, name+"-whole.png", whole)
}

func media(feature, value string) action {
	return send(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: feature, Value: value}}})
}

func scripts(disabled bool) action {
	return send(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: disabled})
}

// action is something done in a tab.
type action = chromedp.Action[chromedp.Void]

// send sends a command of the browser's own protocol.
func send[P, R any](command cdp.Command[P, R], params P) action {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}
