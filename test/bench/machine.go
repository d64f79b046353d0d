package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// machine is what the figures were measured on. What cannot be read is "unknown": the figures stand without it.
type machine struct {
	cpu                   string
	cores                 int
	memory                string
	system, goVersion     string
	loadBefore, loadAfter string
}

func describeMachine() machine {
	return machine{
		cpu: procField("/proc/cpuinfo", "model name"), cores: runtime.NumCPU(), memory: memory(),
		system: runtime.GOOS + "/" + runtime.GOARCH, goVersion: runtime.Version(), loadBefore: loadAverage(),
	}
}

// String is the machine in one line.
func (m machine) String() string {
	return fmt.Sprintf("%d cores (%s), %s of memory, %s, %s", m.cores, m.cpu, m.memory, m.system, m.goVersion)
}

func memory() string {
	kib, err := strconv.ParseInt(strings.TrimSuffix(procField("/proc/meminfo", "MemTotal"), " kB"), 10, 64)
	if err != nil {
		return "unknown"
	}
	return fmt.Sprintf("%d GiB", (kib+1<<19)>>20)
}

// loadAverage of the last minute tells how busy the machine was with whatever.
func loadAverage() string {
	content, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(content), " ")
	return first
}

// procField is the value of the first line of a name in a file of "name: value" lines.
func procField(path, name string) string {
	file, err := os.Open(path)
	if err != nil {
		return "unknown"
	}
	defer file.Close() //nolint:errcheck // it was only read
	for lines := bufio.NewScanner(file); lines.Scan(); {
		key, value, _ := strings.Cut(lines.Text(), ":")
		if strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// Each partition of a real Kafka keeps a log open and two index files mapped, beside what the server itself needs.
const (
	filesBesides = 100
	mapsBesides  = 500
)

// lacksFor says which limit of this machine forbids a real Kafka with that many partitions; empty when none does.
func lacksFor(partitions int) string {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err == nil && files.Max < uint64(partitions+filesBesides) {
		return fmt.Sprintf("%s open files (ulimit -Hn says %d)", number(partitions+filesBesides), files.Max)
	}
	content, err := os.ReadFile("/proc/sys/vm/max_map_count")
	if err != nil {
		return "" // no such limit here
	}
	maps, err := strconv.Atoi(strings.TrimSpace(string(content)))
	if err == nil && maps < 2*partitions+mapsBesides {
		return fmt.Sprintf("%s memory maps (vm.max_map_count is %d)", number(2*partitions+mapsBesides), maps)
	}
	return ""
}
