package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// makeWasTold returns when the make that started this process was told to end by a SIGINT or SIGHUP of its own, as
// `kill -INT` sends it and Ctrl-C does not. GNU make then waits for its children without telling them, for ever in our
// case; but it has stopped catching that signal, and that can be seen. It returns with ctx, too.
func makeWasTold(ctx context.Context) {
	status := fmt.Sprintf("/proc/%d/status", os.Getppid())
	const both = 1<<(syscall.SIGINT-1) | 1<<(syscall.SIGHUP-1)
	before, isMake := caught(status)
	if !isMake {
		<-ctx.Done()
		return
	}
	ticker := time.NewTicker(500 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		// What was ignored from the start, as nohup has it, is not missed.
		if now, there := caught(status); there && before&both&^now != 0 {
			return
		}
	}
}

// caught is the set of signals for which the process of a /proc/<pid>/status has a handler; false where it is no make.
func caught(status string) (signals uint64, isMake bool) {
	content, err := os.ReadFile(status)
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(content)) {
		switch key, value, _ := strings.Cut(line, ":"); key {
		case "Name":
			isMake = strings.HasSuffix(strings.TrimSpace(value), "make") // gmake where make is another one
		case "SigCgt":
			if signals, err = strconv.ParseUint(strings.TrimSpace(value), 16, 64); err != nil {
				return 0, false
			}
		}
	}
	return signals, isMake
}
