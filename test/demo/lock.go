package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// lockFile, in the demo's directory, is locked while a demo runs and holds its process ID. The kernel frees the lock
// whatever way the process ends, so a killed demo never stands in the way of the next.
const lockFile = "lock"

var errRunning = errors.New("a demo runs here already")

// takeOver makes dir this process's own, and removes what an earlier demo left there: its env file first of all, which
// would say that something is ready. The lock holds until the file is closed.
func takeOver(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the demo's directory: %w", err)
	}
	path := filepath.Join(dir, lockFile)
	lock, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the demo's lock: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(running(path, err), lock.Close())
	}
	if err := errors.Join(removeRest(dir), lock.Truncate(0), writePID(lock)); err != nil {
		return nil, errors.Join(fmt.Errorf("preparing %s: %w", dir, err), lock.Close())
	}
	return lock, nil
}

func running(path string, err error) error {
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return fmt.Errorf("locking %s: %w", path, err)
	}
	pid, _ := os.ReadFile(path)
	return fmt.Errorf("%w, as process %s: end it with Ctrl-C where it runs, or with: kill %[2]s", errRunning, strings.TrimSpace(string(pid)))
}

func writePID(lock *os.File) error {
	_, err := fmt.Fprintf(lock, "%d\n", os.Getpid())
	return err
}

func removeRest(dir string) error {
	if err := os.RemoveAll(filepath.Join(dir, envFile)); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Name() == lockFile {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}
