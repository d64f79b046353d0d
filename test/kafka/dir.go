package kafkatest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

const (
	dirPrefix = "topicgate-kafka-"
	lockFile  = "in-use"
	// roomNeeded is how much memory must be free in /dev/shm before data goes there: a cluster of three nodes with a
	// thousand topics writes some 300 MB.
	roomNeeded = 2 << 30
)

// workDir is a directory that goes away with its cluster. Its lock tells a later run whether the process that made it
// still lives: whatever a killed process left behind, in memory at that, is removed by the next one.
type workDir struct {
	path string
	lock *os.File
	keep bool
}

func newWorkDir(chosen string) (*workDir, error) {
	if chosen != "" {
		path, err := filepath.Abs(chosen)
		if err != nil {
			return nil, fmt.Errorf("resolving %q: %w", chosen, err)
		}
		if err := os.MkdirAll(path, 0o700); err != nil {
			return nil, fmt.Errorf("creating Kafka's directory: %w", err)
		}
		return &workDir{path: path, keep: true}, nil
	}
	base := tempBase()
	sweep(base)
	path, err := os.MkdirTemp(base, dirPrefix)
	if err != nil {
		return nil, fmt.Errorf("creating Kafka's directory: %w", err)
	}
	lock, err := lockDir(path)
	if err != nil {
		return nil, fmt.Errorf("locking Kafka's directory: %w", err)
	}
	return &workDir{path: path, lock: lock}, nil
}

// lockDir names the lock file only once the lock is held, or another process's sweep could come between.
func lockDir(path string) (*os.File, error) {
	lock, err := os.CreateTemp(path, lockFile)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock, os.Rename(lock.Name(), filepath.Join(path, lockFile))
}

// remove frees the directory, unless the caller of Start chose it.
func (w *workDir) remove() error {
	if w.keep {
		return nil
	}
	_ = w.lock.Close()
	if err := os.RemoveAll(w.path); err != nil {
		return fmt.Errorf("removing Kafka's directory: %w", err)
	}
	return nil
}

// tempBase prefers memory: brokers sync a lot, and their data is worth nothing after the test.
func tempBase() string {
	const shm = "/dev/shm"
	var stat syscall.Statfs_t
	if syscall.Statfs(shm, &stat) != nil || stat.Bavail*uint64(stat.Bsize) < roomNeeded {
		return os.TempDir()
	}
	probe, err := os.CreateTemp(shm, dirPrefix)
	if err != nil {
		return os.TempDir()
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	return shm
}

// sweep removes directories whose process died without stopping its cluster.
func sweep(base string) {
	locks, err := filepath.Glob(filepath.Join(base, dirPrefix+"*", lockFile))
	if err != nil {
		return
	}
	for _, name := range locks {
		lock, err := os.Open(name)
		if err != nil {
			continue
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.RemoveAll(filepath.Dir(name))
		}
		_ = lock.Close()
	}
}
