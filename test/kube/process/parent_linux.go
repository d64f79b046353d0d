package process

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// EndWithParent has the kernel send SIGTERM to this process when its parent dies, so that a program whose starter
// (make, a shell) was killed does not stay behind. Call it early in main: what started this process must still live.
func EndWithParent() error {
	parent := os.Getppid()
	result := make(chan error)
	go func() {
		// The setting belongs to a thread and ends with it, so this one is kept for ever.
		runtime.LockOSThread()
		err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGTERM), 0, 0, 0)
		if err != nil {
			err = fmt.Errorf("asking to end with the parent process: %w", err)
		}
		result <- err
		select {}
	}()
	if err := <-result; err != nil {
		return err
	}
	// The parent may have died before the setting; then nobody would tell us any more.
	if os.Getppid() != parent {
		return unix.Kill(os.Getpid(), unix.SIGTERM)
	}
	return nil
}
