package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

var errProc = errors.New("reading what a process used")

// usage is what a process used since it began.
type usage struct {
	cpu time.Duration
	// bytes read and written, files and network alike.
	bytes int64
}

// clockTick is the unit of CPU times in /proc, the same on every Linux.
const clockTick = 10 * time.Millisecond

func usageOf(pid int) (usage, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return usage{}, fmt.Errorf("%w: %w", errProc, err)
	}
	// The second field is the program's name in brackets, which may hold anything.
	fields := strings.Fields(string(stat[strings.LastIndex(string(stat), ")")+1:]))
	const user, system = 11, 12
	if len(fields) <= system {
		return usage{}, fmt.Errorf("%w: %q", errProc, stat)
	}
	var used usage
	for _, field := range []int{user, system} {
		ticks, err := strconv.ParseInt(fields[field], 10, 64)
		if err != nil {
			return usage{}, fmt.Errorf("%w: %w", errProc, err)
		}
		used.cpu += time.Duration(ticks) * clockTick
	}
	for _, name := range []string{"rchar", "wchar"} {
		count, err := strconv.ParseInt(procField(fmt.Sprintf("/proc/%d/io", pid), name), 10, 64)
		if err != nil {
			return usage{}, fmt.Errorf("%w: %w", errProc, err)
		}
		used.bytes += count
	}
	return used, nil
}

func (u usage) minus(other usage) usage { return usage{u.cpu - other.cpu, u.bytes - other.bytes} }

// resident is the memory of a process: now, and at most since it began.
func resident(pid int) (now, peak int64, err error) {
	path := fmt.Sprintf("/proc/%d/status", pid)
	if now, err = kibibytes(procField(path, "VmRSS")); err != nil {
		return 0, 0, err
	}
	peak, err = kibibytes(procField(path, "VmHWM"))
	return now, peak, err
}

func kibibytes(text string) (int64, error) {
	count, err := strconv.ParseInt(strings.TrimSuffix(text, " kB"), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errProc, err)
	}
	return count << 10, nil
}

// cpuOf is the CPU time of a process, none where there is no process.
func cpuOf(pid int) (time.Duration, error) {
	if pid == 0 {
		return 0, nil
	}
	used, err := usageOf(pid)
	return used.cpu, err
}

// partsCPU is the CPU time of the processes that take part in a create.
type partsCPU struct{ webhook, apiServer, etcd time.Duration }

func (p partsCPU) plus(other partsCPU) partsCPU {
	return partsCPU{p.webhook + other.webhook, p.apiServer + other.apiServer, p.etcd + other.etcd}
}

func (p partsCPU) minus(other partsCPU) partsCPU {
	return partsCPU{p.webhook - other.webhook, p.apiServer - other.apiServer, p.etcd - other.etcd}
}

// childNamed is the process number of the one child of this process that runs a program of that name.
func childNamed(name string) (int, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errProc, err)
	}
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		prefix := fmt.Sprintf(" (%s) ", name)
		pid, rest, found := strings.Cut(string(stat), prefix)
		if fields := strings.Fields(rest); !found || len(fields) < 2 || fields[1] != strconv.Itoa(os.Getpid()) {
			continue
		}
		return strconv.Atoi(pid)
	}
	return 0, fmt.Errorf("%w: no %s was started here", errProc, name)
}
