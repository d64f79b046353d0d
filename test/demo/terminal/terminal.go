// Package terminal prints the demo's progress: short lines, each with how long its step took.
package terminal

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// Terminal is where the demo's user reads. Its methods may be called from several goroutines.
type Terminal struct {
	mu  sync.Mutex
	out io.Writer
}

// New writes to out.
func New(out io.Writer) *Terminal { return &Terminal{out: out} }

// Step does something and says that it is done and how long it took, "  ✓ kube-apiserver ready (3.1 s)", or that it went
// wrong. The error is do's own.
func (t *Terminal) Step(what string, do func() error) error {
	began := time.Now()
	err := do()
	mark := "✓"
	if err != nil {
		mark = "✗"
	}
	t.Say("  %s %s (%.1f s)", mark, what, time.Since(began).Seconds())
	return err
}

// Say prints one line.
func (t *Terminal) Say(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	// Whoever closed the standard output wants no more of it; the demo goes on.
	_, _ = fmt.Fprintf(t.out, format+"\n", args...)
}

// Heading prints a title with a rule to the right of it.
func (t *Terminal) Heading(title string) {
	const width = 78
	rule := "── " + title + " "
	for n := len([]rune(rule)); n < width; n++ {
		rule += "─"
	}
	t.Say("\n%s", rule)
}

// Write prints a program's output as it is.
func (t *Terminal) Write(content []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.out.Write(content)
}
